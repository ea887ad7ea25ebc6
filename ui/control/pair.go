package control

import (
	"fyne.io/fyne/v2"

	"rekey/ui/look"
)

// Pair is two panels to be compared: side by side, or below each other where there is no room. Their title lines are equally
// high, however often a title wraps, so that what stands in one panel stands level with the same in the other.
func Pair(a, b *fyne.Container) *fyne.Container {
	heads := &level{}
	for _, panel := range []*fyne.Container{a, b} {
		rows := panel.Objects[1].(*fyne.Container).Objects[0].(*fyne.Container)
		head := rows.Objects[0]
		heads.all = append(heads.all, head)
		rows.Objects[0] = &fyne.Container{Layout: heads, Objects: []fyne.CanvasObject{head}}
	}
	return look.Beside(18, a, b)
}

// level is the layout of things that get equally wide elsewhere and have to be equally high. Each stands at its upper edge.
type level struct{ all []fyne.CanvasObject }

func (l *level) HeightFor(_ []fyne.CanvasObject, width float32) float32 {
	h := float32(0)
	for _, o := range l.all {
		h = max(h, look.Height(o, width))
	}
	return h
}

func (l *level) MinSize(objects []fyne.CanvasObject) fyne.Size {
	s := objects[0].MinSize()
	for _, o := range l.all {
		s.Height = max(s.Height, o.MinSize().Height)
	}
	return s
}

func (l *level) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(fyne.NewSize(size.Width, look.Height(objects[0], size.Width)))
}
