package ui

import (
	"context"
	"slices"

	"rekey/app"
	"rekey/app/procedure"
)

// word names a step of this work in the translation files.
func (j *job) word(what string) string {
	if what == "choose" && j.other {
		return "choose-other"
	}
	return what
}

// upcoming are the steps of the case that this work will come to and has not begun yet.
func (j *job) upcoming() []string {
	if j.what != "" {
		return nil
	}
	return slices.DeleteFunc(j.result.Ahead(issued(&j.result)), func(what string) bool {
		return slices.ContainsFunc(j.steps, func(p progressed) bool { return p.what == what })
	})
}

// counted says how many of the steps of this work are done.
func (j *job) counted() (done, of int) {
	for _, s := range j.steps {
		if s.done {
			done++
		}
	}
	return done, len(j.steps) + len(j.upcoming())
}

// canStop says whether the work can be stopped now: not while a card is being written to or asked to sign, and not while the question
// for the PIN is open, which has its own way out.
func (j *job) canStop() bool {
	if !j.running || len(j.steps) == 0 || j.pin != nil && !j.pin.sent {
		return false
	}
	now := j.steps[len(j.steps)-1]
	return !now.done && (now.what == procedure.Form || now.what == procedure.Send)
}

// takeBack goes back to the wizard with everything that was typed, and leaves no case behind.
func (j *job) takeBack() {
	w := j.w
	if j.running {
		return
	}
	j.running = true // one press is enough
	work(w, func(context.Context) (app.Draft, error) { return w.desk.TakeBack(j.result.ID) }, func(d app.Draft, err error) {
		j.running = false
		if err != nil {
			w.report(err)
			return
		}
		if w.job == j && w.page == pageJob {
			w.job = nil
			w.resumeAt(d, wizardCheck)
		}
		w.reload()
	})
}
