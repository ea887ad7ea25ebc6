package control

import (
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rekey/ui/look"
)

// A date stands beside the words of a step where it makes nothing higher, else below the title, and the words get the whole width.
func TestDateUnderTheTitle(t *testing.T) {
	for _, lang := range []bool{false, true} {
		a := test.NewTempApp(t)
		a.Settings().SetTheme(look.New(os.DirFS("../../assets"), look.Light, lang, 1))
		for _, x := range []struct {
			width float32
			under bool
		}{{700, false}, {320, true}} {
			title, end, note := Para("Передать оригинал"), Words("до 29 ноября 2026 г."), Small("Руководитель: Передайте оригинал заявки. Действие сертификата будет приостановлено до предоставления оригинала.")
			objects := []fyne.CanvasObject{title, end, note}
			l := dated{}
			size := fyne.NewSize(x.width, l.HeightFor(objects, x.width))
			l.Layout(objects, size)
			under := end.Position().Y >= title.Size().Height && note.Position().Y >= end.Position().Y+end.Size().Height && note.Size().Width == x.width
			beside := end.Size().Width+note.Size().Width < x.width
			if under != x.under || beside == x.under {
				t.Errorf("at %v: the title %v, the date at %v, the note %v at %v", x.width, title.Size(), end.Position(), note.Size(), note.Position())
			}
			for _, o := range objects {
				if o.(*Text).Cut() || o.Position().Y+o.Size().Height > size.Height+0.5 || o.Position().X < 0 || o.Position().X+o.Size().Width > x.width+0.5 {
					t.Errorf("at %v: %q does not fit", x.width, o.(*Text).String())
				}
			}
		}
	}
}

// Steps of a list that nobody is at have numbers: what looks like a button that one chooses is none.
func TestListedStepsHaveNumbers(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look.New(os.DirFS("../../assets"), look.Light, false, 1))
	row := Step{State: StepListed, Number: "2", Text: "Send"}.row(false).(*fyne.Container)
	mark := row.Objects[0].(*fyne.Container)
	if words, ok := mark.Objects[0].(*Text); !ok || words.String() != "2" {
		t.Errorf("before the step stands %T", mark.Objects[0])
	}
}
