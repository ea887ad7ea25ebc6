package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// Option is one of several things to choose from: a name, a note below it, and a mark when it is chosen.
type Option struct {
	core
	text, kind string
	chosen     bool
	onward     bool
	inner      *fyne.Container
}

// NewOption makes a choice with a round mark; note and badge may be empty.
func NewOption(id, text, note string, chosen bool, badge fyne.CanvasObject, press func()) *Option {
	mark, ink := theme.RadioButtonIcon(), look.Muted
	if chosen {
		mark, ink = theme.RadioButtonCheckedIcon(), look.Primary
	}
	return newOption("option", id, text, note, chosen, mark, ink, badge, press)
}

// NewCheck makes a mark that is set and taken back.
func NewCheck(id, text string, set bool, press func()) *Option {
	mark, ink := theme.CheckButtonIcon(), look.Muted
	if set {
		mark, ink = theme.CheckButtonCheckedIcon(), look.Primary
	}
	return newOption("check", id, text, "", set, mark, ink, nil, press)
}

// NewRow makes a line that opens something.
func NewRow(id, text, note string, icon fyne.Resource, badge fyne.CanvasObject, press func()) *Option {
	return newOption("row", id, text, note, false, icon, look.PrimaryText, badge, press)
}

func newOption(kind, id, text, note string, chosen bool, mark fyne.Resource, ink fyne.ThemeColorName, badge fyne.CanvasObject, press func()) *Option {
	o := &Option{text: text, kind: kind, chosen: chosen}
	words := []fyne.CanvasObject{Para(text).Sized(look.SizeBody, kind != "check")}
	if note != "" {
		words = append(words, Small(note))
	}
	if badge == nil {
		badge = look.Space(0, 0)
	}
	if chosen {
		standOut(badge, look.PrimarySoft)
	}
	o.inner = look.Inset(11, 14, 11, 14, look.Row(13, 1, Icon(mark, ink, 21), look.Column(3, words...), badge))
	o.start(o, id, press)
	return o
}

// Kind implements Control.
func (o *Option) Kind() string { return o.kind }

// Caption implements Control.
func (o *Option) Caption() string { return o.text }

// Chosen says whether the mark is set.
func (o *Option) Chosen() bool { return o.chosen }

// Onward lets Return on what is chosen already go on to the window, as where nothing has the focus.
func (o *Option) Onward() *Option { o.onward = true; return o }

// TypedKey implements fyne.Focusable: the arrows walk from option to option.
func (o *Option) TypedKey(e *fyne.KeyEvent) {
	on := fyne.CurrentApp().Driver().CanvasForObject(o)
	enter := e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter
	switch {
	case e.Name == fyne.KeyDown && o.kind == "option" && on != nil:
		on.FocusNext()
	case e.Name == fyne.KeyUp && o.kind == "option" && on != nil:
		on.FocusPrevious()
	case enter && o.onward && o.chosen:
		PassOn(o, e)
	default:
		o.core.TypedKey(e)
	}
}

// HeightFor implements look.Tall.
func (o *Option) HeightFor(width float32) float32 { return heightOf(o.inner, width) }

func (o *Option) surface() surface {
	s := surface{fill: look.Panel, line: look.Border, radius: 9}
	switch {
	case o.chosen:
		s.fill, s.line = look.PrimarySoft, look.Primary
	case o.hovered:
		s.fill = look.Quiet
	}
	return s
}

// CreateRenderer implements fyne.Widget.
func (o *Option) CreateRenderer() fyne.WidgetRenderer {
	return newShell(&o.core, o.inner, o.surface, nil)
}
