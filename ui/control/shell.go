package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"rekey/ui/look"
)

// entryRadius is that of everything that takes a value; look.Theme tells it to the toolkit.
const entryRadius = 8

// surface is how a control is painted now.
type surface struct {
	fill, line fyne.ThemeColorName // "" for none
	radius     float32
}

// shell draws a control: a surface, the content on it, and a ring around it while it has the focus.
type shell struct {
	owner   *core
	content fyne.CanvasObject
	paint   func() surface
	redo    func() // brings the content up to date; may be nil
	back    *canvas.Rectangle
	ring    *canvas.Rectangle
}

func newShell(owner *core, content fyne.CanvasObject, paint func() surface, redo func()) *shell {
	s := &shell{owner: owner, content: content, paint: paint, redo: redo,
		back: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil)}
	s.Refresh()
	return s
}

func (s *shell) Destroy() {}

func (s *shell) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{s.back, s.content, s.ring}
}

func (s *shell) MinSize() fyne.Size { return s.content.MinSize() }

func (s *shell) Layout(size fyne.Size) {
	s.back.Resize(size)
	s.content.Resize(size)
	layRing(s.ring, size)
}

func (s *shell) Refresh() {
	if s.redo != nil {
		s.redo()
	}
	p := s.paint()
	s.back.FillColor, s.back.StrokeColor, s.back.StrokeWidth = nil, nil, 0
	if p.fill != "" {
		s.back.FillColor = look.Color(p.fill)
	}
	if p.line != "" {
		s.back.StrokeColor, s.back.StrokeWidth = look.Color(p.line), 1
	}
	s.back.CornerRadius = look.Px(p.radius)
	s.back.Refresh()
	paintRing(s.ring, p.radius, s.owner.focused)
	s.content.Refresh()
}

// MouseIn implements desktop.Hoverable.
func (c *core) MouseIn(*desktop.MouseEvent) { c.hovered = true; c.self.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (c *core) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *core) MouseOut() { c.hovered = false; c.self.Refresh() }
