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
	return &fyne.Container{Layout: &column{gap: Px(gap)}, Objects: objects}
}

// AtLeast wants a width, so that a row gives it or goes on in the next line.
func AtLeast(width float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: atLeast(Px(width)), Objects: []fyne.CanvasObject{o}}
}

type atLeast float32

func (l atLeast) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}

func (l atLeast) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().Max(fyne.NewSize(float32(l), 0))
}

func (l atLeast) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return Height(objects[0], width)
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
