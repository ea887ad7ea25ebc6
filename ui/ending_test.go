package ui

import (
	"context"
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rekey/app"
	"rekey/app/cases"
)

// timed is a Desk whose work takes as long, by the window's clock, and ends as the test says.
type timed struct {
	*fakeDesk
	clock time.Time
	takes time.Duration
	err   error
}

func (d *timed) Run(_ context.Context, caseID string, _ app.Ask) (cases.Case, error) {
	c, _ := d.Case(caseID)
	d.clock = d.clock.Add(d.takes)
	return c, d.err
}

func (d *timed) Sync(context.Context) (app.SyncResult, error) {
	d.clock = d.clock.Add(d.takes)
	return app.SyncResult{Sent: 1, Pulled: 2}, d.err
}

// The end of work that took long is told by a notification of the system; what is quick, or was stopped by the person, is not.
func TestLongWorkTellsItsEnd(t *testing.T) {
	for name, row := range map[string]struct {
		takes time.Duration
		err   error
		job   string // text that tells the end; "": none
		sync  string
	}{
		"quick":         {longWork - time.Second, nil, "", ""},
		"long":          {longWork, nil, "remind.done", "sync.done"},
		"long and bad":  {longWork, errors.New("the card is gone"), "remind.failed", "error.internal.what"},
		"quick and bad": {longWork - time.Second, errors.New("the card is gone"), "", ""},
		"stopped":       {longWork, context.Canceled, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := &timed{fakeDesk: newFake(t), clock: fakeNow, takes: row.takes, err: row.err}
			s := open(t, d, "tr", "light")
			s.now = func() time.Time { return d.clock }
			tells := func(key string, do func()) {
				t.Helper()
				var want *fyne.Notification
				if key != "" {
					want = fyne.NewNotification(s.T("app.name"), s.T(key, "sent", 1, "pulled", 2, "waiting", 0))
				}
				test.AssertNotificationSent(t, want, func() { do(); s.rest() })
			}
			tells(row.job, func() { s.startRun(cases.Case{ID: "case-1"}, "", false) })
			s.Go(pageHome)
			s.rest()
			tells(row.sync, s.sync)
		})
	}
}
