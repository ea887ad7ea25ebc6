package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/app/register"
)

// marks are the steps that can be marked on the page.
func (s *stage) marks() (out []string) {
	for _, id := range s.ids() {
		if strings.HasPrefix(id, "step.") && strings.HasSuffix(id, ".done") {
			out = append(out, strings.TrimSuffix(strings.TrimPrefix(id, "step."), ".done"))
		}
	}
	return out
}

// Only the step whose turn it is can be marked, on the last page of the wizard and on the page of the case; the mark is said, and can be
// taken back.
func TestOnlyTheNextStepIsMarked(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	renewDoctor(s)
	if got := s.marks(); !slices.Equal(got, []string{"pay"}) {
		t.Errorf("at the end of the wizard can be marked: %v", got)
	}
	s.openCase(d.kept[0].ID)
	if got := s.marks(); !slices.Equal(got, []string{"pay"}) {
		t.Errorf("before the office has decided can be marked: %v", got)
	}
	if _, err := d.StepDone(d.kept[0].ID, "receive"); app.KindOf(err) != app.BadInput {
		t.Errorf("the desk takes it: %v", err)
	}
	s.tap("step.pay.done")
	s.says(s.T("case.marked", "step", s.T("done.pay")))
	if got := s.marks(); len(got) != 0 {
		t.Errorf("can be marked: %v", got)
	}
	s.tap("note.undo")
	s.says(s.T("case.unmarked", "step", s.T("step.pay")))
	if got := s.marks(); !slices.Equal(got, []string{"pay"}) || s.has("note.undo") {
		t.Errorf("after taking back can be marked: %v", got)
	}
	s.tap("step.pay.done")
	d.late = true
	s.tap("note.undo")
	s.says(s.T("case.undo.late"))
	c, _ := d.Case(d.kept[0].ID)
	for i := range c.Steps {
		if c.Steps[i].What == procedure.Approve {
			c.Steps[i].State, c.Steps[i].At = cases.Done, d.now
		}
	}
	d.put(c)
	s.reload()
	s.rest()
	if got := s.marks(); !slices.Equal(got, []string{"receive"}) {
		t.Errorf("approved: can be marked: %v", got)
	}
}

// payable is a doctor's case that waits for its fee, with its payment note.
func payable(t *testing.T, d *fakeDesk, lang string) *stage {
	t.Helper()
	s := open(t, d, lang, "light")
	renewDoctor(s)
	c, _ := d.Case(d.kept[0].ID)
	c.Documents = append(c.Documents, cases.Document{Kind: "payment", Name: "application.pdf", At: d.now}, cases.Document{Kind: "payment-text", Name: "payment.txt", At: d.now})
	c.Events = 1
	d.put(c)
	s.reload()
	s.rest()
	return s
}

// What to pay stands on the last page of the wizard and on that of the case, with the text for the bank to copy, as long as it is to be paid.
func TestWhatToPayIsShown(t *testing.T) {
	d := newFake(t)
	s := payable(t, d, "tr")
	c := d.kept[0]
	p := d.procedure(c.Procedure)
	note, ok, err := app.PaymentOf(p, c)
	if !ok || err != nil {
		t.Fatalf("%v, %v", ok, err)
	}
	for _, page := range []string{"job.done", "case"} {
		s.onPage(page)
		s.says(note.Description, s.Window.t.Amount(note.Amount, note.Currency), note.Bank, note.Branch, "TR78 0001", s.Window.t.Date(note.AsOf), note.Source, s.T("plan.fee-old"))
		s.app.Clipboard().SetContent("")
		s.tap("payment.copy")
		if got := s.app.Clipboard().Content(); got != note.Description || !strings.Contains(note.Text(p.Language), "\n"+got+"\n") {
			t.Errorf("%s: copied %q, the note says %q", page, got, note.Description)
		}
		opened, printed := len(s.opened), len(s.printed)
		s.tap("payment.open")
		s.tap("payment.print")
		if len(s.opened) != opened+1 || len(s.printed) != printed+1 {
			t.Errorf("%s: opened %v, printed %v", page, s.opened, s.printed)
		}
		s.openCase(c.ID)
	}
	unsure := false
	p.Payment.Confirmed = &unsure
	s.openCase(c.ID)
	s.says(s.T("payment.unconfirmed"))
	s.tap("step.pay.done")
	if s.has("payment.copy") {
		t.Error("what is paid is still to be paid")
	}
}

// unsend makes the first case one that could not be sent.
func unsend(s *stage, d *officeDesk) {
	c, _ := d.Case(d.kept[0].ID)
	for i := range c.Steps {
		if c.Steps[i].What == procedure.Send {
			c.Steps[i].State, c.Steps[i].At = cases.Pending, time.Time{}
		}
	}
	c.Office, c.Events = "", c.Events+1
	d.put(c)
	d.box = app.Outbox{Configured: true, Waiting: 1, Oldest: fakeNow, LastError: string(app.Offline), Items: []app.Unsent{{Kind: "case", Case: c.ID, Attempts: 1, LastError: string(app.Offline)}}}
	s.reload()
	s.rest()
}

// What could not be sent waits and goes by itself: no page leads to the same failure again.
func TestUnsentCaseWaits(t *testing.T) {
	d := &officeDesk{fakeDesk: newFake(t)}
	s := open(t, d, "en", "light")
	renewDoctor(s)
	unsend(s, d)
	s.says(s.T("job.unsent"), s.T("home.unsent.text"))
	s.tap("job.sync")
	s.says("Exchanged with the office")
	s.tap("job.home")
	s.says(s.T("home.unsent"), s.T("home.unsent.text"))
	if s.has("home.continue") || s.primary != "home.sync" {
		t.Errorf("home leads round: %v, %s", s.ids(), s.primary)
	}
	s.tap("home.sync")
	s.onPage("home")
	s.says("Exchanged with the office")
	s.openCase(d.kept[0].ID)
	s.says(s.T("home.unsent.text"))
	if s.has("case.continue") {
		t.Error("the case leads round")
	}
	s.tap("case.sync")
	s.onPage("case")
	d.box.Items = []app.Unsent{{Kind: "case", Case: d.kept[0].ID, Refused: "the stamp is missing"}} // this does not go by itself
	s.reload()
	s.rest()
	if !s.has("case.continue") || s.has("case.sync") {
		t.Errorf("refused: %v", s.ids())
	}
	d.box.Items, d.box.Configured = []app.Unsent{{Kind: "case", Case: d.kept[0].ID}}, false
	s.tap("nav.home")
	s.says(s.T("home.unsent.no-office"))
	s.tap("home.settings")
	s.onPage("settings")
}

// The old certificate is not called the new one when it is chosen again; and after the installation the way on has the focus.
func TestChoosingTheOldOneAgain(t *testing.T) {
	d := newFake(t)
	d.readers = d.readers[1:]
	old := head(false)
	fresh := head(true)
	fresh.State, old.State = register.StateCurrent, register.StateOther
	d.entries = []register.Entry{fresh, old}
	s := open(t, d, "en", "light")
	s.tap("home.select")
	s.tap("choose." + short(old.Fingerprint))
	s.onPage("job.pin")
	s.says(s.T("choose.job"), s.T("cert.chosen"), s.T("state.other"))
	for _, wrong := range []string{s.T("home.choose"), s.T("cert.new"), s.T("step.choose")} {
		if slices.Contains(strings.Split(s.texts(), "\n"), wrong) {
			t.Errorf("the old certificate is called %q", wrong)
		}
	}
	s.write("pin.entry", d.right)
	s.tap("pin.ok")
	s.onPage("job.done")
	s.says(s.T("choose.done.other"))
}

func TestTheWayOnHasTheFocus(t *testing.T) {
	d := newFake(t)
	d.entries, d.readers = d.entries[1:], d.readers[1:]
	d.office = true
	s := open(t, d, "en", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	for _, f := range s.wizard.proc.Fields {
		if s.has("field." + f.ID) {
			s.write("field."+f.ID, map[bool]string{true: "head@example.org", false: "Example"}[f.Check == "email"])
		}
	}
	for range 3 {
		s.tap("wizard.next")
	}
	s.write("pin.entry", d.right)
	s.tap("pin.ok")
	if got := s.focused(); got != "job.home" {
		t.Errorf("after sending the focus is on %q", got)
	}
	s.tap("job.home")
	s.tap("home.install")
	s.write("pin.entry", d.right)
	s.tap("pin.ok")
	s.onPage("job.done")
	if got := s.focused(); got != "job.choose" {
		t.Errorf("after installing the focus is on %q", got)
	}
	s.win.Canvas().Unfocus()
	s.key(fyne.KeyReturn)
	s.onPage("job.pin")
	if s.job.what != "choose" {
		t.Errorf("Return leads to %q", s.job.what)
	}
}
