package ui

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/procedure"
)

// endless is a Desk whose work with the office ends only when it is stopped.
type endless struct {
	*fakeDesk
	waiting []app.Unsent
	stopped []string // what was stopped
}

func (d *endless) Look(ctx context.Context) (app.View, error) {
	v, err := d.fakeDesk.Look(ctx)
	v.Outbox.Items = d.waiting
	return v, err
}

func (d *endless) Run(ctx context.Context, caseID string, ask app.Ask) (cases.Case, error) {
	c, err := d.Case(caseID)
	if err != nil {
		return c, err
	}
	ask.Progress(app.Progress{What: procedure.Send})
	<-ctx.Done()
	d.stopped = append(d.stopped, "job")
	return c, ctx.Err()
}

func (d *endless) Sync(ctx context.Context) (app.SyncResult, error) {
	<-ctx.Done()
	d.stopped = append(d.stopped, "sync")
	return app.SyncResult{}, ctx.Err()
}

// hasStopped says once what was stopped.
func (d *endless) hasStopped(t *testing.T, what string) {
	t.Helper()
	if len(d.stopped) != 1 || d.stopped[0] != what {
		t.Errorf("stopped %v, want one %s", d.stopped, what)
	}
	d.stopped = nil
}

// Sending can be stopped, by its button and by Esc; the page says so, and the work can go on.
func TestJobIsStopped(t *testing.T) {
	d := &endless{fakeDesk: newFake(t)}
	s := open(t, d, "en", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	fillTurkish(s)
	s.tap("wizard.next")
	s.tap("wizard.next")
	begin := "wizard.next"
	for _, stop := range []func(){
		func() { s.tap("job.stop") },
		func() { s.win.Canvas().Unfocus(); s.key(fyne.KeyEscape) },
	} {
		s.press(begin, func() bool { return s.has("job.stop") })
		s.onPage("job.work")
		stop()
		s.onPage("job.failed")
		s.says(s.T("job.stopped"))
		d.hasStopped(t, "job")
		begin = "job.again"
	}
}

// The exchange with the office can be stopped wherever it was begun; what waits goes on waiting.
func TestSyncIsStopped(t *testing.T) {
	d := &endless{fakeDesk: newFake(t)}
	s := open(t, d.fakeDesk, "en", "light")
	renewDoctor(s)
	s.stop()
	c := d.kept[0]
	for name, row := range map[string]struct {
		sent       bool
		page       func(s *stage)
		begin, end string
	}{
		"start page": {false, func(s *stage) { s.Go(pageHome) }, "home.sync", "home.sync.stop"},
		"cases":      {false, func(s *stage) { s.Go(pageCases) }, "outbox.now", "outbox.stop"},
		"unsent":     {false, func(s *stage) { s.openCase(c.ID) }, "case.sync", "case.sync.stop"},
		"sent":       {true, func(s *stage) { s.openCase(c.ID) }, "case.sync", "case.sync.stop"},
	} {
		d.waiting = nil
		step, at := cases.Done, fakeNow
		if !row.sent {
			d.waiting = []app.Unsent{{Kind: "case", Case: c.ID, Since: fakeNow}}
			step, at = cases.Pending, at.AddDate(-1, 0, 0)
		}
		kept, _ := d.Case(c.ID)
		for i := range kept.Steps {
			if kept.Steps[i].What == procedure.Send {
				kept.Steps[i].State, kept.Steps[i].At = step, at
			}
		}
		d.put(kept)
		s := open(t, d, "en", "light")
		row.page(s)
		s.rest()
		if s.has(row.end) || !s.has(row.begin) {
			t.Fatalf("%s: before it begins: %v", name, s.ids())
		}
		s.press(row.begin, func() bool { return s.has(row.end) })
		s.tap(row.end)
		s.says(s.T("sync.stopped"))
		d.hasStopped(t, "sync")
		if !s.has(row.begin) || s.has(row.end) {
			t.Errorf("%s: it cannot be begun again: %v", name, s.ids())
		}
	}
}
