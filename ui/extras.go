package ui

import (
	"errors"

	"rekey/app"
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

// wrongPIN says that a PIN was not taken, and how near the card is to being locked. Not every card counts aloud.
func (w *Window) wrongPIN(kind app.Kind, err error) string {
	text := w.T("error." + string(kind) + ".what")
	switch n := triesLeft(err); {
	case kind != app.PINWrong:
	case n > 0:
		text += " " + w.T("pin.tries", "n", n)
	default:
		text += " " + w.T("pin.locks")
	}
	return text
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
