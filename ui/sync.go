package ui

import (
	"context"
	"errors"

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
	w.stopSync = stop
	w.show()
	work(w, func(context.Context) (syncResult, error) { return w.desk.Sync(ctx) }, func(r syncResult, err error) {
		stop()
		w.stopSync = nil
		switch {
		case err == nil:
			w.note = &notice{tone: control.Fine, what: w.T("sync.done", "sent", r.Sent, "pulled", r.Pulled, "waiting", r.Waiting)}
			w.notifyEnd(began, w.note.what)
		case errors.Is(err, context.Canceled):
			w.note = &notice{tone: control.Info, what: w.T("sync.stopped")}
		default:
			w.note = w.failure(err)
		}
		w.show()
		w.reload()
	})
}
