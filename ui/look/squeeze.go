package look

import "fyne.io/fyne/v2"

// Squeezed puts things below each other. Where there is too little room for all, the first is left out (it is an ornament), and the others
// share what there is, so that the last is never beyond the edge.
func Squeezed(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: squeezed{Px(gap)}, Objects: objects}
}

type squeezed struct{ gap float32 }

func (l squeezed) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := float32(0)
	for _, o := range objects {
		w = max(w, o.MinSize().Width)
	}
	return fyne.NewSize(w, 0)
}

func (l squeezed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Show()
	if l.need(objects, size.Width) > size.Height {
		objects[0].Hide()
	}
	share := min(1, size.Height/max(1, l.need(objects, size.Width)))
	y := float32(0)
	for _, o := range shown(objects) {
		h := share * Height(o, size.Width)
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h + share*l.gap
	}
}

// need is the height of what is shown.
func (l squeezed) need(objects []fyne.CanvasObject, width float32) float32 {
	h := float32(0)
	for i, o := range shown(objects) {
		if i > 0 {
			h += l.gap
		}
		h += Height(o, width)
	}
	return h
}
