package app_test

import (
	"context"
	"testing"

	"rekey/app"
	"rekey/cmd/rekey-demo/stage"
)

// A key that wants its PIN for each signature: each is asked for once, and from the time that the card has shown it, the entries are
// announced before the first one.
func TestPINEntriesAreAnnounced(t *testing.T) {
	d := newDesk(t, stage.Doctor(), 40, "")
	d.fake.AlwaysAuthenticate(serial)
	var asked []app.PINQuestion
	ask := app.Ask{PIN: func(_ context.Context, q app.PINQuestion) ([]byte, error) {
		asked = append(asked, q)
		return []byte(d.person.PIN), nil
	}}
	if _, err := d.Run(t.Context(), d.begin().ID, ask); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 2 || asked[0].Entry != 1 || asked[1].Entry != 2 || asked[1].Of != 2 {
		t.Errorf("asked %+v", asked)
	}
	if n := d.fake.Counts(); n.Logins != 2 || n.Signs != 1 {
		t.Errorf("the card got %+v", n)
	}
	asked = nil
	draft, err := d.NewDraft(t.Context(), d.fingerprint, d.person.Procedure, "renewal")
	if err != nil {
		t.Fatal(err)
	}
	draft.Route = d.person.Route
	if plan, err := d.Plan(draft); err != nil || plan.PINEntries != 2 {
		t.Errorf("the next plan says %d entries, %v", plan.PINEntries, err)
	}
	if err := d.Choose(t.Context(), d.fingerprint, ask); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 2 || asked[0].Of != 2 {
		t.Errorf("not announced: %+v", asked)
	}
}
