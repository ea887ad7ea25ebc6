package app_test

import (
	"encoding/json"
	"testing"

	"rekey/app"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/cmd/rekey-demo/stage"
	"rekey/token"
)

func asJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRussianRenewalFromCardToChoice(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, office.URL)
	c := d.run(d.begin().ID, "")
	if n := d.fake.Counts(); d.asked != 1 || n.Logins != 1 || n.Generates != 1 || n.Signs != 1 {
		t.Errorf("key and request took %d PIN entries and %+v", d.asked, n)
	}
	if state(c, procedure.Send) != "done" || len(held(t, c.ID)) != 1 {
		t.Fatalf("not sent: %s", asJSON(t, c.Steps))
	}
	d.run(c.ID, "") // the office has said nothing: nothing happens
	officeSays(t, "approve", c.ID)
	officeSays(t, "issue", c.ID)
	if r := d.sync(""); r.Pulled != 2 {
		t.Errorf("pulled %d changes, want 2", r.Pulled)
	}
	c = d.run(c.ID, "")
	if n := d.fake.Counts(); d.asked != 2 || n.Logins != 2 || n.Writes != 1 || n.Generates != 1 {
		t.Errorf("installing took %d PIN entries and %+v", d.asked, n)
	}
	if c.New == "" || state(c, procedure.Install) != "done" {
		t.Fatalf("not installed: %s", asJSON(t, c.Steps))
	}
	if err := d.Choose(t.Context(), c.New, d.ask()); err != nil {
		t.Fatal(err)
	}
	view, err := d.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(view.Entries) != 2 || len(view.Holders) != 1 || view.Holders[0].Current.Fingerprint != c.New {
		t.Errorf("current is not the new certificate: %s", asJSON(t, view.Holders))
	}
	if d.asked != 2 {
		t.Error("a PIN was asked for although the installation proved the key")
	}
	c = d.stored(c.ID)
	for what, days := range map[string]int{procedure.Deliver: 7, "return-paper": 28} {
		if s, _ := c.Step(what); s.Due.Before(view.At.AddDate(0, 0, days-1)) {
			t.Errorf("%s is due on %v", what, s.Due)
		}
	}
	for _, s := range []string{"sign-paper", "deliver", "return-paper"} {
		if _, err := d.StepDone(c.ID, s); err != nil {
			t.Error(err)
		}
	}
	if last := d.stored(c.ID); !last.Closed() {
		t.Errorf("not closed: %s", asJSON(t, last.Next()))
	}
	d.rebuilds(c.ID)
}

func TestTurkishRenewalSignsTheForm(t *testing.T) {
	d := newDesk(t, stage.Doctor(), 23, office.URL)
	c := d.run(d.begin().ID, "")
	if n := d.fake.Counts(); d.asked != 1 || n.Logins != 1 || n.Signs != 1 || n.Generates != 0 || n.Writes != 0 {
		t.Errorf("signing took %d PIN entries and %+v", d.asked, n)
	}
	if _, ok := c.Document(central.DocApplicationSigned); !ok || len(held(t, c.ID)) != 1 {
		t.Errorf("the signed form was not sent: %s", asJSON(t, c.Documents))
	}
	d.rebuilds(c.ID)
}

// Only the holder's own steps are ticked off, whatever they are called by.
func TestStepsThatAreNotForTheHolder(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "")
	c := d.begin()
	for _, step := range []string{"key", "make-key", "request", "form", "send", "install", "choose", "approval", "approve", "issue", "details", "fill", "no such", ""} {
		_, err := d.StepDone(c.ID, step)
		if app.KindOf(err) != app.BadInput {
			t.Errorf("%q: %v", step, err)
		}
	}
	if got := d.stored(c.ID); asJSON(t, got) != asJSON(t, c) {
		t.Errorf("the case was changed: %s", asJSON(t, got))
	}
}

func TestASecondPressOfStartBeginsNothing(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "")
	draft := d.draft()
	c, err := d.Start(draft)
	if err != nil {
		t.Fatal(err)
	}
	c = d.run(c.ID, "")
	again, err := d.Start(draft)
	if err != nil || asJSON(t, again) != asJSON(t, d.stored(c.ID)) || len(again.KeyID) == 0 {
		t.Errorf("%v: the case was begun anew: %s", err, asJSON(t, again))
	}
	if all, _ := d.Cases(); len(all) != 1 {
		t.Errorf("%d cases", len(all))
	}
}

// A certificate for another key is neither written nor the end of the feed.
func TestForeignCertificateIsRefusedAndSaid(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "")
	c := d.run(d.begin().ID, "")
	other, err := d.fake.AddKey(serial, token.KeySpec{Algorithm: token.ECP256, ID: []byte{9}})
	if err != nil {
		t.Fatal(err)
	}
	f := newFeed(t)
	f.say(c.ID, central.StateApproved, "")
	f.say(c.ID, central.StateIssued, "", f.document(central.DocCertificate, "certificate.pem", certificate(t, d.person, other.SPKI, c.CreatedAt.AddDate(1, 0, 0))))
	d.central = f.URL
	d.open()
	if r := d.sync(""); r.Pulled != 2 {
		t.Errorf("pulled %d", r.Pulled)
	}
	c = d.run(c.ID, "")
	if c.Why == "" || state(c, procedure.Issue) == "done" || d.fake.Counts().Writes != 0 {
		t.Errorf("why %q, %+v", c.Why, d.fake.Counts())
	}
	d.rebuilds(c.ID)
}

// The office wants a correction: the same key, new papers, the same case ID.
func TestReturnedCaseIsCorrectedAndSentAgain(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, office.URL)
	c := d.run(d.begin().ID, "")
	if _, err := d.Correct(c.ID, nil); app.KindOf(err) != app.BadInput {
		t.Errorf("a case that was not returned was corrected: %v", err)
	}
	officeSays(t, "return", c.ID, "--why", "Телефон не отвечает")
	d.sync("")
	if c = d.run(c.ID, ""); c.Office != central.StateReturned || c.Why != "Телефон не отвечает" || state(c, procedure.Approve) != "failed" {
		t.Fatalf("office %q, why %q, %s", c.Office, c.Why, asJSON(t, c.Steps))
	}
	for name, details := range map[string]map[string]string{"nothing": {}, "fixed": {"snils": "112-233-445 96"}, "unknown": {"height": "2"}, "wrong": {"email": "x"}} {
		if _, err := d.Correct(c.ID, details); app.KindOf(err) != app.BadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.Correct(c.ID, map[string]string{"phone": "+7 800 000-00-01", "position": "И. о. главного врача"}); err != nil {
		t.Fatal(err)
	}
	spki := c.SPKI
	c = d.run(c.ID, "")
	if n := d.fake.Counts(); n.Generates != 1 || string(c.SPKI) != string(spki) {
		t.Errorf("another key was made: %+v", n)
	}
	at := held(t, c.ID)
	if len(at) != 1 || at[0].State != central.StateReceived || at[0].Details["phone"] != "+78000000001" || len(at[0].Documents) != 2 {
		t.Fatalf("the office holds %s", asJSON(t, at))
	}
	officeSays(t, "approve", c.ID)
	officeSays(t, "issue", c.ID)
	d.sync("")
	if c = d.run(c.ID, ""); c.New == "" {
		t.Errorf("not installed: %s", asJSON(t, c.Steps))
	}
	d.rebuilds(c.ID)
}

// Where the form is signed anew, the same details may be sent again.
func TestReturnedFormIsSignedAgain(t *testing.T) {
	d := newDesk(t, stage.Doctor(), 23, office.URL)
	c := d.run(d.begin().ID, "")
	officeSays(t, "return", c.ID, "--why", "İmza doğrulanamadı")
	d.sync("")
	if _, err := d.Correct(c.ID, map[string]string{"holder_kind": "manager"}); app.KindOf(err) != app.BadInput {
		t.Errorf("the steps would not fit any more: %v", err)
	}
	if _, err := d.Correct(c.ID, nil); err != nil {
		t.Fatal(err)
	}
	c = d.run(c.ID, "")
	if at := held(t, c.ID); len(at) != 1 || at[0].State != central.StateReceived || len(at[0].Documents) != 2 || d.fake.Counts().Signs != 2 || c.Office != "" {
		t.Errorf("the office holds %s", asJSON(t, at))
	}
	d.rebuilds(c.ID)
}
