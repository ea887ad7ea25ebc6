package ui

import (
	"context"
	"errors"
	"time"

	"rekey/app"
	"rekey/ui/control"
)

type syncResult = app.SyncResult

// sync exchanges with the office. It can be stopped: what was not sent waits in the outbox.
func (w *Window) sync() {
	if w.stopSync != nil {
		return
	}
	ctx, stop := context.WithCancel(w.ctx)
	began := w.now()
	w.stopSync, w.unsentOf, w.unsentLeft = stop, w.view.Outbox.Waiting, w.view.Outbox.Waiting
	w.show()
	if w.unsentOf > 1 {
		go w.countUnsent(ctx)
	}
	work(w, func(context.Context) (syncResult, error) { return w.desk.Sync(ctx) }, func(r syncResult, err error) {
		stop()
		w.stopSync = nil
		switch {
		case err == nil && !w.view.Outbox.Configured:
			w.note = &notice{tone: control.Due, what: w.T("side.no-office")}
		case err == nil:
			w.note = &notice{tone: control.Fine, what: w.T("sync.done", "sent", r.Sent, "pulled", r.Pulled, "waiting", r.Waiting)}
			w.notifyEnd(began, w.note.what)
		case errors.Is(err, context.Canceled):
			w.note = &notice{tone: control.Info, what: w.T("sync.stopped")}
		case app.KindOf(err) == app.Offline && r.Waiting == 0:
			w.note = w.failure(err)
			w.note.do = w.asOf()
		default:
			w.note = w.failure(err)
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			w.notifyEnd(began, w.note.what)
		}
		w.show()
		w.reload()
	})
}

// countEvery is how often a long exchange says how much of it is done.
const countEvery = time.Second

// countUnsent looks how much is left while an exchange runs.
func (w *Window) countUnsent(ctx context.Context) {
	tick := time.NewTicker(countEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if box, err := w.desk.Outbox(); err == nil {
				w.post(func() { w.sentSoFar(box.Waiting) })
			}
		}
	}
}

// sentSoFar shows how much is left, where that has changed.
func (w *Window) sentSoFar(left int) {
	if w.stopSync == nil || left == w.unsentLeft {
		return
	}
	w.unsentLeft = left
	if w.page == pageCases {
		w.show()
	}
}

// asOf says from when what is shown comes, while nothing newer can be fetched.
func (w *Window) asOf() string {
	if at := w.view.Outbox.Reached; !at.IsZero() {
		return w.T("sync.as-of", "moment", w.t.Moment(at))
	}
	return w.T("sync.as-of.unknown")
}
