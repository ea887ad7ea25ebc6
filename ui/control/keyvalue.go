package control

import (
	"fyne.io/fyne/v2"

	"rekey/ui/look"
)

// KeyValue is a small grey name over a value.
func KeyValue(name, value string) *fyne.Container {
	if value == "" {
		value = "–"
	}
	return look.Column(1, Small(name), Para(value))
}

// Remark is a name with a small grey remark at the end of the line.
func Remark(name, remark string) *fyne.Container {
	return look.Row(12, 0, Strong(name), Caption(remark))
}
