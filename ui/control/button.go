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
	inner  *fyne.Container
}

// NewButton makes a button; icon may be nil.
func NewButton(id, text string, icon fyne.Resource, weight Weight, press func()) *Button {
	b := &Button{text: text, icon: icon, weight: weight}
	b.build()
	b.start(b, id, press)
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
	parts := []fyne.CanvasObject{}
	if b.icon != nil {
		parts = append(parts, Icon(b.icon, ink, 19))
	}
	if b.text != "" {
		parts = append(parts, Words(b.text).In(ink).Sized(look.SizeBody, b.weight != Secondary))
	}
	side := float32(16)
	if b.weight == Quiet || b.text == "" {
		side = 11
	}
	row := look.Inset(9, side, 9, side, look.Row(8, -1, parts...))
	if b.inner == nil {
		b.inner = look.Stack(row)
		return
	}
	b.inner.Objects = []fyne.CanvasObject{row}
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
