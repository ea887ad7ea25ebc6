package ui

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"rekey/ui/control"
	"rekey/ui/look"
)

// Alt and a digit lead into the page: Return then works there, and Tab goes on from there.
func TestAltDigitLeadsIntoThePage(t *testing.T) {
	s := open(t, newFake(t), "en", "light")
	for digit, want := range map[int]string{2: "home.renew", 4: "", 6: "settings.language", 1: "home.renew"} {
		s.tap("nav.cases")
		s.shortcut(digit)
		s.rest()
		if got := s.focused(); got != want && want != "" || len(got) > 4 && got[:4] == "nav." {
			t.Errorf("Alt+%d: the focus is on %q, want %q", digit, got, want)
		}
	}
}

// In the wizard the arrows walk through the options, Return on the chosen one goes on.
func TestOptionsByKeyboard(t *testing.T) {
	s := open(t, newFake(t), "en", "light")
	s.tap("home.renew")
	if got := s.focused(); got != "wizard.reason.renewal" {
		t.Fatalf("the wizard begins on %q", got)
	}
	s.key(fyne.KeyDown)
	if got := s.focused(); got == "wizard.reason.renewal" || s.wizard.draft.Reason != "renewal" {
		t.Errorf("Down: focus %q, reason %s", got, s.wizard.draft.Reason)
	}
	s.key(fyne.KeyUp)
	s.key(fyne.KeyReturn)
	s.onPage("wizard.2")
}

// A message beside a field follows the language; typing goes on behind what a field holds.
func TestFieldErrorsFollowTheLanguage(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	s.write("field.email", "nobody")
	english := s.wizard.fields["email"].Said()
	if english == "" {
		t.Fatal("nothing is said")
	}
	s.tap("language")
	s.tap("language.ru")
	if said := s.wizard.fields["email"].Said(); said == "" || said == english {
		t.Errorf("in Russian: %q", said)
	}
	if e := s.find("field.email").(*control.Entry); e.CursorColumn != len("nobody") {
		t.Errorf("the cursor stands at %d", e.CursorColumn)
	}
	s.stop()
	again := open(t, d, "en", "light") // and it is there again when the draft is taken up
	again.onPage("wizard.2")
	if said := again.wizard.fields["email"].Said(); said != english {
		t.Errorf("after the next start: %q", said)
	}
}

// A scan anywhere on the disk can be named by its path.
func TestScanByPath(t *testing.T) {
	t.Setenv("HOME", t.TempDir()) // with no file that is offered
	d := &ableDesk{fakeDesk: newFake(t)}
	s := open(t, d, "en", "light")
	renewDoctor(s)
	c := s.cases[0]
	file := filepath.Join(t.TempDir(), "scan.pdf")
	if err := os.WriteFile(file, []byte("%PDF-1.7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.openCase(c.ID)
	s.rest()
	s.chooseFile(c.ID, "receipt")
	s.until("the dialog", func() bool { return s.has("attach.path") })
	if s.find("attach.ok").Enabled() {
		t.Error("nothing was chosen, and it can be added")
	}
	s.write("attach.path", file)
	s.tap("attach.ok")
	if len(d.attached) != 1 {
		t.Errorf("attached %v", d.attached)
	}
}

// In a low window all pages of the narrow side bar can still be pressed.
func TestLowWindowKeepsThePages(t *testing.T) {
	d := newFake(t)
	d.settings[SettingScale] = "200"
	s := open(t, d, "en", "light")
	s.win.Resize(fyne.NewSize(880, 600))
	last := fyne.Position{}
	for _, c := range controls(s.win.Canvas()) {
		if o := c.Control.(fyne.CanvasObject); c.ID() == "nav.help" && o.Visible() {
			last = c.at.AddXY(0, o.Size().Height)
		}
	}
	if last.Y == 0 || last.Y > 600+look.Px(1) {
		t.Errorf("the last page ends at %v", last.Y)
	}
}
