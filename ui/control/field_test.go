package control

import (
	"testing"

	"fyne.io/fyne/v2"

	"rekey/ui/look"
)

// What stands below a field does not move when the line beside it goes again, nor when the field is made anew with the room that it had.
func TestFieldKeepsItsRoom(t *testing.T) {
	room := Kept{}
	f := NewField("E-mail", "", false, NewEntry("e", "", 1, nil)).Keeping(room)
	open(t, false, look.Column(8, f.Container))
	plain := look.Height(f.Container, 300)
	f.Say("A mail address has one @ with text on both sides of it, and no spaces at all.", Bad)
	told := look.Height(f.Container, 300)
	f.Say("", Plain)
	if after := look.Height(f.Container, 300); told <= plain || after != told {
		t.Errorf("%v high, with an error %v, after it %v", plain, told, after)
	}
	again := NewField("E-mail", "Of the office.", false, NewEntry("e", "", 1, nil)).Keeping(room)
	if h := look.Height(again.Container, 300); h != told {
		t.Errorf("made anew: %v high, want %v", h, told)
	}
}

// A line of the side bar is as high with a badge as without, in every size.
func TestBadgeMovesNothing(t *testing.T) {
	for _, scale := range []float32{1, 1.25, 1.5, 2} {
		draw(t, look.Light, false, scale, fyne.NewSize(300, 200), func() fyne.CanvasObject {
			with, without := NewNav("a", "Cases", nothing, false, Badge("23", Due), nil), NewNav("b", "Cases", nothing, false, nil, nil)
			if a, b := with.MinSize().Height, without.MinSize().Height; a != b {
				t.Errorf("at %v: %v high with a badge, %v without", scale, a, b)
			}
			return with
		})
	}
}

var nothing = fyne.NewStaticResource("nothing.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`))
