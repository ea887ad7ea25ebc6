package control

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// show opens the list. It begins on what is chosen; the arrows, Home, End and the first letter of an item walk through it.
func (c *Choice) show() {
	driver := fyne.CurrentApp().Driver()
	on := driver.CanvasForObject(c)
	if on == nil || len(c.items) == 0 {
		return
	}
	var layer *Layer
	lines := make([]*line, len(c.items))
	wide := float32(0)
	all := make([]fyne.CanvasObject, len(c.items))
	for i, item := range c.items {
		mark := theme.RadioButtonIcon()
		if item.ID == c.value {
			mark = theme.RadioButtonCheckedIcon()
		}
		lines[i] = newLine(c.id+"."+item.ID, item.Text, mark, item.ID == c.value, func() {
			layer.Close()
			c.Set(item.ID)
		})
		wide = max(wide, Words(item.Text).Sized(look.SizeBody, true).MinSize().Width)
		lines[i].line = keys{
			func(e *fyne.KeyEvent) bool { return walk(on, lines, i, e.Name) },
			func(r rune) { c.spell(on, lines, i, r) },
		}
		all[i] = lines[i]
	}
	back := canvas.NewRectangle(look.Color(look.Panel))
	back.StrokeColor, back.StrokeWidth, back.CornerRadius = look.Color(look.Border), 1, look.Px(9)
	back.Shadow = canvas.Shadow{Color: look.Color("shadow"), BlurRadius: 10, Offset: fyne.NewPos(0, 4)}
	inside := look.Inset(6, 6, 6, 6, look.Column(2, all...))
	size := fyne.NewSize(min(max(wide+look.Px(lineRoom), c.Size().Width), on.Size().Width-2*edge), 0)
	if size.Height = look.Height(inside, size.Width); size.Height > on.Size().Height-2*edge { // a long list is turned
		size.Height = on.Size().Height - 2*edge
		inside = look.Scroll(inside)
	}
	list := look.Stack(back, inside)
	at := below(on.Size(), driver.AbsolutePositionForObject(c), c.Size(), size)
	on.Focus(c) // it gets the focus back
	layer = ShowLayer(on, list, &at, size, "")
	on.Focus(lines[max(0, c.index())])
}

// edge is how near a list comes to the window's edge.
const edge float32 = 8

// line is an item of an open list; a long one wraps.
type line struct{ Nav }

// lineRoom is what a list of lines needs beside their words.
const lineRoom float32 = 6 + 5 + 4 + 8 + 19 + 8 + 12 + 6

func newLine(id, text string, icon fyne.Resource, here bool, press func()) *line {
	l := &line{Nav{text: text, here: here}}
	ink, words, bar := look.Muted, Para(text), canvas.NewRectangle(nil)
	if here {
		ink = look.Primary
		words.Sized(look.SizeBody, true)
		bar.FillColor = look.Color(look.Primary)
	}
	bar.CornerRadius = look.Px(2)
	l.inner = look.Inset(8, 12, 8, 5, look.Row(8, 2, look.Fixed(4, 22, bar), Icon(icon, ink, 19), words))
	l.start(l, id, press)
	return l
}

// HeightFor implements look.Tall.
func (l *line) HeightFor(width float32) float32 { return heightOf(l.inner, width) }

// below is where a list opens under a control: flush with the edge of it that is nearer to the window's, so that a wider one opens inwards.
func below(window fyne.Size, control fyne.Position, is, list fyne.Size) fyne.Position {
	at := control.AddXY(0, is.Height+4)
	if control.X+is.Width/2 > window.Width/2 {
		at.X += is.Width - list.Width
	}
	at.X = max(edge, min(at.X, window.Width-list.Width-edge))
	if at.Y+list.Height > window.Height-edge {
		at.Y = max(edge, window.Height-list.Height-edge)
	}
	return at
}

// walk moves the focus from a line of the list by a key, and says whether it knows the key.
func walk(on fyne.Canvas, lines []*line, from int, key fyne.KeyName) bool {
	to, ok := map[fyne.KeyName]int{fyne.KeyUp: from - 1, fyne.KeyDown: from + 1, fyne.KeyHome: 0, fyne.KeyEnd: len(lines) - 1}[key]
	if ok {
		on.Focus(lines[max(0, min(to, len(lines)-1))])
	}
	return ok
}

// spell moves the focus to the next item that begins with a letter.
func (c *Choice) spell(on fyne.Canvas, lines []*line, from int, letter rune) {
	for n := range lines {
		i := (from + 1 + n) % len(lines)
		if first, _ := utf8.DecodeRuneInString(c.items[i].Text); sameLetter(first, letter) {
			on.Focus(lines[i])
			return
		}
	}
}

// sameLetter compares without case, also as Turkish has it, where the small letter of İ is i and that of I is ı.
func sameLetter(a, b rune) bool {
	return slices.ContainsFunc([]func(rune) rune{unicode.ToLower, unicode.TurkishCase.ToLower}, func(small func(rune) rune) bool { return small(a) == small(b) })
}
