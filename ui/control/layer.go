package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"rekey/ui/look"
)

// Layer lies over the page until it is closed: the open list of a Choice, or a dialog.
// What is below cannot be used in the meantime. Esc closes it (the window sees to that).
type Layer struct {
	*fyne.Container
	on     fyne.Canvas
	closed func()
	was    fyne.Focusable // had the focus below, and gets it back
}

// ShowLayer puts content over the page, at a place or in the middle, in this size.
// With a scrim colour the page is dimmed. A click beside the content closes only undimmed layers. closed may be nil.
func ShowLayer(on fyne.Canvas, content fyne.CanvasObject, at *fyne.Position, size fyne.Size, scrim fyne.ThemeColorName, closed func()) *Layer {
	l := &Layer{on: on, closed: closed, was: on.Focused()}
	on.Unfocus() // only one ring is seen at a time
	behind := &behind{colour: scrim}
	if scrim == "" {
		behind.tapped = l.Dismiss
	}
	behind.ExtendBaseWidget(behind)
	l.Container = &fyne.Container{Layout: &placed{at, size}, Objects: []fyne.CanvasObject{behind, content}}
	on.Overlays().Add(l.Container)
	l.Resize(on.Size())
	return l
}

// Close takes the layer away.
func (l *Layer) Close() {
	l.on.Overlays().Remove(l.Container)
	tree := l.on.Content()
	if top := l.on.Overlays().Top(); top != nil {
		tree = top
	}
	if o, ok := l.was.(fyne.CanvasObject); ok && l.on.Focused() == nil && (holds(tree, o) || scrollAround(tree, o) != nil) {
		l.on.Focus(l.was)
	}
}

// Dismiss closes the layer as Esc does.
func (l *Layer) Dismiss() {
	l.Close()
	if l.closed != nil {
		l.closed()
	}
}

type placed struct {
	at   *fyne.Position
	size fyne.Size
}

func (p *placed) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (p *placed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	at := fyne.NewPos((size.Width-p.size.Width)/2, (size.Height-p.size.Height)/2.4)
	if p.at != nil {
		at = *p.at
	}
	objects[1].Move(at)
	objects[1].Resize(p.size)
}

// behind catches clicks beside the content.
type behind struct {
	widget.BaseWidget
	colour fyne.ThemeColorName
	tapped func()
}

// Tapped implements fyne.Tappable.
func (b *behind) Tapped(*fyne.PointEvent) {
	if b.tapped != nil {
		b.tapped()
	}
}

// Scrolled implements fyne.Scrollable: the page below stays where it is.
func (b *behind) Scrolled(*fyne.ScrollEvent) {}

// CreateRenderer implements fyne.Widget.
func (b *behind) CreateRenderer() fyne.WidgetRenderer {
	r := canvas.NewRectangle(nil)
	if b.colour != "" {
		r.FillColor = look.Color(b.colour)
	}
	return widget.NewSimpleRenderer(r)
}
