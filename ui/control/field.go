package control

import (
	"fyne.io/fyne/v2"

	"rekey/ui/look"
)

// Field is a labelled place to type or choose, with a hint below it that gives way to the error.
type Field struct {
	*fyne.Container
	input fyne.CanvasObject
	below *Text
	hint  string
}

// NewField puts a label over an entry or a choice.
func NewField(label, hint string, required bool, input fyne.CanvasObject) *Field {
	f := &Field{input: input, hint: hint, below: Small(hint)}
	if n, ok := input.(interface{ name(label string) }); ok {
		n.name(label)
	}
	name := Para(label).Sized(look.SizeSmall, true)
	name.starred = required
	f.Container = look.Column(4, name, input, f.below)
	f.below.Hidden = hint == ""
	return f
}

// NewFixed shows a value that must stay as it is, with why.
func NewFixed(label, value, why string) *Field {
	f := &Field{below: Small(why), hint: why}
	value = map[bool]string{true: "–", false: value}[value == ""]
	box := framed(look.Quiet, "", 8, 10, Para(value))
	f.Container = look.Column(4, Para(label).Sized(look.SizeSmall, true), box, f.below)
	f.below.Hidden = why == ""
	return f
}

// Say shows an error, a warning or, with an empty text, the hint. It says whether the height may have changed.
func (f *Field) Say(text string, tone Tone) bool {
	was := f.below.String()
	_, ink, _ := tone.colours()
	if e, ok := f.input.(*Entry); ok {
		e.mark(text != "" && tone == Bad)
	}
	if text == "" {
		text, ink = f.hint, look.Muted
	}
	f.below.In(ink).Hidden = text == ""
	f.below.Set(text)
	f.below.Refresh()
	return was != text
}

// Said is what stands below the field now.
func (f *Field) Said() string {
	if f.below.Hidden {
		return ""
	}
	return f.below.String()
}
