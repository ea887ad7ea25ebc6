package app

import (
	"errors"
	"maps"
	"slices"

	"rekey/store"
)

var errNotReturned = errors.New("only a case that the office has returned can be corrected")

// Correction is the draft in which the holder mends a returned case: as it was left, or else the case as the office has returned it. Its ID
// is the case's. SaveDraft keeps it; Correct ends it.
func (a *App) Correction(caseID string) (Draft, error) {
	const op = "begin correction"
	c, err := a.Case(caseID)
	if err != nil {
		return Draft{}, failed(op, err)
	}
	if !c.Returned() {
		return Draft{}, &Error{op, BadInput, errNotReturned}
	}
	fresh := Draft{ID: c.ID, Mends: true, Procedure: c.Procedure, Reason: c.Reason, Route: c.Route, CardSerial: c.CardSerial, Fingerprint: c.Current,
		KeyAlgorithm: c.KeyAlgorithm, Details: maps.Clone(c.Details), From: FromCase, Rows: c.Rows}
	err = a.store.View(func(tx *store.Tx) error {
		left, err := store.Get[Draft](tx, store.Drafts, c.ID)
		if err == nil && left.Mends {
			fresh = left
		}
		if store.KindOf(err) == store.NotFound {
			err = nil
		}
		return err
	})
	return fresh, failed(op, err)
}

// sameRows says whether two tables hold the same, row for row.
func sameRows(a, b []map[string]string) bool {
	return slices.EqualFunc(a, b, func(x, y map[string]string) bool { return maps.Equal(x, y) })
}
