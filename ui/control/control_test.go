package control

import (
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

func open(t *testing.T, rtl bool, content fyne.CanvasObject) fyne.Window {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look.New(os.DirFS("../../assets"), look.Light, rtl, 1))
	w := test.NewTempWindow(t, content)
	w.Resize(fyne.NewSize(400, 300))
	return w
}

func TestButtonTakesReturnAndSpace(t *testing.T) {
	n := 0
	b := NewButton("b", "Press", theme.ConfirmIcon(), Primary, func() { n++ })
	w := open(t, false, look.Column(8, b))
	w.Canvas().Focus(b)
	if !b.HasFocus() {
		t.Fatal("no focus")
	}
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		b.TypedKey(&fyne.KeyEvent{Name: key})
	}
	test.Tap(b)
	if n != 4 {
		t.Errorf("pressed %d times, want 4", n)
	}
	b.Disable()
	test.Tap(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if n != 4 {
		t.Error("a disabled button was pressed")
	}
}

func TestKeysGoOnToTheWindow(t *testing.T) {
	b := NewButton("b", "Press", nil, Quiet, nil)
	e := NewEntry("e", "", 1, nil)
	w := open(t, false, look.Column(8, b, e))
	var got []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { got = append(got, k.Name) })
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if len(got) != 3 {
		t.Errorf("the window got %v", got)
	}
}

func TestSecretIsNotShown(t *testing.T) {
	e := NewSecret("pin.entry", nil)
	open(t, false, look.Column(8, e))
	test.Type(e, "1357")
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	test.Type(e, "2468109")
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	if e.Caption() != "" || e.Len() != 6 || e.dots.String() != "••••••" {
		t.Errorf("caption %q, %d bytes, drawn as %q", e.Caption(), e.Len(), e.dots)
	}
	room := e.value[:cap(e.value)]
	if pin := e.Take(); string(pin) != "246810" || e.Len() != 0 {
		t.Errorf("taken %q, %d bytes left", pin, e.Len())
	}
	for _, b := range room {
		if b != 0 {
			t.Fatal("the PIN is still in memory")
		}
	}
}

// TestWheelTurnsThePage: over an entry or a choice too.
func TestWheelTurnsThePage(t *testing.T) {
	entry, lines, secret := NewEntry("e", "word", 1, nil), NewEntry("l", "word", 3, nil), NewSecret("s", nil)
	choice := NewChoice("c", []Item{{"a", "A"}}, "a", nil)
	w := open(t, false, look.Stack(look.Scroll(look.Column(8, entry, lines, secret, choice, look.Space(10, 2000)))))
	for _, over := range []fyne.CanvasObject{entry, lines, secret, choice} {
		s := scrollOf(over)
		s.ScrollToTop()
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(over).AddXY(20, 10)
		test.Scroll(w.Canvas(), at, 0, -50)
		if s.Offset.Y != 50 {
			t.Errorf("%s: scrolled to %v, want 50", over.(Control).ID(), s.Offset.Y)
		}
	}
}

func TestChoice(t *testing.T) {
	got := ""
	c := NewChoice("c", []Item{{"a", "A"}, {"b", "B"}, {"c", "C"}}, "a", func(id string) { got = id })
	w := open(t, false, look.Column(8, c))
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if got != "b" {
		t.Errorf("down: %q", got)
	}
	test.Tap(c)
	if w.Canvas().Overlays().Top() == nil {
		t.Fatal("no list")
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if w.Canvas().Overlays().Top() != nil || got != "b" {
		t.Errorf("after Return: %q, list open %v", got, w.Canvas().Overlays().Top() != nil)
	}
}

func TestTextWraps(t *testing.T) {
	p := Para("one two three four five six seven eight nine ten eleven twelve")
	open(t, false, look.Column(8, p))
	lines := p.lines(150)
	if len(lines) < 3 || strings.Join(lines, " ") != p.text {
		t.Errorf("%q", lines)
	}
	for _, l := range lines {
		if p.measure(l) > 150 {
			t.Errorf("%q is too wide", l)
		}
	}
	if got := Para(strings.Repeat("x", 100)).lines(150); len(got) < 3 {
		t.Errorf("a long word is not broken: %q", got)
	}
}

// The last line of a Persian sentence may be a Latin name alone: its full stop stands at the left, where the sentence ends.
func TestForeignLinesOfAPersianSentence(t *testing.T) {
	open(t, true, look.Column(0))
	seen := func(text string, width float32) string {
		var all []string
		for _, l := range Para(text).lines(width) {
			all = append(all, strings.ReplaceAll(visual(l, true), mark, ""))
		}
		return strings.Join(all, "|")
	}
	for _, x := range []struct {
		text  string
		width float32
		want  string
	}{
		{"کارت Rekey.", 60, "کارت|.Rekey"},
		{"کارت \u2066/home/x/a.db\u2069.", 60, "کارت|/home/x|./a.db"},
		{"Rekey. v2.", 50, "Rekey.|v2."},
	} {
		if got := seen(x.text, x.width); got != x.want {
			t.Errorf("%q: %q, want %q", x.text, got, x.want)
		}
	}
}

func TestVisual(t *testing.T) {
	plain := func(s string) string { return strings.ReplaceAll(s, mark, "") }
	for _, x := range []struct {
		line, want string
		rtl        bool
	}{
		{"14 December", "14 December", false},
		{"سلام دنیا", "سلام دنیا", true}, // one run: the shaper turns the letters
		{"گواهی تا ۲۳ آذر معتبر است.", ".آذر معتبر است ۲۳ گواهی تا", true},
		{"Rekey نسخهٔ 2", "2 نسخهٔ Rekey", true},
		{"کلید (RSA)", "(RSA) کلید", true},
		{"پرونده: \u2066/home/x/a.db\u2069", "/home/x/a.db :پرونده", true},
		{"پرونده: /home/x/a.db", "home/x/a.db/ :پرونده", true}, // without isolates
		{"از \u2066A (b)\u2069 تا \u2066c.\u2069!", "!c. تا A (b) از", true},
		{"پرونده \u2066/home/", "/home/ پرونده", true}, // a line that ends inside
		{"/x/y/\u2069 است", "است /x/y/", true},
		{"\u2066/home/x\u2069.", "./home/x", true},
		{"at \u2066/home/x\u2069.", "at /home/x.", false},
	} {
		if got := plain(visual(x.line, x.rtl)); got != x.want {
			t.Errorf("%q: %q, want %q", x.line, got, x.want)
		}
	}
}

// A guillemet at the end of a line from right to left opens away from the words that it holds, as a bracket does.
func TestGuillemetsAreMirrored(t *testing.T) {
	for _, marks := range [][2]string{{"(", ")"}, {"«", "»"}, {"‹", "›"}} {
		got := strings.ReplaceAll(visual(marks[0]+"کارت"+marks[1], true), mark, "")
		if want := marks[0] + "کارت" + marks[1]; got != want {
			t.Errorf("drawn from left to right %q, want %q", got, want)
		}
	}
}

func TestMirrored(t *testing.T) {
	a, b := NewButton("a", "A", nil, Primary, nil), NewButton("b", "B", nil, Quiet, nil)
	open(t, true, look.Column(0, look.Row(8, -1, a, b)))
	if a.Position().X <= b.Position().X {
		t.Errorf("in Persian the first button stands right: %v, %v", a.Position(), b.Position())
	}
}
