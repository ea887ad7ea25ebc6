package app_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"rekey/app"
	"rekey/app/central"
	"rekey/cmd/rekey-demo/stage"
)

const year = 365 * 24 * time.Hour

// A machine's clock was a year ahead while the office was away, and is then set right: nothing waits for a year.
func TestClockSetBackEndsTheWaiting(t *testing.T) {
	f := newFeed(t)
	var status atomic.Int32
	status.Store(500)
	address := proxy(t, f.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		if s := int(status.Load()); s != 0 {
			if s == 503 {
				w.Header().Set("Retry-After", "3600")
			}
			problem(w, s, "not now")
			return
		}
		behind.ServeHTTP(w, r)
	})
	for name, trouble := range map[string]int32{"the thing itself": 500, "the office has asked for it": 503} {
		status.Store(trouble)
		clock := newClock()
		d := newDesk(t, stage.Head(), 200, address)
		d.now, d.jitter = clock.now, func(limit time.Duration) time.Duration { return limit }
		d.open()
		c := d.begin()
		clock.move(year / 2)
		d.run(c.ID, "")
		if next := d.outbox().Next; !next.After(clock.now()) {
			t.Fatalf("%s: the next try is at %v", name, next)
		}
		clock.move(-year / 2)
		if next := d.outbox().Next; next.After(clock.now().Add(15 * time.Minute)) {
			t.Errorf("%s: the next try is at %v", name, next)
		}
		status.Store(0)
		d.watched(func() bool { return d.outbox().Waiting == 0 })
	}
	if len(f.submitted) != 2 {
		t.Errorf("%d cases", len(f.submitted))
	}
}

// A receipt that is attached after the clock was set back goes out all the same.
func TestReceiptAfterTheClockWasSetBack(t *testing.T) {
	f := newFeed(t)
	clock := newClock()
	d := newDesk(t, stage.Doctor(), 20, f.URL)
	d.now = clock.now
	d.open()
	c := d.run(d.begin().ID, "")
	f.say(c.ID, central.StateReturned, "the receipt is missing")
	d.sync("")
	clock.move(-24 * time.Hour)
	if _, err := d.Attach(c.ID, central.DocReceipt, "dekont.pdf", []byte("%PDF-1.4\nreceipt\n%%EOF\n")); err != nil {
		t.Fatal(err)
	}
	if d.sync(""); len(f.receipts) != 1 {
		t.Errorf("%d receipts, %+v", len(f.receipts), d.outbox())
	}
}

// What waits behind a case that was refused does not wake the program every second.
func TestBehindARefusedCaseNothingIsDue(t *testing.T) {
	f := newFeed(t)
	d := newDesk(t, stage.Doctor(), 20, proxy(t, f.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		if r.Method == http.MethodPost {
			problem(w, 422, "not readable")
			return
		}
		behind.ServeHTTP(w, r)
	}))
	c := d.begin()
	if _, err := d.Attach(c.ID, central.DocReceipt, "dekont.pdf", []byte("%PDF-1.4\nreceipt\n%%EOF\n")); err != nil {
		t.Fatal(err)
	}
	d.run(c.ID, app.Refused)
	if box := d.outbox(); box.Waiting != 1 || box.Items[0].Kind != "receipt" || d.UntilNext() < time.Minute {
		t.Errorf("%+v, next in %v", box, d.UntilNext())
	}
}
