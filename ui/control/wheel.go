package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"rekey/ui/look"
)

// wheel lies over an entry, takes nothing but the mouse wheel, and turns the page with it: the toolkit's own entry would
// swallow it.
type wheel struct {
	widget.BaseWidget
	owner fyne.CanvasObject
}

func newWheel(owner fyne.CanvasObject) *wheel {
	w := &wheel{owner: owner}
	w.ExtendBaseWidget(w)
	return w
}

// Scrolled implements fyne.Scrollable.
func (w *wheel) Scrolled(e *fyne.ScrollEvent) {
	if s := scrollOf(w.owner); s != nil {
		s.Scrolled(e)
	}
}

// CreateRenderer implements fyne.Widget.
func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(look.Space(0, 0))
}

// wheeled is the toolkit's entry with a wheel over it, and the line and the ring of our own controls around it.
type wheeled struct {
	*ringed
	owner *Entry
	wheel *wheel
	line  *canvas.Rectangle
}

func newWheeled(e *Entry) *wheeled {
	r := &wheeled{newRinged(e.Entry.CreateRenderer(), e), e, newWheel(e), canvas.NewRectangle(nil)}
	r.paint()
	return r
}

func (r *wheeled) paint() {
	colour := look.EntryLine
	switch {
	case r.owner.bad:
		colour = look.Red
	case r.owner.focused:
		colour = look.Primary
	}
	r.line.StrokeWidth, r.line.StrokeColor = 1, look.Color(colour)
	r.line.CornerRadius = look.Px(entryRadius)
	r.line.Refresh()
}

func (r *wheeled) Layout(size fyne.Size) {
	r.ringed.Layout(size)
	r.wheel.Resize(size)
	r.line.Resize(size)
}

func (r *wheeled) Refresh() {
	r.ringed.Refresh()
	r.paint()
}

func (r *wheeled) Objects() []fyne.CanvasObject {
	return append(r.ringed.Objects(), r.wheel, r.line)
}
