package app_test

import (
	"testing"

	"rekey/app"
	"rekey/app/procedure"
	"rekey/cmd/rekey-demo/stage"
)

// For one certificate there is one open case; one that still waits in the outbox can be given up, and then another is begun.
func TestASecondCaseNeedsTheFirstToBeCancelled(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "http://127.0.0.1:1") // nobody listens there
	first := d.run(d.begin().ID, "")
	_, err := d.Start(d.draft())
	wantKind(t, err, app.BadInput)
	if first, err = d.Cancel(first.ID); err != nil || !first.Closed() {
		t.Fatalf("cancel: %v, %+v", err, first.Cancelled)
	}
	if r := d.sync(app.Offline); r.Waiting != 0 {
		t.Errorf("a cancelled case still waits: %+v", r)
	}
	if second := d.begin(); second.ID == first.ID {
		t.Error("the cancelled case came back")
	}
}

func TestWhatTheOfficeHasCannotBeCancelled(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, office.URL)
	c := d.run(d.begin().ID, "")
	if state(c, procedure.Send) != "done" {
		t.Fatal("not sent")
	}
	_, err := d.Cancel(c.ID)
	wantKind(t, err, app.BadInput)
}
