package look

import "fyne.io/fyne/v2"

// Narrowest columns: of facts and fields, and of panels side by side.
const (
	factWidth  float32 = 168
	panelWidth float32 = 320
)

// Grid puts things into columns of equal width, row by row, all of a row equally high. Where the columns would get too narrow
// there are fewer of them.
func Grid(columns int, gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &grid{most: columns, gap: Px(gap), narrow: Px(factWidth)}, Objects: objects}
}

// Beside is Grid for panels: side by side where there is room, else below each other.
func Beside(gap float32, panels ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &grid{most: len(panels), gap: Px(gap), narrow: Px(panelWidth)}, Objects: panels}
}

type grid struct {
	most               int
	gap, narrow, width float32
}

func (l *grid) columns(width float32) int {
	return max(1, min(l.most, int((width+l.gap)/(l.narrow+l.gap))))
}

func (l *grid) cell(width float32) float32 {
	n := l.columns(width)
	return max(0, (width-l.gap*float32(n-1))/float32(n))
}

func (l *grid) rows(objects []fyne.CanvasObject, width float32, each func(row int, y, h float32, cells []fyne.CanvasObject)) float32 {
	y, n := float32(0), l.columns(width)
	for i := 0; i < len(objects); i += n {
		cells, h := objects[i:min(i+n, len(objects))], float32(0)
		for _, o := range cells {
			h = max(h, Height(o, l.cell(width)))
		}
		if i > 0 {
			y += l.gap
		}
		if each != nil {
			each(i/n, y, h, cells)
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
	if l.width == 0 {
		w = w*float32(l.most) + l.gap*float32(l.most-1)
	}
	return fyne.NewSize(w, l.HeightFor(shown(objects), max(w, l.width)))
}

func (l *grid) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return l.rows(objects, width, nil)
}

// Inset leaves room around a thing; start is the side where reading starts.
func Inset(top, end, bottom, start float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &inset{Px(top), Px(end), Px(bottom), Px(start)}, Objects: []fyne.CanvasObject{o}}
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
	return &fyne.Container{Layout: &fixed{Px(width), Px(height)}, Objects: []fyne.CanvasObject{o}}
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
