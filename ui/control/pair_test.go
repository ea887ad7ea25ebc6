package control

import (
	"testing"

	"fyne.io/fyne/v2"

	"rekey/ui/look"
)

// However often a title wraps, what stands below it stands level with the same in the other panel.
func TestPairIsLevel(t *testing.T) {
	for _, width := range []float32{560, 680, 1200} {
		left, right := Para("left"), Para("right")
		w := open(t, false, Pair(Panel(Head("Information about the current certificate", Pill("Ends soon", Due)), left), Panel(Head("New", nil), right)))
		w.Resize(fyne.NewSize(width, 300))
		at := func(o fyne.CanvasObject) fyne.Position {
			return fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		}
		beside := at(left).X != at(right).X
		if want := width > look.Px(680)-1; want && !beside {
			t.Errorf("at %v the panels are not side by side", width)
		}
		if beside && at(left).Y != at(right).Y {
			t.Errorf("at %v: %v and %v", width, at(left), at(right))
		}
	}
}
