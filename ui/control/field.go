package control

import (
	"fyne.io/fyne/v2"

	"rekey/ui/look"
)

// Field is a labelled place to type or choose, with a hint below it that gives way to the error. What is below it once stays free when
// it goes: nothing on the page moves while somebody types.
type Field struct {
	*fyne.Container
	input fyne.CanvasObject
	below *Text
	room  *fyne.Container // of below
	hint  string
}

// NewField puts a label over an entry or a choice.
func NewField(label, hint string, required bool, input fyne.CanvasObject) *Field {
	f := &Field{input: input, hint: hint}
	if n, ok := input.(interface{ name(label string) }); ok {
		n.name(label)
	}
	name := Para(label).Sized(look.SizeSmall, true)
	name.starred = required
	f.Container = look.Column(4, name, input, f.saying(hint))
	return f
}

// saying makes the line below.
func (f *Field) saying(text string) fyne.CanvasObject {
	f.below = Small(text)
	f.room = &fyne.Container{Layout: Kept{}, Objects: []fyne.CanvasObject{f.below}}
	f.below.Hidden, f.room.Hidden = text == "", text == ""
	return f.room
}

// Kept is how high the line below a field has been, by its width.
type Kept map[float32]float32

// Keeping lets a field that is made anew keep the room that it had.
func (f *Field) Keeping(k Kept) *Field {
	f.room.Layout = k
	return f
}

// HeightFor passes on the question of the layouts around.
func (k Kept) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	for _, o := range objects {
		k[width] = max(k[width], look.Height(o, width))
	}
	return k[width]
}

// MinSize implements fyne.Layout.
func (k Kept) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

// Layout implements fyne.Layout.
func (k Kept) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
}

// NewFixed shows a value that must stay as it is, with why.
func NewFixed(label, value, why string) *Field {
	f := &Field{hint: why}
	value = map[bool]string{true: "–", false: value}[value == ""]
	box := framed(look.Quiet, "", 8, 10, Para(value))
	f.Container = look.Column(4, Para(label).Sized(look.SizeSmall, true), box, f.saying(why))
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
	f.room.Hidden = f.room.Hidden && text == ""
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
