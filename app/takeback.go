package app

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/store"
)

// Untouched says that nothing has come of a case but what Rekey can lay out again from its details: no key was even meant to be made, nothing
// was signed, attached, marked or sent.
func Untouched(c cases.Case) bool {
	return !c.Cancelled && !c.AtOffice() && len(c.KeyID) == 0 && c.Why == "" && len(c.Notes)+len(c.Conflicts) == 0 &&
		!slices.ContainsFunc(c.Steps, func(s cases.Step) bool {
			return s.State != cases.Pending && s.What != procedure.Fill && s.What != procedure.Form
		}) &&
		!slices.ContainsFunc(c.Documents, func(d cases.Document) bool { return !laidOut(d.Kind) })
}

// laidOut are the documents that come from the details and the current certificate alone.
func laidOut(kind string) bool {
	switch kind {
	case docCurrent, central.DocApplication, DocPayment, docPaymentText:
		return true
	}
	return strings.HasPrefix(kind, DocForm)
}

// TakeBack makes an untouched case into a draft again and leaves nothing of the case behind. A case that has gone further is BadInput.
func (a *App) TakeBack(caseID string) (Draft, error) {
	const op = "take case back"
	a.running.Lock() // nobody works on it meanwhile
	defer a.running.Unlock()
	a.syncing.Lock() // and nothing of it is on its way
	defer a.syncing.Unlock()
	id, err := uuid.NewV7() // another one: what was exported of the case may lie in its folder still
	if err != nil {
		return Draft{}, failed(op, err)
	}
	var d Draft
	err = a.store.Update(func(tx *store.Tx) error {
		c, err := store.Get[cases.Case](tx, store.Cases, caseID)
		if err != nil {
			return err
		}
		if queued, err := isWaiting(tx, c.ID); err != nil || queued || !Untouched(c) {
			return cmp.Or(err, error(&Error{op, BadInput, errors.New("the case has gone on already")}))
		}
		d = Draft{ID: id.String(), Procedure: c.Procedure, Reason: c.Reason, Route: c.Route, CardSerial: c.CardSerial, Fingerprint: c.Current,
			KeyAlgorithm: c.KeyAlgorithm, Details: maps.Clone(c.Details), Rows: c.Rows, UpdatedAt: a.now()}
		if err := forget(tx, c); err != nil {
			return err
		}
		return store.Put(tx, store.Drafts, d.ID, d)
	})
	if err != nil {
		return Draft{}, failed(op, err)
	}
	return d, nil
}

// forget takes a case, its events and the documents that only it speaks of out of the store.
func forget(tx *store.Tx, c cases.Case) error {
	gone := []erasure{{store.Cases, c.ID}}
	if err := store.Each(tx, store.Events, c.ID+"/", func(key string, _ json.RawMessage) error {
		gone = append(gone, erasure{store.Events, key})
		return nil
	}); err != nil {
		return err
	}
	documents := map[string]bool{}
	for _, d := range c.Documents {
		documents[d.SHA256] = true
	}
	for _, g := range gone {
		if err := tx.Delete(g.bucket, g.key); err != nil {
			return err
		}
	}
	return (&Erased{Removed: map[store.Bucket]int{}}).documents(tx, documents)
}
