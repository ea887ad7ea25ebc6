package app_test

import (
	"testing"

	"rekey/app"
	"rekey/app/procedure"
	"rekey/cmd/rekey-demo/stage"
)

// A step is marked in its turn only, and a mark is taken back as long as nothing has followed.
func TestStepsAreMarkedInTheirTurn(t *testing.T) {
	d := newDesk(t, stage.Doctor(), 23, office.URL)
	c := d.begin()
	if _, err := d.StepDone(c.ID, "pay"); app.KindOf(err) != app.BadInput {
		t.Errorf("paid before there is a form: %v", err)
	}
	c = d.run(c.ID, "")
	if _, err := d.StepDone(c.ID, "receive"); app.KindOf(err) != app.BadInput || state(d.stored(c.ID), procedure.Receive) == "done" {
		t.Errorf("the new card was received before anything: %v", err)
	}
	if _, err := d.StepUndone(c.ID, "pay"); app.KindOf(err) != app.BadInput {
		t.Errorf("undone before it was done: %v", err)
	}
	for range 2 {
		if after, err := d.StepDone(c.ID, "pay"); err != nil || state(after, procedure.Pay) != "done" {
			t.Fatalf("paid: %v", err)
		}
		if after, err := d.StepUndone(c.ID, "pay"); err != nil || state(after, procedure.Pay) == "done" {
			t.Fatalf("taken back: %v", err)
		}
	}
	if _, err := d.StepDone(c.ID, "pay"); err != nil {
		t.Fatal(err)
	}
	officeSays(t, "approve", c.ID)
	d.sync("")
	if _, err := d.StepUndone(c.ID, "pay"); app.KindOf(err) != app.BadInput || state(d.stored(c.ID), procedure.Pay) != "done" {
		t.Errorf("taken back although the office has decided since: %v", err)
	}
	if c, err := d.StepDone(c.ID, "receive"); err != nil || !c.Closed() {
		t.Errorf("the new card: %v, %s", err, asJSON(t, c.Steps))
	}
	d.rebuilds(c.ID)
}

// What the window tells to pay is what the payment note says, to the letter.
func TestPaymentIsThatOfTheNote(t *testing.T) {
	d := newDesk(t, stage.Doctor(), 23, "")
	c := d.run(d.begin().ID, "")
	p := d.procedure(c.Procedure)
	note, ok, err := app.PaymentOf(p, c)
	if err != nil || !ok {
		t.Fatalf("%v, %v", err, ok)
	}
	if text := string(d.documentOf(c.ID, "payment-text")); text != note.Text(p.Language) {
		t.Errorf("the note says\n%s\nthe window\n%s", text, note.Text(p.Language))
	}
	n := len(c.Documents)
	if c = d.run(c.ID, ""); len(c.Documents) != n {
		t.Errorf("the same note was made %d times more", len(c.Documents)-n)
	}
}
