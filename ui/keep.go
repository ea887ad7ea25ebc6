package ui

import (
	"context"
	"time"

	"rekey/app"
)

// write is work that a closing window waits for: it keeps what the person has entered or chosen.
func (w *Window) write(f func() error, then func(error)) {
	w.writing.Add(1)
	work(w, func(context.Context) (struct{}, error) {
		defer w.writing.Done()
		return struct{}{}, f()
	}, func(_ struct{}, err error) { then(err) })
}

// flush writes what still waits when the window has closed: nothing of it can be told to the person any more.
func (w *Window) flush() {
	done := make(chan struct{})
	go func() {
		w.writing.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(closePatience):
		return // a disk that hangs
	}
	if d := w.saves.next; d != nil {
		w.saves.next = nil
		_ = w.desk.SaveDraft(*d)
	}
	if place := w.places.next; place != nil {
		w.places.next = nil
		_ = w.desk.SetSetting(SettingPlace, *place)
	}
}

// keep keeps a setting.
func (w *Window) keep(key, value string) { w.keepThen(key, value, func() {}) }

// keepThen keeps a setting and goes on when it is kept.
func (w *Window) keepThen(key, value string, then func()) {
	w.write(func() error { return w.desk.SetSetting(key, value) }, func(err error) {
		w.report(err)
		then()
	})
}

// saver keeps drafts one after the other; only the newest that waits is written.
type saver struct {
	busy bool
	next *app.Draft
	last *app.Draft // as this window knows it: what was read in the meantime may be older
	then func()     // waits until nothing is left to keep
}

// whenSaved runs f as soon as no draft is being kept: a late save must not bring back a draft that became a case.
func (w *Window) whenSaved(f func()) {
	w.saves.then = f
	w.saveNext()
}

func (w *Window) saveDraft(d app.Draft) {
	d = ownCopy(d)
	w.saves.next, w.saves.last = &d, &d
	w.saveNext()
}

func (w *Window) saveNext() {
	if w.saves.busy {
		return
	}
	if w.saves.next == nil {
		if then := w.saves.then; then != nil {
			w.saves.then = nil
			then()
		}
		return
	}
	d := *w.saves.next
	w.saves.busy, w.saves.next = true, nil
	w.write(func() error { return w.desk.SaveDraft(d) }, func(err error) {
		w.saves.busy = false
		w.report(err)
		w.saveNext()
	})
}

// ownCopy is the draft with maps of its own where typing goes.
func ownCopy(d app.Draft) app.Draft {
	d.Details = cloned(d.Details)
	if d.Row != nil {
		d.Row = cloned(d.Row)
	}
	return d
}

func cloned(m map[string]string) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}
