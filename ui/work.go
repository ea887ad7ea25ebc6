package ui

import (
	"context"
	"errors"
	"reflect"
	"time"

	"rekey/app"
	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/i18n"
)

// work runs f away from the window and brings its answer back to it. It is the only way in which answers come back.
func work[T any](w *Window, f func(context.Context) (T, error), then func(T, error)) {
	w.busy++
	go func() {
		answer, err := f(w.ctx)
		w.post(func() {
			w.busy--
			then(answer, err)
		})
	}()
}

// reload reads the cards and the cases anew; changes that come in the meantime are not missed.
func (w *Window) reload() {
	if w.looking {
		w.lookAgain = true
		return
	}
	w.looking = true
	type all struct {
		view  app.View
		cases caseList
		draft *app.Draft
		known map[string]*procedure.Procedure
	}
	work(w, func(ctx context.Context) (all, error) {
		var a all
		var err, caseErr error
		a.view, err = w.desk.Look(ctx)
		a.known = map[string]*procedure.Procedure{}
		for _, p := range w.desk.Procedures() {
			a.known[p.ID] = p
		}
		a.cases, caseErr = w.desk.Cases()
		if d, ok := w.desk.OpenDraft(); ok {
			a.draft = &d
		}
		return a, errors.Join(err, caseErr)
	}, func(a all, err error) {
		changed := !w.looked || !sameView(w.view, a.view) || !sameError(w.viewErr, err) || !reflect.DeepEqual(w.cases, a.cases) || !reflect.DeepEqual(w.draft, a.draft)
		w.tellOffice(w.view.Outbox.LastError, a.view.Outbox.LastError)
		w.looking, w.looked = false, true
		w.view, w.viewErr, w.cases, w.draft, w.procedures = a.view, err, a.cases, a.draft, a.known
		if w.lookAgain {
			w.lookAgain = false
			w.reload()
		}
		w.remind()
		w.comeBack()
		if !changed { // the cards are looked at every few seconds: nothing new is nothing to draw
			return
		}
		// Pages that hold typing or work are not drawn anew under the person's hands.
		if w.wizard != nil {
			w.wizard.cardsChanged()
		}
		if w.page != pageWizard && w.page != pageSettings && w.page != pageNewPIN && (w.page != pageJob || w.job.finished || w.job.failed != nil) {
			w.show()
		}
	})
}

// sameView says whether two looks show the same, to the minute in which they were taken.
func sameView(a, b app.View) bool {
	minute := a.At.Truncate(time.Minute).Equal(b.At.Truncate(time.Minute))
	a.At, b.At = time.Time{}, time.Time{}
	return minute && reflect.DeepEqual(a, b)
}

func sameError(a, b error) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Error() == b.Error()
}

// report shows a failure above the page. A nil error says nothing.
func (w *Window) report(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	w.note = w.failure(err)
	w.show()
}

// failure puts an error into words: what happened, what to do.
func (w *Window) failure(err error) *notice { return failure(w.t, err) }

func failure(t *i18n.Printer, err error) *notice {
	kind := string(app.KindOf(err))
	if !t.Has("error." + kind + ".what") {
		kind = string(app.Internal)
	}
	tone := control.Bad
	if kind == string(app.Offline) || kind == string(app.PINCancelled) {
		tone = control.Due
	}
	n := &notice{tone: tone, what: t.T("error." + kind + ".what"), do: t.T("error."+kind+".do", "path", pathOf(err)), detail: err.Error()}
	if kind == string(app.PINCancelled) {
		n.detail = "" // what the person wished has nothing for support
	}
	return n
}
