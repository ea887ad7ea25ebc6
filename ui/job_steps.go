package ui

import (
	"slices"

	"rekey/app/cases"
	"rekey/app/procedure"
)

// upcoming are the steps of the case that this work will come to and has not begun yet.
func (j *job) upcoming() []string {
	if j.what != "" {
		return nil
	}
	var out []string
	for _, s := range j.result.Steps {
		begun := slices.ContainsFunc(j.steps, func(p progressed) bool { return p.what == s.What })
		switch {
		case s.State == cases.Done:
			continue
		case s.What == procedure.Approve, s.What == procedure.Issue, s.What == procedure.Choose:
			return out
		case cases.Machine(s.What) && !begun:
			out = append(out, s.What)
		}
	}
	return out
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
