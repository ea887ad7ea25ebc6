package app

import (
	"fmt"

	"rekey/app/cases"
	"rekey/store"
)

// StepDone records what the person did outside of the program. A step whose turn it is not is refused, see cases.Case.MayMark.
func (a *App) StepDone(caseID, step string) (cases.Case, error) {
	c, err := a.Case(caseID)
	if err != nil {
		return c, err
	}
	return a.change(c.ID, func(tx *store.Tx, c cases.Case) (cases.Case, error) {
		if err := c.MayMark(step); err != nil {
			return c, &Error{"step done", BadInput, err}
		}
		return a.apply(tx, c, cases.Event{Kind: cases.StepDone, Step: step})
	})
}

// StepUndone takes the mark on a step back, as long as nothing else has happened in the case since.
func (a *App) StepUndone(caseID, step string) (cases.Case, error) {
	const op = "step undone"
	c, err := a.Case(caseID)
	if err != nil {
		return c, err
	}
	return a.change(c.ID, func(tx *store.Tx, c cases.Case) (cases.Case, error) {
		last, err := store.Get[cases.Event](tx, store.Events, c.ID+"/"+store.Sequence(uint64(c.Events)))
		if err != nil {
			return c, failed(op, err)
		}
		if last.Kind != cases.StepDone || last.Step != step {
			return c, &Error{op, BadInput, fmt.Errorf("the case has gone on since step %q was marked", step)}
		}
		return a.apply(tx, c, cases.Event{Kind: cases.StepUndone, Step: step})
	})
}
