package control

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"rekey/ui/look"
)

// Text shows words. It wraps when asked to, and orders Persian lines for the eye.
type Text struct {
	widget.BaseWidget
	text    string
	size    float32
	bold    bool
	colour  fyne.ThemeColorName
	wrap    bool
	short   bool // may end in an ellipsis
	starred bool // a red star follows: it must be filled in
	align   fyne.TextAlign
	laid    laid
}

// laid is how a text was broken last: a layout asks several times for the same width.
type laid struct {
	text  string
	size  float32
	bold  bool
	width float32
	lines []string
}

// Words is body text on one line.
func Words(s string) *Text { return newText(s, look.SizeBody, false, look.Ink, false) }

// Para is body text that wraps.
func Para(s string) *Text { return newText(s, look.SizeBody, false, look.Ink, true) }

// Small is small grey text that wraps.
func Small(s string) *Text { return newText(s, look.SizeSmall, false, look.Muted, true) }

// Caption is small grey text on one line.
func Caption(s string) *Text { return newText(s, look.SizeSmall, false, look.Muted, false) }

// Strong is bold body text that wraps.
func Strong(s string) *Text { return newText(s, look.SizeBody, true, look.Ink, true) }

// Sub is the title of a panel.
func Sub(s string) *Text { return newText(s, look.SizeSub, true, look.Ink, true) }

// Heading is the sentence that a page is about.
func Heading(s string) *Text { return newText(s, look.SizeHeading, true, look.Ink, true) }

// Title is the name of the page.
func Title(s string) *Text { return newText(s, look.SizeTitle, true, look.Ink, true) }

func newText(s string, size float32, bold bool, colour fyne.ThemeColorName, wrap bool) *Text {
	t := &Text{text: s, size: look.Px(size), bold: bold, colour: colour, wrap: wrap, align: fyne.TextAlignLeading}
	t.ExtendBaseWidget(t)
	return t
}

// In gives the text another colour.
func (t *Text) In(colour fyne.ThemeColorName) *Text { t.colour = colour; return t }

// Sized gives the text another size.
func (t *Text) Sized(size float32, bold bool) *Text { t.size, t.bold = look.Px(size), bold; return t }

// Centred puts every line into the middle.
func (t *Text) Centred() *Text { t.align = fyne.TextAlignCenter; return t }

// Shortening allows an ellipsis where there is too little room: for lists, where the whole text can be had elsewhere.
func (t *Text) Shortening() *Text { t.short = true; return t }

// Wraps says whether the text may run over several lines.
func (t *Text) Wraps() bool { return t.wrap }

// String is what is written, in reading order.
func (t *Text) String() string { return t.text }

// Set changes the words.
func (t *Text) Set(s string) {
	if s != t.text {
		t.text = s
		t.Refresh()
	}
}

// Cut says whether some of the text does not fit into its room.
func (t *Text) Cut() bool {
	if t.Size().Width == 0 || t.short {
		return false
	}
	if !t.wrap {
		return t.measure(t.text) > t.Size().Width+1
	}
	return t.HeightFor(t.Size().Width) > t.Size().Height+1
}

func (t *Text) source() fyne.Resource {
	if arabic(t.text) {
		return look.Current().ArabicFont(t.bold)
	}
	return nil
}

func (t *Text) measure(s string) float32 {
	size, _ := fyne.CurrentApp().Driver().RenderedTextSize(bare.Replace(s), t.size, fyne.TextStyle{Bold: t.bold}, t.source())
	return size.Width
}

func (t *Text) lineHeight() float32 { return float32(int(t.size*1.38 + 0.5)) }

// HeightFor implements look.Tall.
func (t *Text) HeightFor(width float32) float32 {
	return t.lineHeight() * float32(max(1, len(t.lines(width))))
}

// lines breaks the text between words, and inside a word only when it alone is too long.
func (t *Text) lines(width float32) []string {
	if !t.wrap {
		return []string{t.text}
	}
	if l := t.laid; l.lines != nil && l.text == t.text && l.size == t.size && l.bold == t.bold && l.width == width {
		return l.lines
	}
	out := t.wrapped(width)
	t.laid = laid{t.text, t.size, t.bold, width, out}
	return out
}

func (t *Text) wrapped(width float32) []string {
	if t.starred {
		width -= t.starRoom()
	}
	var out []string
	for _, paragraph := range strings.Split(t.text, "\n") {
		line, first := "", len(out)
		for _, word := range strings.FieldsFunc(paragraph, breaks) {
			longer := strings.TrimPrefix(line+" "+word, " ")
			if t.measure(longer) <= width {
				line = longer
				continue
			}
			if line != "" {
				out = append(out, line)
			}
			parts := t.broken(word, width)
			out = append(out, parts[:len(parts)-1]...)
			line = parts[len(parts)-1]
		}
		out = append(out, line)
		if arabic(paragraph) {
			markForeign(out[first:])
		}
	}
	return out
}

// breaks says where a line may end. A no-break space (a date, an amount) is none.
func breaks(r rune) bool { return r == ' ' || r == '\t' }

func (t *Text) broken(word string, width float32) []string {
	if t.measure(word) <= width || width < t.size*2 {
		return []string{word}
	}
	var out []string
	part := ""
	for _, r := range word {
		if part != "" && t.measure(part+string(r)) > width {
			out = append(out, part)
			part = ""
		}
		part += string(r)
	}
	return append(out, part)
}

// shortened fits one line into the width with an ellipsis.
func (t *Text) shortened(s string, width float32) string {
	if width <= 0 || t.measure(s) <= width+1 {
		return s
	}
	runes := []rune(s)
	for len(runes) > 1 && t.measure(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimSpace(string(runes)) + "…"
}

// CreateRenderer implements fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer { return &textRenderer{text: t} }

type textRenderer struct {
	text  *Text
	lines []fyne.CanvasObject
}

func (r *textRenderer) Destroy()                     {}
func (r *textRenderer) Objects() []fyne.CanvasObject { return r.lines }
func (r *textRenderer) Refresh()                     { r.Layout(r.text.Size()) }

func (r *textRenderer) MinSize() fyne.Size {
	t := r.text
	if !t.wrap {
		return fyne.NewSize(t.measure(t.text), t.lineHeight())
	}
	width := t.Size().Width
	if width == 0 {
		width = look.Px(100)
	}
	return fyne.NewSize(look.Px(40), t.HeightFor(width))
}

func (r *textRenderer) Layout(size fyne.Size) {
	t, rtl := r.text, look.Current().RTL()
	lines := t.lines(size.Width)
	if !t.wrap {
		lines[0] = t.shortened(lines[0], size.Width)
	}
	r.lines = r.lines[:0]
	for i, line := range lines {
		c := canvas.NewText(visual(line, rtl), look.Color(t.colour))
		c.TextSize, c.TextStyle, c.FontSource = t.size, fyne.TextStyle{Bold: t.bold}, t.source()
		c.Alignment = t.align
		if rtl && t.align == fyne.TextAlignLeading {
			c.Alignment = fyne.TextAlignTrailing
		}
		c.Move(fyne.NewPos(0, float32(i)*t.lineHeight()))
		c.Resize(fyne.NewSize(size.Width, t.lineHeight()))
		r.lines = append(r.lines, c)
	}
	if t.starred {
		r.star(lines, rtl)
	}
}

// starRoom is what the star and the space before it take.
func (t *Text) starRoom() float32 { return t.measure("*") + t.size/3 }

// star draws the star behind the last line.
func (r *textRenderer) star(lines []string, rtl bool) {
	t, last := r.text, len(lines)-1
	c := canvas.NewText("*", look.Color(look.Red))
	c.TextSize, c.TextStyle = t.size, fyne.TextStyle{Bold: t.bold}
	x := t.measure(lines[last]) + t.size/3
	if rtl {
		x = t.Size().Width - t.measure(lines[last]) - t.starRoom()
	}
	c.Move(fyne.NewPos(x, float32(last)*t.lineHeight()))
	c.Resize(fyne.NewSize(t.measure("*"), t.lineHeight()))
	r.lines = append(r.lines, c)
}
