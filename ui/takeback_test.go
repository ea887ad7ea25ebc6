package ui

import (
	"errors"
	"strings"
	"testing"

	"rekey/app"
	"rekey/token"
)

// toPIN fills the doctor's form in and goes on until the PIN is asked for.
func toPIN(s *stage) {
	s.t.Helper()
	s.tap("home.renew")
	s.tap("wizard.next")
	fillTurkish(s)
	for range 3 {
		s.tap("wizard.next")
	}
	s.onPage("job.pin")
}

// Who stops at the PIN goes on with the button that the sentence names, has nothing to report, and may go back to what was typed; no empty
// case is left.
func TestBackToTheDetails(t *testing.T) {
	for _, wrongFirst := range []bool{false, true} {
		d := newFake(t)
		s := open(t, d, "ru", "light")
		toPIN(s)
		typed := cloned(d.kept[0].Details)
		if wrongFirst {
			s.write("pin.entry", "1111")
			s.tap("pin.ok")
		}
		s.tap("pin.cancel")
		s.onPage("job.failed")
		if got := s.find("job.again").Caption(); got != s.T("continue") || s.has("note.copy") {
			t.Errorf("the button says %q, %v", got, s.ids())
		}
		s.picture("17-stopped-ru")
		s.tap("job.edit")
		s.onPage("wizard.4")
		if len(d.kept) != 0 || len(s.cases) != 0 || s.job != nil {
			t.Errorf("cases %v, job %v", d.kept, s.job)
		}
		for id, value := range typed {
			if got := s.wizard.draft.Details[id]; got != value {
				t.Errorf("%s is %q, was %q", id, got, value)
			}
		}
		s.tap("wizard.next")
		s.write("pin.entry", d.right)
		s.tap("pin.ok")
		s.onPage("job.done")
		if len(d.kept) != 1 {
			t.Errorf("%d cases", len(d.kept))
		}
	}
}

// A failure is not a wish: it is tried again and can be reported. And what has begun on the card is not taken back.
func TestFailureIsTriedAgain(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	toPIN(s)
	s.tap("pin.cancel")
	s.job.result.KeyID = []byte{1}
	s.show()
	if s.has("job.edit") {
		t.Error("a case with a key can be taken back")
	}
	s.job.stopped(s.failure(&app.Error{Op: "work", Kind: app.CardError, Err: errors.New("0x6f00")}))
	if got := s.find("job.again").Caption(); got != s.T("job.again") || !s.has("note.copy") || s.has("job.edit") {
		t.Errorf("the button says %q, %v", got, s.ids())
	}
}

// The form says where what stands in it comes from, and nothing where nothing was filled in.
func TestFormSaysWhatFilledIt(t *testing.T) {
	s := open(t, newFake(t), "en", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	s.says(s.T("wizard.details.from.certificate") + " " + s.T("wizard.details.text"))
	s.wizard.draft.From = ""
	s.show()
	if strings.Contains(s.texts(), "Filled in") {
		t.Errorf("empty fields are called filled in:\n%s", s.texts())
	}
}

// Where the card does not tell how many tries are left, no number is made up.
func TestWrongPINWarnsOfTheLock(t *testing.T) {
	d := newFake(t)
	d.silent = true
	s := open(t, d, "en", "light")
	toPIN(s)
	s.write("pin.entry", "1111")
	s.tap("pin.ok")
	s.says(s.T("error.pin-wrong.what") + " " + s.T("pin.locks"))
	if got, want := s.wrongPIN(app.PINWrong, &token.PINError{TriesLeft: 2}), s.T("error.pin-wrong.what")+" "+s.T("pin.tries", "n", 2); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
