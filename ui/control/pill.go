package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"rekey/ui/look"
)

// Tone says what a pill, a banner or a state is about.
type Tone int

// Tones.
const (
	Plain Tone = iota
	Info
	Due
	Fine
	Bad
)

func (t Tone) colours() (soft, text, strong fyne.ThemeColorName) {
	switch t {
	case Info:
		return look.PrimarySoft, look.PrimaryText, look.Primary
	case Due:
		return look.AmberSoft, look.AmberText, look.Amber
	case Fine:
		return look.GreenSoft, look.GreenText, look.Green
	case Bad:
		return look.RedSoft, look.RedText, look.Red
	}
	return look.Quiet, look.Muted, look.Muted
}

// Strong is the tone's colour for marks and lines.
func (t Tone) Strong() fyne.ThemeColorName { _, _, c := t.colours(); return c }

// Pill is one or two words on a coloured, round ground.
func Pill(text string, tone Tone) *fyne.Container { return pill(text, tone, 3, 11) }

// Badge is a narrow Pill for the side bar. It is no higher than a line there is without it, so that none moves when it comes.
func Badge(text string, tone Tone) *fyne.Container {
	return look.Fixed(0, lineSize, pill(text, tone, 2, 8))
}

// lineSize is how high what stands in a line of the side bar is.
const lineSize float32 = 22

func pill(text string, tone Tone, top, side float32) *fyne.Container {
	soft, ink, _ := tone.colours()
	back := canvas.NewRectangle(look.Color(soft))
	back.CornerRadius = look.Px(12)
	return look.Stack(back, look.Inset(top, side, top, side, Words(text).In(ink).Sized(look.SizeSmall, true)))
}

// standOut lets a pill be seen on a ground of its own colour.
func standOut(pill fyne.CanvasObject, ground fyne.ThemeColorName) {
	c, ok := pill.(*fyne.Container)
	if !ok || len(c.Objects) == 0 {
		return
	}
	if back, ok := c.Objects[0].(*canvas.Rectangle); ok && back.FillColor == look.Color(ground) {
		back.FillColor = look.Color(look.Panel)
	}
}
