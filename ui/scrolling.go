package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// scrolled says how far the page is scrolled, 0 when another page is about to be drawn.
func (w *Window) scrolled() float32 {
	before := w.drawn
	w.drawn = w.pageName()
	if s := pageScroll(w.win.Canvas().Content()); s != nil && before == w.drawn {
		return s.Offset.Y
	}
	return 0
}

// scrollTo brings a page that was drawn anew to where it was.
func (w *Window) scrollTo(y float32) {
	if s := pageScroll(w.win.Canvas().Content()); s != nil && y > 0 {
		s.ScrollToOffset(fyne.NewPos(0, max(0, min(y, s.Content.Size().Height-s.Size().Height))))
	}
}

func pageScroll(o fyne.CanvasObject) *container.Scroll {
	switch x := o.(type) {
	case *container.Scroll:
		return x
	case *fyne.Container:
		for _, child := range x.Objects {
			if s := pageScroll(child); s != nil {
				return s
			}
		}
	}
	return nil
}
