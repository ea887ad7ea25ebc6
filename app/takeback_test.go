package app_test

import (
	"maps"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"rekey/app"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/cmd/rekey-demo/stage"
)

// A case whose holder stopped at the PIN becomes a draft again with every word, and nothing of it is left; the draft makes a case as before.
func TestUntouchedCaseIsTakenBack(t *testing.T) {
	for _, person := range []stage.Person{stage.Head(), stage.Doctor()} { // the head makes a key first, the doctor has a form by then
		d := newDesk(t, person, 20, office.URL)
		c := d.begin()
		d.pins = []string{"-"}
		c = d.run(c.ID, app.PINCancelled)
		if !app.Untouched(c) {
			t.Fatalf("%s: %s", person.Procedure, asJSON(t, c))
		}
		draft, err := d.TakeBack(c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(draft.Details, c.Details) || draft.Route != c.Route || draft.Reason != c.Reason || draft.Fingerprint != d.fingerprint || draft.ID == c.ID {
			t.Errorf("draft: %s", asJSON(t, draft))
		}
		if kept, ok := d.OpenDraft(); !ok || kept.ID != draft.ID {
			t.Errorf("the draft is not kept: %s", asJSON(t, kept))
		}
		all, err := d.Cases()
		events, _ := d.Events(c.ID)
		if err != nil || len(all) != 0 || len(events) != 0 || d.documents() != 0 {
			t.Errorf("%v: left are %d cases, %d events, %d documents", err, len(all), len(events), d.documents())
		}
		if _, err := d.TakeBack(c.ID); app.KindOf(err) != app.NotFound {
			t.Errorf("once more: %v", err)
		}
		again, err := d.Start(draft)
		if err != nil {
			t.Fatal(err)
		}
		if again = d.run(again.ID, ""); state(again, procedure.Send) != "done" {
			t.Errorf("%s", asJSON(t, again.Steps))
		}
		d.rebuilds(again.ID)
	}
}

// documents counts the bytes that the store keeps for cases.
func (d *desk) documents() (n int) {
	d.t.Helper()
	d.App.Close()
	defer d.open()
	db, err := bbolt.Open(filepath.Join(d.dir, "store", "rekey.db"), 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		d.t.Fatal(err)
	}
	d.App = nil
	defer db.Close()
	if err := db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte("documents"))
		if b != nil {
			n = b.Stats().KeyN
		}
		return nil
	}); err != nil {
		d.t.Fatal(err)
	}
	return n
}

// Whatever has come of a case, it is not taken back.
func TestTouchedCaseStays(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "http://127.0.0.1:1") // what is sent waits
	c := d.run(d.begin().ID, "")
	stays := func(why string) {
		t.Helper()
		if _, err := d.TakeBack(c.ID); app.KindOf(err) != app.BadInput || asJSON(t, d.stored(c.ID)) != asJSON(t, c) {
			t.Errorf("%s: %v", why, err)
		}
	}
	stays("there is a key, and it waits to be sent")
	d = newDesk(t, stage.Doctor(), 20, "")
	c = d.begin()
	c, err := d.Attach(c.ID, central.DocReceipt, "dekont.pdf", []byte("%PDF-1.4\nreceipt\n%%EOF\n"))
	if err != nil {
		t.Fatal(err)
	}
	stays("a receipt is attached")
}

// One receipt is one thing to the person, though it is sent as a document and as a payment; and when the office last answered is known, also
// after a new start.
func TestOneReceiptWaitsOnce(t *testing.T) {
	d := newDesk(t, stage.Doctor(), 20, office.URL)
	before := time.Now().Add(-time.Second)
	c := d.run(d.begin().ID, "")
	d.sync("")
	if at := d.outbox().Reached; at.Before(before) {
		t.Errorf("reached at %v", at)
	}
	d.central = "http://127.0.0.1:1"
	d.open()
	reached := d.outbox().Reached
	if _, err := d.Attach(c.ID, central.DocReceipt, "dekont.pdf", []byte("%PDF-1.4\nreceipt\n%%EOF\n")); err != nil {
		t.Fatal(err)
	}
	if r := d.sync(app.Offline); r.Waiting != 1 {
		t.Errorf("%d wait", r.Waiting)
	}
	if box := d.outbox(); box.Waiting != 1 || len(box.Items) != 1 || box.Items[0].Kind != "receipt" || !box.Reached.Equal(reached) || reached.IsZero() {
		t.Errorf("%+v", box)
	}
	if _, err := d.Attach(c.ID, central.DocScan, "tarama.pdf", []byte("%PDF-1.4\nscan\n%%EOF\n")); err != nil {
		t.Fatal(err)
	}
	if box := d.outbox(); box.Waiting != 2 {
		t.Errorf("a receipt and a scan: %+v", box.Items)
	}
	d.central = office.URL
	d.open()
	if r := d.sync(""); r.Waiting != 0 || r.Sent != 3 {
		t.Errorf("%+v", r)
	}
}
