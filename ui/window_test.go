package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"

	"rekey/app"
	"rekey/ui/golden"
)

func finding(kind string) app.Finding { return app.Finding{Kind: kind} }

func TestLanguageSwitch(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	for _, lang := range []string{"tr", "ru", "vi", "fa", "en"} {
		s.tapChoice("language", lang)
		if s.lang != lang || d.Setting(SettingLanguage) != lang {
			t.Errorf("language %s, kept %s, want %s", s.lang, d.Setting(SettingLanguage), lang)
		}
		s.picture("50-home-" + lang)
	}
}

func TestPages(t *testing.T) {
	for _, mode := range []string{"light", "dark"} {
		s := open(t, newFake(t), "en", mode)
		for _, p := range sidePages {
			s.tap("nav." + p.page)
			s.picture("60-" + p.page + "-" + mode)
		}
	}
}

func TestAltDigits(t *testing.T) {
	s := open(t, newFake(t), "en", "light")
	for i, p := range sidePages {
		s.shortcut(i + 1)
		s.onPage(p.page)
	}
}

func TestDraftGoesOn(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	s.write("field.institution", "Family health centre 1")
	s.stop()

	again := open(t, d, "en", "light") // goes on where the window was closed
	again.onPage("wizard.2")
	again.tap("nav.home")
	again.picture("70-home-draft-en")
	again.tap("draft.continue")
	again.onPage("wizard.2")
	if got := again.find("field.institution").Caption(); got != "Family health centre 1" {
		t.Errorf("lost a word: %q", got)
	}
	again.tap("nav.home")
	again.tap("draft.drop")
	again.picture("71-drop-en")
	again.tap("drop.drop")
	if _, open := d.OpenDraft(); open {
		t.Error("the draft is still there")
	}
}

// TestTabShowsWhatItFocuses goes through the longest page by Tab: every control is reached, in reading order,
// and each one can be seen when it has the focus.
func TestTabShowsWhatItFocuses(t *testing.T) {
	s := open(t, newFake(t), "en", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	s.win.Canvas().Unfocus()
	want := s.ids()
	var got []string
	for range want {
		s.win.Canvas().FocusNext()
		for _, c := range s.snapshot().Controls {
			if c.Focused {
				got = append(got, c.ID)
				if !c.Visible {
					t.Errorf("%s has the focus and cannot be seen", c.ID)
				}
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("Tab order %v, reading order %v", got, want)
	}
}

func TestReturnAndEscape(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	s.key(fyne.KeyReturn) // presses the one action of the start page
	s.onPage("wizard.1")
	s.key(fyne.KeyReturn)
	s.onPage("wizard.2")
	s.win.Canvas().Unfocus()
	s.key(fyne.KeyEscape)
	s.onPage("wizard.1")
	s.tap("wizard.next")
	fillTurkish(s)
	s.tap("wizard.next")
	s.tap("wizard.next")
	s.tap("wizard.next")
	s.onPage("job.pin")
	s.key(fyne.KeyReturn) // an empty PIN goes nowhere
	s.onPage("job.pin")
	if len(d.pins) != 0 {
		t.Error("an empty PIN reached the card")
	}
	s.key(fyne.KeyEscape)
	s.onPage("job.failed")
	if len(d.pins) != 0 {
		t.Error("a PIN reached the card after Esc")
	}
	s.tap("job.again")
	s.onPage("job.pin")
}

func TestMapHoldsNoPIN(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	fillTurkish(s)
	for range 3 {
		s.tap("wizard.next")
	}
	s.write("pin.entry", "246810")
	s.opts.MapFile = filepath.Join(t.TempDir(), "map.json")
	s.writeMap(s.snapshot())
	text, err := os.ReadFile(s.opts.MapFile)
	if err != nil || strings.Contains(string(text), "246810") || !strings.Contains(string(text), "pin.entry") {
		t.Errorf("%v: %s", err, text)
	}
}

// TestMapPositions: the map's own reckoning is the toolkit's.
func TestMapPositions(t *testing.T) {
	s := open(t, newFake(t), "fa", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	s.scrollTo(120)
	for _, c := range controls(s.win.Canvas()) {
		if want := s.app.Driver().AbsolutePositionForObject(c.Control.(fyne.CanvasObject)); c.at != want {
			t.Errorf("%s stands at %v, the toolkit says %v", c.ID(), c.at, want)
		}
	}
}

// TestGoldenPages: three pages look as they did when somebody looked at them.
func TestGoldenPages(t *testing.T) {
	for name, page := range map[string]string{"page-home": "home", "page-cards": "cards", "page-settings": "settings"} {
		s := open(t, newFake(t), "tr", "light")
		s.tap("nav." + page)
		software.RenderCanvas(s.win.Canvas(), s.app.Settings().Theme()) // now and then this throws old widgets' parts away: before the page is drawn anew
		s.show()
		s.win.Canvas().Unfocus()
		golden.Compare(t, "testdata/golden/"+name+".png", software.RenderCanvas(s.win.Canvas(), s.app.Settings().Theme()))
	}
}

// TestCrashIsOffered: what the last run left behind is offered until it is dismissed.
func TestCrashIsOffered(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	s.opts.CrashFile = filepath.Join(t.TempDir(), "crash.txt")
	if err := os.WriteFile(s.opts.CrashFile, []byte("panic: the reader is on fire"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.lookForCrash()
	s.rest()
	s.picture("72-crash-en")
	s.tap("crash.copy")
	if got := s.app.Clipboard().Content(); got != "panic: the reader is on fire" {
		t.Errorf("clipboard: %q", got)
	}
	s.tap("crash.close")
	if _, err := os.Stat(s.opts.CrashFile); err == nil || s.has("crash.close") {
		t.Error("the crash is still there")
	}
}
