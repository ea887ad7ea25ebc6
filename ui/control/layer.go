package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"rekey/ui/look"
)

// Layer lies over the page until it is closed: the open list of a Choice, or a dialog.
// What is below cannot be used in the meantime. Esc closes it (the window sees to that).
type Layer struct {
	*fyne.Container
	on  fyne.Canvas
	was fyne.Focusable // had the focus below, and gets it back
}

// Top is the layer that lies over everything on a canvas, nil when none does.
func Top(on fyne.Canvas) *Layer {
	if c, ok := on.Overlays().Top().(*fyne.Container); ok {
		if p, ok := c.Layout.(*placed); ok {
			return p.layer
		}
	}
	return nil
}

// ShowLayer puts content over the page, at a place or in the middle, in this size.
// With a scrim colour the page is dimmed. A click beside the content closes only undimmed layers.
func ShowLayer(on fyne.Canvas, content fyne.CanvasObject, at *fyne.Position, size fyne.Size, scrim fyne.ThemeColorName) *Layer {
	l := &Layer{on: on, was: on.Focused()}
	on.Unfocus() // only one ring is seen at a time
	behind := &behind{colour: scrim}
	if scrim == "" {
		behind.tapped = l.Close
	}
	behind.ExtendBaseWidget(behind)
	l.Container = &fyne.Container{Layout: &placed{at, size, l}, Objects: []fyne.CanvasObject{behind, content}}
	on.Overlays().Add(l.Container)
	l.Resize(on.Size())
	return l
}

// Close takes the layer away. The focus goes back to what had it, or to what has its name since the page was drawn anew.
func (l *Layer) Close() {
	l.on.Overlays().Remove(l.Container)
	tree := l.on.Content()
	if top := l.on.Overlays().Top(); top != nil {
		tree = top
	}
	o, ok := l.was.(fyne.CanvasObject)
	if !ok || l.on.Focused() != nil {
		return
	}
	if holds(tree, o) || scrollAround(tree, o) != nil {
		l.on.Focus(l.was)
	} else if c, ok := l.was.(Control); ok {
		if now := controlOf(tree, c.ID()); now != nil {
			l.on.Focus(now)
		}
	}
}

// controlOf finds the control of a name that can be used in a tree, nil when there is none.
func controlOf(tree fyne.CanvasObject, id string) Control {
	if !tree.Visible() {
		return nil
	}
	var inside []fyne.CanvasObject
	switch x := tree.(type) {
	case Control:
		if x.ID() == id && x.Enabled() {
			return x
		}
	case *container.Scroll:
		inside = []fyne.CanvasObject{x.Content}
	case *fyne.Container:
		inside = x.Objects
	}
	for _, o := range inside {
		if c := controlOf(o, id); c != nil {
			return c
		}
	}
	return nil
}

type placed struct {
	at    *fyne.Position
	size  fyne.Size
	layer *Layer
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
	r := canvas.NewRectangle(color.Transparent)
	if b.colour != "" {
		r.FillColor = look.Color(b.colour)
	}
	return widget.NewSimpleRenderer(r)
}
