package ui

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"rekey/app"
	"rekey/app/cases"
)

func (d *fakeDesk) Correction(caseID string) (app.Draft, error) {
	c, err := d.Case(caseID)
	d.mu.Lock()
	defer d.mu.Unlock()
	if left, ok := d.drafts[caseID]; ok {
		return left, err
	}
	return app.Draft{ID: c.ID, Mends: true, Procedure: c.Procedure, Reason: c.Reason, Route: c.Route, CardSerial: c.CardSerial, Fingerprint: c.Current, Details: maps.Clone(c.Details), Rows: c.Rows}, err
}

// Correct takes the details as they are, and refuses when nothing differs.
func (d *fakeDesk) Correct(caseID string, details map[string]string, rows ...map[string]string) (cases.Case, error) {
	c, err := d.Case(caseID)
	if err != nil {
		return c, err
	}
	if err := d.checkRows(app.Draft{Procedure: c.Procedure, Reason: c.Reason}, rows); err != nil {
		return c, &app.Error{Op: "correct case", Kind: app.BadInput, Err: err}
	}
	details = maps.Clone(details)
	maps.DeleteFunc(details, func(_, v string) bool { return v == "" })
	same := func(x, y map[string]string) bool { return maps.Equal(x, y) }
	if !c.Returned() || maps.Equal(c.Details, details) && slices.EqualFunc(c.Rows, rows, same) {
		return c, &app.Error{Op: "correct case", Kind: app.BadInput, Err: errors.New("nothing differs")}
	}
	c.Details, c.Rows, c.Office, c.Why = details, rows, "", ""
	d.mu.Lock()
	delete(d.drafts, c.ID)
	d.mu.Unlock()
	for i := range c.Steps {
		if c.Steps[i].State == cases.Failed {
			c.Steps[i].State = cases.Pending
		}
	}
	d.put(c)
	return c, nil
}

// Cancel gives up what the office does not have.
func (d *fakeDesk) Cancel(caseID string) (cases.Case, error) {
	c, err := d.Case(caseID)
	if err == nil && c.Office != "" {
		err = &app.Error{Op: "cancel case", Kind: app.BadInput, Err: cases.ErrOrder}
	}
	if err != nil {
		return c, err
	}
	c.Cancelled = true
	d.put(c)
	return c, nil
}

func TestReturnedCaseIsCorrected(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	renewDoctor(s)
	c := d.kept[0]
	c.Office, c.Why = "returned", "The address lacks the district."
	for i := range c.Steps {
		if cases.Machine(c.Steps[i].What) {
			c.Steps[i].State = cases.Failed
		}
	}
	d.put(c)
	s.reload()
	s.rest()
	s.tap("nav.home")
	s.picture("87-home-returned-en")
	s.tap("home.correct")
	s.onPage("wizard.2")
	s.tap("wizard.back")
	s.picture("87-case-returned-en")
	if s.has("case.cancel") {
		t.Error("a case that the office has had can be given up")
	}
	s.tap("case.correct")
	s.onPage("wizard.2")
	s.picture("88-case-correct-en")
	if got := s.find("field.institution").Caption(); got != c.Details["institution"] {
		t.Errorf("institution %q", got)
	}
	s.write("field.address", "")
	s.tap("wizard.next")
	s.onPage("wizard.2") // a required field is empty
	s.write("field.address", "Örnek Mah. 1. Sok. No 1, Seyhan ilçesi / Adana")
	s.tap("wizard.back")
	s.onPage("case")
	s.tap("case.correct") // nothing typed is lost
	if got := s.find("field.address").Caption(); !strings.Contains(got, "ilçesi") {
		t.Errorf("address %q", got)
	}
	if _, open := d.OpenDraft(); open {
		t.Error("a correction is kept as a draft of a new case")
	}
	s.tap("wizard.next")
	s.onPage("job.pin")
	s.write("pin.entry", d.right)
	s.tap("pin.ok")
	s.onPage("job.done")
	after, _ := d.Case(c.ID)
	if after.Office != "received" || after.Details["address"] == c.Details["address"] || len(d.kept) != 1 {
		t.Errorf("after: %q, %v, %d cases", after.Office, after.Details, len(d.kept))
	}
}

func TestCaseIsGivenUp(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	fillTurkish(s)
	for range 3 {
		s.tap("wizard.next")
	}
	s.tap("pin.cancel")
	id := d.kept[0].ID
	s.reload()
	s.rest()
	s.openCase(id)
	s.tap("case.cancel")
	s.picture("89-case-cancel-en")
	s.key(fyne.KeyReturn) // Return keeps it
	if c, _ := d.Case(id); c.Cancelled {
		t.Error("given up without a choice")
	}
	s.tap("case.cancel")
	s.tap("cancel.yes")
	s.picture("90-case-cancelled-en")
	if c, _ := d.Case(id); !c.Cancelled || s.has("case.cancel") || s.has("case.continue") {
		t.Errorf("cancelled %v, controls %v", c.Cancelled, s.ids())
	}
}
