package control

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// drawn gives the picture of a window with one icon alone.
func drawn(t *testing.T, rtl bool, picture fyne.Resource) image.Image {
	w := open(t, rtl, look.Space(0, 0))
	w.SetContent(Icon(picture, look.Primary, 24)) // after the look is set
	w.SetPadded(false)
	w.Resize(fyne.NewSize(24, 24))
	return w.Canvas().Capture()
}

// A picture that points turns with the page; another one, a hook say, stays.
func TestIconsTurnWithThePage(t *testing.T) {
	for _, row := range []struct {
		picture fyne.Resource
		turns   bool
	}{
		{theme.NavigateBackIcon(), true}, {theme.NavigateNextIcon(), true}, {theme.MediaPlayIcon(), true}, {theme.MailSendIcon(), true},
		{theme.ListIcon(), true}, {theme.ContentUndoIcon(), true}, {theme.LoginIcon(), true}, {theme.HelpIcon(), true}, {theme.ConfirmIcon(), false}, {theme.DocumentPrintIcon(), false},
	} {
		there, back := drawn(t, false, row.picture), drawn(t, true, row.picture)
		b := there.Bounds()
		if b.Dx() != 24 || back.Bounds() != b {
			t.Fatalf("%v, %v", b, back.Bounds())
		}
		inked, turned, same := 0, 0, 0
		for y := range b.Dy() {
			for x := range b.Dx() {
				if there.At(x, y) == there.At(0, 0) {
					continue
				}
				inked++
				if near(back.At(b.Dx()-1-x, y), there.At(x, y)) {
					turned++
				}
				if near(back.At(x, y), there.At(x, y)) {
					same++
				}
			}
		}
		most := turned
		if !row.turns {
			most = same
		}
		if inked < 30 || most < inked*9/10 {
			t.Errorf("%s: of %d points %d as in a mirror, %d as before", row.picture.Name(), inked, turned, same)
		}
	}
}

// near allows for the edges, which are painted by halves.
func near(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	far := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x4000 }
	return !far(ar, br) && !far(ag, bg) && !far(ab, bb)
}
