package control

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rekey/ui/look"
)

// The keyboard walks through an open list, which begins on what is chosen; nothing is chosen before Return.
func TestListByKeyboard(t *testing.T) {
	got := "b"
	c := NewChoice("c", []Item{{"a", "English"}, {"b", "Türkçe"}, {"c", "İzmir"}, {"d", "Tiếng Việt"}}, "b", func(id string) { got = id })
	w := open(t, false, look.Column(8, c))
	test.Tap(c)
	at := func() string { return w.Canvas().Focused().(Control).ID() }
	for _, x := range []struct {
		key  fyne.KeyName
		rune rune
		want string
	}{
		{"", 0, "c.b"}, {fyne.KeyDown, 0, "c.c"}, {fyne.KeyEnd, 0, "c.d"}, {fyne.KeyDown, 0, "c.d"}, {fyne.KeyHome, 0, "c.a"}, {fyne.KeyUp, 0, "c.a"},
		{"", 't', "c.b"}, {"", 'T', "c.d"}, {"", 't', "c.b"}, {"", 'i', "c.c"}, {"", 'q', "c.c"},
	} {
		if x.key != "" {
			w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: x.key})
		}
		if x.rune != 0 {
			w.Canvas().Focused().TypedRune(x.rune)
		}
		if at() != x.want {
			t.Errorf("%s%q: on %s, want %s", x.key, x.rune, at(), x.want)
		}
	}
	if got != "b" {
		t.Errorf("walking chose %s", got)
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got != "c" || w.Canvas().Overlays().Top() != nil || at() != "c" {
		t.Errorf("after Return: %s, focus on %s", got, at())
	}
}

// A closed list gives the focus back to what opened it, also when the page was drawn anew behind it.
func TestFocusComesBack(t *testing.T) {
	items := []Item{{"a", "A"}, {"b", "B"}}
	c := NewChoice("c", items, "a", nil)
	w := open(t, false, look.Column(8, NewButton("first", "", nil, Quiet, nil), c))
	for _, anew := range []bool{false, true} {
		now := c
		test.Tap(c)
		if anew {
			now = NewChoice("c", items, "a", nil)
			w.SetContent(look.Column(8, now))
		}
		Top(w.Canvas()).Close()
		if w.Canvas().Focused() != fyne.Focusable(now) {
			t.Errorf("drawn anew %v: the focus is on %v", anew, w.Canvas().Focused())
		}
	}
}

// Long items wrap inside the window, and a list that is higher than the window is turned by walking through it.
func TestLongList(t *testing.T) {
	var items []Item
	for i := range 30 {
		items = append(items, Item{string(rune('A' + i)), strings.Repeat("a very long name ", 6)})
	}
	c := NewChoice("c", items, "A", nil)
	w := open(t, false, look.Column(8, c))
	test.Tap(c)
	list := Top(w.Canvas()).Objects[1]
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	last := w.Canvas().Focused().(fyne.CanvasObject)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(last)
	for what, bottom := range map[string]fyne.Position{"the list": list.Position().Add(list.Size()), "its last line": at.Add(last.Size())} {
		if bottom.X > 400 || bottom.Y > 300 {
			t.Errorf("%s ends at %v", what, bottom)
		}
	}
	for _, o := range last.(*line).inner.Objects[0].(*fyne.Container).Objects {
		if words, ok := o.(*Text); ok && words.Cut() {
			t.Error("the words are cut")
		}
	}
}

// A list that is wider than its control never reaches beyond the edge where the page ends.
func TestListStaysInThePage(t *testing.T) {
	window, is, list := fyne.NewSize(1000, 700), fyne.NewSize(100, 38), fyne.NewSize(112, 180)
	for _, x := range []struct{ at, want fyne.Position }{
		{fyne.NewPos(870, 20), fyne.NewPos(858, 62)}, // at the end: flush with the control's end
		{fyne.NewPos(280, 20), fyne.NewPos(280, 62)}, // at the start
		{fyne.NewPos(280, 600), fyne.NewPos(280, 512)},
	} {
		if got := below(window, x.at, is, list); got != x.want {
			t.Errorf("below %v: %v, want %v", x.at, got, x.want)
		}
	}
}
