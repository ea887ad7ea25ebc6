package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// Banner says something about the whole page: a sentence, what to do below it, and buttons at the end.
// It stays until its reason is gone.
func Banner(tone Tone, what, do string, buttons ...fyne.CanvasObject) *fyne.Container {
	soft, ink, strong := tone.colours()
	words := []fyne.CanvasObject{Para(what).In(ink).Sized(look.SizeBody, do != "")}
	if do != "" {
		words = append(words, Para(do).In(ink))
	}
	row := []fyne.CanvasObject{Icon(tone.icon(), strong, 22), look.AtLeast(min(320, 110*float32(len(buttons))), look.Column(2, words...))}
	return framed(soft, "", 10, 15, look.Row(14, 1, append(row, buttons...)...))
}

func (t Tone) icon() fyne.Resource {
	switch t {
	case Fine:
		return theme.ConfirmIcon()
	case Due:
		return theme.WarningIcon()
	case Bad:
		return theme.ErrorIcon()
	}
	return theme.InfoIcon()
}
