package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"rekey/ui/look"
)

// Panel is a white area with a thin border for things that belong together.
func Panel(content ...fyne.CanvasObject) *fyne.Container {
	return framed(look.Panel, look.Border, 10, 20, look.Column(14, content...))
}

// Raised is a Panel that stands out: the one thing that matters on a page.
func Raised(content fyne.CanvasObject) *fyne.Container {
	p := framed(look.Panel, look.Border, 10, 20, look.Inset(4, 0, 4, 0, content)) // its words stand as far in as those of the panels below
	back := p.Objects[0].(*canvas.Rectangle)
	back.Shadow = canvas.Shadow{Color: look.Color("shadow"), BlurRadius: 5, Offset: fyne.NewPos(0, 2)}
	return p
}

func framed(fill, line fyne.ThemeColorName, radius, room float32, content fyne.CanvasObject) *fyne.Container {
	back := canvas.NewRectangle(look.Color(fill))
	back.CornerRadius = look.Px(radius)
	if line != "" {
		back.StrokeColor, back.StrokeWidth = look.Color(line), 1
	}
	return look.Stack(back, look.Inset(room-2, room, room, room, content))
}

// Head is the title line of a panel with something at its end.
func Head(title string, end fyne.CanvasObject) *fyne.Container {
	if end == nil {
		end = look.Space(0, 0)
	}
	return look.Row(12, 0, Sub(title), end)
}

// KeyValue is a small grey name over a value.
func KeyValue(name, value string) *fyne.Container {
	if value == "" {
		value = "–"
	}
	return look.Column(1, Small(name), Para(value))
}

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

// Remark is a name with a small grey remark at the end of the line.
func Remark(name, remark string) *fyne.Container {
	return look.Row(12, 0, Strong(name), Caption(remark))
}
