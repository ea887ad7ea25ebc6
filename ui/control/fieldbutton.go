package control

import (
	"slices"

	"fyne.io/fyne/v2"

	"rekey/ui/look"
)

// With stands a button beside the input of the field, one that helps to fill it in; nil changes nothing.
func (f *Field) With(button fyne.CanvasObject) *Field {
	if i := slices.Index(f.Container.Objects, f.input); i >= 0 && button != nil {
		f.Container.Objects[i] = look.Row(8, 0, f.input, button)
	}
	return f
}
