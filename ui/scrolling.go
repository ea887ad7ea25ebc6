package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rekey/ui/control"
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

// stay takes a page back to where it was after the focus was found again on it: what is drawn anew by itself does not turn the page, unless
// what could be seen and has the focus would be out of sight.
func (w *Window) stay(y float32, wasSeen bool) {
	s := pageScroll(w.win.Canvas().Content())
	if s == nil {
		return
	}
	turned := s.Offset.Y
	s.ScrollToOffset(fyne.NewPos(0, max(0, min(y, s.Content.Size().Height-s.Size().Height))))
	if wasSeen && !w.focusSeen() {
		s.ScrollToOffset(fyne.NewPos(0, turned))
	}
}

// focusSeen says whether the middle of what has the focus is in sight.
func (w *Window) focusSeen() bool {
	for _, c := range controls(w.win.Canvas()) {
		if c.HasFocus() {
			return c.seen()
		}
	}
	return false
}

// toTop turns to the beginning of the page.
func (w *Window) toTop() {
	if s := pageScroll(w.win.Canvas().Content()); s != nil {
		s.ScrollToTop()
	}
}

// turn scrolls the page by a key, so that what has no control can be read without a mouse.
func (w *Window) turn(key fyne.KeyName) {
	s := pageScroll(w.win.Canvas().Content())
	if s == nil {
		return
	}
	const line = 48
	page := s.Size().Height - line
	by, ok := map[fyne.KeyName]float32{
		fyne.KeyUp: -line, fyne.KeyDown: line, fyne.KeyPageUp: -page, fyne.KeyPageDown: page, fyne.KeyHome: -s.Offset.Y, fyne.KeyEnd: s.Content.Size().Height,
	}[key]
	if ok {
		s.ScrollToOffset(fyne.NewPos(0, max(0, min(s.Offset.Y+by, s.Content.Size().Height-s.Size().Height))))
	}
}

// reveal turns the page to a control. A page that was just drawn has not been painted, so the toolkit cannot tell yet where its controls stand.
func (w *Window) reveal(c placed) {
	s := pageScroll(w.win.Canvas().Content())
	if s != nil && w.win.Canvas().Overlays().Top() == nil && c.bottom-c.top <= s.Size().Height {
		control.TurnTo(s, c.at.Y-c.top, c.Control.(fyne.CanvasObject).Size().Height)
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
