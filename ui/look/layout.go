package look

import "fyne.io/fyne/v2"

// Tall is a thing whose height follows from its width, such as wrapped text.
type Tall interface{ HeightFor(width float32) float32 }

// tallLayout is a layout that passes the question on to its children.
type tallLayout interface {
	HeightFor(objects []fyne.CanvasObject, width float32) float32
}

// Height says how high o gets at this width.
func Height(o fyne.CanvasObject, width float32) float32 {
	if t, ok := o.(Tall); ok {
		return t.HeightFor(width)
	}
	if c, ok := o.(*fyne.Container); ok {
		if l, ok := c.Layout.(tallLayout); ok {
			return l.HeightFor(shown(c.Objects), width)
		}
	}
	return o.MinSize().Height
}

func shown(objects []fyne.CanvasObject) []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, 0, len(objects))
	for _, o := range objects {
		if o.Visible() {
			out = append(out, o)
		}
	}
	return out
}

// Column puts things below each other in the full width.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &column{gap: gap}, Objects: objects}
}

type column struct{ gap, width float32 }

func (l *column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	y := float32(0)
	for _, o := range shown(objects) {
		h := Height(o, size.Width)
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h + l.gap
	}
}

func (l *column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := float32(0)
	for _, o := range shown(objects) {
		w = max(w, o.MinSize().Width)
	}
	return fyne.NewSize(w, l.HeightFor(shown(objects), max(w, l.width)))
}

func (l *column) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	h := float32(0)
	for i, o := range objects {
		if i > 0 {
			h += l.gap
		}
		h += Height(o, width)
	}
	return h
}

// Row puts things side by side, in reading direction. The thing at index grow takes what is left (-1: none).
func Row(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &row{gap: gap, grow: grow}, Objects: objects}
}

// TopRow is Row with things at the top edge instead of the middle.
func TopRow(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &row{gap: gap, grow: grow, top: true}, Objects: objects}
}

type row struct {
	gap   float32
	grow  int
	top   bool
	width float32
}

func (l *row) widths(objects []fyne.CanvasObject, total float32) []float32 {
	out, sum, n := make([]float32, len(objects)), float32(0), 0
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		n++
		out[i] = o.MinSize().Width
		if i != l.grow {
			sum += out[i]
		}
	}
	if l.grow >= 0 && l.grow < len(objects) {
		out[l.grow] = max(0, total-sum-l.gap*float32(max(0, n-1)))
	}
	return out
}

func (l *row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	widths := l.widths(objects, size.Width)
	x := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		h := min(Height(o, widths[i]), size.Height)
		y := (size.Height - h) / 2
		if l.top {
			y = 0
		}
		left := x
		if Current().rtl {
			left = size.Width - x - widths[i]
		}
		o.Move(fyne.NewPos(left, y))
		o.Resize(fyne.NewSize(widths[i], h))
		x += widths[i] + l.gap
	}
}

func (l *row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w, n := float32(0), 0
	for _, o := range shown(objects) {
		w += o.MinSize().Width
		n++
	}
	w += l.gap * float32(max(0, n-1))
	return fyne.NewSize(w, l.HeightFor(objects, max(w, l.width)))
}

func (l *row) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	h := float32(0)
	for i, w := range l.widths(objects, width) {
		if objects[i].Visible() {
			h = max(h, Height(objects[i], w))
		}
	}
	return h
}
