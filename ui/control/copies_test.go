package control

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rekey/ui/look"
)

// A copy button says so until its moment is over, also when it is made anew; another one that is pressed takes the word from it. None gets
// wider or narrower by that.
func TestCopies(t *testing.T) {
	var due []func()
	c := Copies{Later: func(_ time.Duration, f func()) { due = append(due, f) }}
	make := func(id string) *Button {
		return c.Button(id, "Copy", "It was copied", Quiet, func() string { return "text of " + id })
	}
	a, b := make("a"), make("b")
	open(t, false, look.Column(8, a, b))
	says := func(when, first, second string) {
		t.Helper()
		if a.Caption() != first || b.Caption() != second {
			t.Errorf("%s: %q and %q", when, a.Caption(), b.Caption())
		}
	}
	wide := a.MinSize()
	test.Tap(a)
	says("pressed", "It was copied", "Copy")
	if got := fyne.CurrentApp().Clipboard().Content(); got != "text of a" || a.MinSize() != wide {
		t.Errorf("clipboard %q, %v instead of %v", got, a.MinSize(), wide)
	}
	a = make("a")
	says("made anew", "It was copied", "Copy")
	test.Tap(b)
	says("the other", "Copy", "It was copied")
	due[0]()
	says("the first one's moment", "Copy", "It was copied")
	due[1]()
	says("over", "Copy", "Copy")
}
