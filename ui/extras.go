package ui

import (
	"errors"

	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/token"
)

// triesLeft reads from a refused PIN how many tries are left; -1 when the card does not tell.
func triesLeft(err error) int {
	if e := (*token.PINError)(nil); errors.As(err, &e) {
		return e.TriesLeft
	}
	return -1
}

// sent says whether the step "send" has been done.
func sent(steps []cases.Step) bool {
	for _, s := range steps {
		if s.What == procedure.Send {
			return s.State == cases.Done
		}
	}
	return true
}

// pageName is the page's name in the map.
func (w *Window) pageName() string {
	switch w.page {
	case pageWizard:
		return "wizard." + string(rune('1'+w.wizard.draft.Page))
	case pageJob:
		return w.job.name()
	case pagePapers:
		return w.papers.name()
	}
	return w.page
}
