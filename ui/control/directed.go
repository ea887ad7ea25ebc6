package control

import (
	"bytes"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// pointing are the pictures that have a direction: they turn round with the page where text runs from right to left.
var pointing = []func() fyne.Resource{
	theme.NavigateBackIcon, theme.NavigateNextIcon, theme.MediaPlayIcon, theme.MailSendIcon, theme.ListIcon, theme.ContentUndoIcon, theme.LoginIcon, theme.HelpIcon,
}

// directed gives a picture as it has to look in the direction of the page.
func directed(picture fyne.Resource) fyne.Resource {
	named := func(icon func() fyne.Resource) bool { return icon().Name() == picture.Name() }
	if !look.Current().RTL() || !slices.ContainsFunc(pointing, named) {
		return picture
	}
	return flipped{picture}
}

// flipped is a picture seen in a mirror. Fyne's pictures are paths in a square of 24 units.
type flipped struct{ fyne.Resource }

// Name is another one than the picture's, because Fyne keeps what it has drawn by its name.
func (t flipped) Name() string { return "flipped-" + t.Resource.Name() }

func (t flipped) Content() []byte {
	return bytes.ReplaceAll(t.Resource.Content(), []byte("<path "), []byte(`<path transform="matrix(-1 0 0 1 24 0)" `))
}
