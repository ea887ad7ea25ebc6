package app

import (
	"errors"
	"fmt"
	"maps"

	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/store"
)

// Correct mends the details of a case that the office has returned, and its table when rows are given; what is not given stays. Run then
// makes the documents anew, with the same key, and sends the case again under its old ID. A wrong cell of the table is a *CellError.
func (a *App) Correct(caseID string, details map[string]string, rows ...map[string]string) (cases.Case, error) {
	const op = "correct case"
	a.running.Lock()
	defer a.running.Unlock()
	c, err := a.Case(caseID)
	if err != nil {
		return c, err
	}
	if !c.Returned() {
		return c, &Error{op, BadInput, errNotReturned}
	}
	p, route, err := a.route(Draft{Procedure: c.Procedure, Reason: c.Reason, Route: c.Route})
	if err != nil {
		return c, err
	}
	var current register.Certificate
	if c.Current != "" { // some cases begin without a certificate
		if current, err = a.current(c); err != nil {
			return c, err
		}
	}
	d := Draft{Procedure: c.Procedure, Details: maps.Clone(c.Details)}
	if err := a.FillIn(&d, details); err != nil {
		return c, err
	}
	mended, err := a.checkAll(p, c.Reason, d.Details, current)
	if err != nil {
		return c, failed(op, err)
	}
	table := c.Rows
	if len(rows) > 0 {
		reason, _ := p.Reason(c.Reason)
		if table, err = a.checkRows(p, reason, rows); err != nil {
			return c, failed(op, err)
		}
	}
	kind := c.Details["holder_kind"]
	switch {
	case mended["holder_kind"] != kind:
		return c, &Error{op, BadInput, errors.New("holder_kind: other steps belong to it; begin a new case")}
	case maps.Equal(mended, c.Details) && sameRows(table, c.Rows) && !route.Has(procedure.ESign, kind):
		return c, &Error{op, BadInput, errors.New("nothing differs from what the office has returned")}
	}
	after, err := a.change(c.ID, func(tx *store.Tx, c cases.Case) (cases.Case, error) {
		if err := dropWaiting(tx, c.ID, sendCase); err != nil { // what the office has returned: only its answer was lost
			return c, err
		}
		c, err := a.apply(tx, c, cases.Event{Kind: cases.Corrected, Details: mended, Rows: table})
		if err != nil {
			return c, err
		}
		return c, tx.Delete(store.Drafts, c.ID)
	})
	return after, failed(op, err)
}

// noOther refuses a second open case for the same certificate: the office would get the same application twice, and the card a
// second key.
func (a *App) noOther(d Draft) error {
	all, err := a.Cases()
	if err != nil {
		return err
	}
	for _, c := range all {
		if d.Fingerprint != "" && c.ID != d.ID && c.Current == d.Fingerprint && c.Procedure == d.Procedure && c.Reason == d.Reason && !c.Closed() {
			return &Error{"start case", BadInput, fmt.Errorf("case %s for this certificate is open: go on with it, or cancel it first", c.ID)}
		}
	}
	return nil
}

// Cancel gives up a case that the office does not have yet. Nothing is deleted: a key that was made stays on the card.
func (a *App) Cancel(caseID string) (cases.Case, error) {
	const op = "cancel case"
	a.running.Lock()
	defer a.running.Unlock()
	a.syncing.Lock() // nothing is on its way meanwhile
	defer a.syncing.Unlock()
	c, err := a.Case(caseID)
	if err != nil {
		return c, err
	}
	after, err := a.change(c.ID, func(tx *store.Tx, c cases.Case) (cases.Case, error) {
		if err := dropWaiting(tx, c.ID, ""); err != nil {
			return c, err
		}
		return a.apply(tx, c, cases.Event{Kind: cases.Cancelled})
	})
	if errors.Is(err, cases.ErrOrder) {
		err = &Error{op, BadInput, err}
	}
	return after, failed(op, err)
}
