package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"rekey/ui/look"
)

// Nav is one line of the side bar.
type Nav struct {
	core
	text  string
	here  bool
	inner *fyne.Container
	tips  *Tips // of a line without words
}

// NewNav makes a line of the side bar; badge may be nil.
func NewNav(id, text string, icon fyne.Resource, here bool, badge fyne.CanvasObject, press func()) *Nav {
	n := &Nav{text: text, here: here}
	ink, words := look.Muted, Words(text)
	mark := look.Fixed(4, 22, look.Space(0, 0))
	if here {
		ink = look.Primary
		words.Sized(look.SizeBody, true)
		bar := canvas.NewRectangle(look.Color(look.Primary))
		bar.CornerRadius = look.Px(2)
		mark = look.Fixed(4, 22, bar)
	}
	parts := []fyne.CanvasObject{mark, Icon(icon, ink, 19), words}
	if badge != nil {
		parts = append(parts, badge)
	}
	n.inner = look.Inset(8, 4, 8, 5, look.Row(8, 2, parts...))
	n.start(n, id, press)
	return n
}

// NewRailNav makes a line of the narrow side bar: its icon only, and a mark beside it, which may be nil.
func NewRailNav(id, text string, icon fyne.Resource, here bool, mark fyne.CanvasObject, press func()) *Nav {
	n := &Nav{text: text, here: here}
	ink := look.Muted
	if here {
		ink = look.Primary
	}
	n.inner = look.Inset(9, 13, 9, 13, look.Row(0, -1, Icon(icon, ink, 22)))
	if mark != nil {
		n.inner = look.Stack(n.inner, look.Inset(5, 5, 0, 0, look.TopRow(0, 0, look.Space(0, 0), mark)))
	}
	n.start(n, id, press)
	return n
}

// Telling lets a line without words say its name while the pointer is on it or the focus, in a label beside it.
func (n *Nav) Telling(tips *Tips) *Nav { n.tips = tips; return n }

// MouseIn implements desktop.Hoverable.
func (n *Nav) MouseIn(e *desktop.MouseEvent) {
	n.core.MouseIn(e)
	n.tips.point(n, n.text)
}

// MouseOut implements desktop.Hoverable.
func (n *Nav) MouseOut() {
	n.core.MouseOut()
	n.tips.unpoint(n)
}

// FocusGained implements fyne.Focusable. The line of the page that is shown says nothing: the page has its name as its title.
func (n *Nav) FocusGained() {
	n.core.FocusGained()
	if !n.here {
		n.tips.focus(n, n.text)
	}
}

// FocusLost implements fyne.Focusable.
func (n *Nav) FocusLost() {
	n.core.FocusLost()
	n.tips.unfocus(n)
}

// Kind implements Control.
func (n *Nav) Kind() string { return "nav" }

// Caption implements Control.
func (n *Nav) Caption() string { return n.text }

func (n *Nav) surface() surface {
	s := surface{radius: 8}
	switch {
	case n.here:
		s.fill = look.PrimarySoft
	case n.hovered:
		s.fill = look.Quiet
	}
	return s
}

// CreateRenderer implements fyne.Widget.
func (n *Nav) CreateRenderer() fyne.WidgetRenderer {
	return newShell(&n.core, n.inner, n.surface, nil)
}
