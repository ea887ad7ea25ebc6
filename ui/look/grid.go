package look

import "fyne.io/fyne/v2"

// Grid puts things into columns of equal width, row by row, all of a row equally high.
func Grid(columns int, gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &grid{columns: columns, gap: gap}, Objects: objects}
}

type grid struct {
	columns    int
	gap, width float32
}

func (l *grid) cell(width float32) float32 {
	return max(0, (width-l.gap*float32(l.columns-1))/float32(l.columns))
}

func (l *grid) rows(objects []fyne.CanvasObject, width float32, each func(row int, y, h float32, cells []fyne.CanvasObject)) float32 {
	y := float32(0)
	for i := 0; i < len(objects); i += l.columns {
		cells, h := objects[i:min(i+l.columns, len(objects))], float32(0)
		for _, o := range cells {
			h = max(h, Height(o, l.cell(width)))
		}
		if i > 0 {
			y += l.gap
		}
		if each != nil {
			each(i/l.columns, y, h, cells)
		}
		y += h
	}
	return y
}

func (l *grid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	w := l.cell(size.Width)
	l.rows(shown(objects), size.Width, func(_ int, y, h float32, cells []fyne.CanvasObject) {
		for i, o := range cells {
			x := float32(i) * (w + l.gap)
			if Current().rtl {
				x = size.Width - x - w
			}
			o.Move(fyne.NewPos(x, y))
			o.Resize(fyne.NewSize(w, h))
		}
	})
}

func (l *grid) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := float32(0)
	for _, o := range shown(objects) {
		w = max(w, o.MinSize().Width)
	}
	w = w*float32(l.columns) + l.gap*float32(l.columns-1)
	return fyne.NewSize(w, l.HeightFor(shown(objects), max(w, l.width)))
}

func (l *grid) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return l.rows(objects, width, nil)
}

// Inset leaves room around a thing; start is the side where reading starts.
func Inset(top, end, bottom, start float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &inset{top, end, bottom, start}, Objects: []fyne.CanvasObject{o}}
}

type inset struct{ top, end, bottom, start float32 }

func (l *inset) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left := l.start
	if Current().rtl {
		left = l.end
	}
	for _, o := range objects {
		o.Move(fyne.NewPos(left, l.top))
		o.Resize(fyne.NewSize(max(0, size.Width-l.start-l.end), max(0, size.Height-l.top-l.bottom)))
	}
}

func (l *inset) MinSize(objects []fyne.CanvasObject) fyne.Size {
	s := fyne.Size{}
	for _, o := range objects {
		s = s.Max(o.MinSize())
	}
	return s.AddWidthHeight(l.start+l.end, l.top+l.bottom)
}

func (l *inset) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	h := float32(0)
	for _, o := range objects {
		h = max(h, Height(o, width-l.start-l.end))
	}
	return h + l.top + l.bottom
}

// Stack puts things on top of each other, the first one at the bottom.
func Stack(objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &inset{}, Objects: objects}
}

// Fixed gives a thing a fixed width (0: its own) and height (0: its own).
func Fixed(width, height float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &fixed{width, height}, Objects: []fyne.CanvasObject{o}}
}

type fixed struct{ width, height float32 }

func (l *fixed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
}

func (l *fixed) MinSize(objects []fyne.CanvasObject) fyne.Size {
	s := objects[0].MinSize()
	if l.width > 0 {
		s.Width = l.width
	}
	if l.height > 0 {
		s.Height = l.height
	} else if l.width > 0 {
		s.Height = Height(objects[0], l.width)
	}
	return s
}

func (l *fixed) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	if l.height > 0 {
		return l.height
	}
	if l.width > 0 {
		width = min(width, l.width)
	}
	return Height(objects[0], width)
}
