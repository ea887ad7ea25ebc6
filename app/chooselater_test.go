package app_test

import (
	"testing"
	"time"

	"rekey/cmd/rekey-demo/stage"
)

// Who chooses the new certificate days after it was written to the card proves once more that its key can be used.
func TestChoosingDaysLaterProvesAgain(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, office.URL)
	c := d.run(d.begin().ID, "")
	officeSays(t, "approve", c.ID)
	officeSays(t, "issue", c.ID)
	d.sync("")
	c = d.run(c.ID, "")
	asked, signed := d.asked, d.fake.Counts().Signs
	d.now = func() time.Time { return time.Now().Add(48 * time.Hour) }
	d.open()
	if err := d.Choose(t.Context(), c.New, d.ask()); err != nil {
		t.Fatal(err)
	}
	if d.asked != asked+1 || d.fake.Counts().Signs != signed+1 {
		t.Errorf("asked %d times, %d signatures more", d.asked-asked, d.fake.Counts().Signs-signed)
	}
	if view, err := d.Look(t.Context()); err != nil || view.Holders[0].Current.Fingerprint != c.New {
		t.Errorf("%+v, %v", view.Holders, err)
	}
}
