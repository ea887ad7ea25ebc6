package control

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"rekey/ui/look"
)

// ringed is a widget of the toolkit with the ring of our own controls around it while it has the focus.
type ringed struct {
	fyne.WidgetRenderer
	owner interface{ HasFocus() bool }
	ring  *canvas.Rectangle
}

func newRinged(r fyne.WidgetRenderer, owner interface{ HasFocus() bool }) *ringed {
	out := &ringed{r, owner, canvas.NewRectangle(nil)}
	paintRing(out.ring, entryRadius, owner.HasFocus())
	return out
}

func (r *ringed) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	layRing(r.ring, size)
}

func (r *ringed) Refresh() {
	r.WidgetRenderer.Refresh()
	paintRing(r.ring, entryRadius, r.owner.HasFocus())
}

func (r *ringed) Objects() []fyne.CanvasObject {
	return append(slices.Clip(r.WidgetRenderer.Objects()), r.ring)
}

// layRing puts the ring outside of the surface so that it is seen on any colour.
func layRing(ring *canvas.Rectangle, size fyne.Size) {
	out := look.Px(3)
	ring.Move(fyne.NewPos(-out, -out))
	ring.Resize(size.AddWidthHeight(2*out, 2*out))
}

// paintRing shows that a control with this radius has the focus.
func paintRing(ring *canvas.Rectangle, radius float32, focused bool) {
	ring.CornerRadius = look.Px(radius + 3)
	ring.StrokeWidth = look.Px(2.5)
	ring.StrokeColor = look.Color(look.FocusRing)
	ring.Hidden = !focused
	ring.Refresh()
}
