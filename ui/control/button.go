package control

import (
	"fyne.io/fyne/v2"

	"rekey/ui/look"
)

// Weight says how much a button asks to be pressed.
type Weight int

// Weights of buttons. A page has at most one Primary.
const (
	Primary Weight = iota
	Secondary
	Quiet
)

// Button does one thing when it is pressed.
type Button struct {
	core
	text   string
	name   string // of a button that has only an icon
	icon   fyne.Resource
	weight Weight
	other  string // what it says at other times; it always has the room for both
	turned bool   // it says the other words
	inner  *fyne.Container
}

// NewButton makes a button; icon may be nil.
func NewButton(id, text string, icon fyne.Resource, weight Weight, press func()) *Button {
	b := &Button{text: text, icon: icon, weight: weight}
	b.build()
	b.start(b, id, press)
	b.main = weight == Primary
	return b
}

// Named gives a button without text a name, for screen readers.
func (b *Button) Named(name string) *Button { b.name = name; return b }

// Kind implements Control.
func (b *Button) Kind() string { return "button" }

// Caption implements Control.
func (b *Button) Caption() string {
	if b.text == "" {
		return b.name
	}
	return b.text
}

func (b *Button) build() {
	ink := b.ink()
	words := func(s string) *Text { return Words(s).In(ink).Sized(look.SizeBody, b.weight != Secondary) }
	parts := []fyne.CanvasObject{}
	if b.icon != nil {
		parts = append(parts, Icon(b.icon, ink, 19))
	}
	if b.text != "" {
		parts = append(parts, words(b.text))
	}
	side := float32(16)
	if b.weight == Quiet || b.text == "" {
		side = 11
	}
	row := []fyne.CanvasObject{look.Inset(9, side, 9, side, look.Row(8, -1, parts...))}
	if b.other != "" {
		more := words(b.other).MinSize().Width - words(b.text).MinSize().Width
		row = append(row, look.Space((row[0].MinSize().Width+max(0, more))/look.Px(1), 0))
	}
	if b.inner == nil {
		b.inner = look.Stack(row...)
		return
	}
	b.inner.Objects = row
}

func (b *Button) ink() fyne.ThemeColorName {
	switch {
	case b.disabled:
		return look.Unable
	case b.weight == Primary:
		return look.OnPrimary
	case b.weight == Quiet:
		return look.PrimaryText
	}
	return look.Ink
}

func (b *Button) surface() surface {
	s := surface{radius: 8}
	switch {
	case b.disabled && b.weight != Quiet:
		s.fill = look.Quiet
	case b.weight == Primary && b.hovered:
		s.fill = look.PrimaryOver
	case b.weight == Primary:
		s.fill = look.Primary
	case b.weight == Secondary && b.hovered:
		s.fill, s.line = look.QuietOver, look.ButtonLine
	case b.weight == Secondary:
		s.fill, s.line = look.Quiet, look.ButtonLine
	case b.hovered:
		s.fill = look.PrimarySoft
	}
	return s
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	return newShell(&b.core, b.inner, b.surface, func() {
		b.build()
		b.inner.Layout.Layout(b.inner.Objects, b.Size())
	})
}
