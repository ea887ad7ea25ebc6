package office

import (
	"context"
	"strings"
	"unicode/utf8"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
)

// AnyVersion decides a case whatever its version is. Any other number is the version that the caller saw: when the case has
// another one by now, nothing is done (KindStale with *VersionError).
const AnyVersion int64 = 0

// move changes a case within a transaction and names the documents that come with the decision. changed is false when the case
// has been moved this way before.
type move func(r *record) (changed bool, from []central.Document, err error)

// Approve moves a case from received to approved.
func (o *Office) Approve(ctx context.Context, who Caller, id string, seen int64) (central.Case, error) {
	c, err := o.decide(ctx, who, id, seen, func(r *record) (bool, []central.Document, error) {
		changed, err := step(r, central.StateReceived, central.StateApproved)
		return changed, nil, err
	})
	return c, wrap("approve case", err)
}

// Return sends a case back to its owner, who is told why and may correct it.
func (o *Office) Return(ctx context.Context, who Caller, id string, seen int64, why string) (central.Case, error) {
	const op = "return case"
	why = strings.TrimSpace(why)
	if why == "" || utf8.RuneCountInString(why) > maxWhy {
		return central.Case{}, wrap(op, invalid("why: want 1 to %d characters", maxWhy))
	}
	c, err := o.decide(ctx, who, id, seen, func(r *record) (bool, []central.Document, error) {
		if r.Case.State == central.StateReturned && r.Case.Why != why {
			return false, nil, conflict("the case has been returned already, for another reason")
		}
		changed, err := step(r, central.StateReceived, central.StateReturned)
		if changed {
			r.Case.Why = why
		}
		return changed, nil, err
	})
	return c, wrap(op, err)
}

// step is a legal move, a repetition (not changed), or a conflict.
func step(r *record, from, to string) (changed bool, err error) {
	switch r.Case.State {
	case to:
		return false, nil
	case from:
		r.Case.State = to
		return true, nil
	}
	return false, conflict("the case is %s; only a case that is %s can become %s", r.Case.State, from, to)
}

// decide runs one move and writes the case and the change that tells its owner, in one transaction.
func (o *Office) decide(ctx context.Context, who Caller, id string, seen int64, m move) (central.Case, error) {
	var r record
	err := o.db.Update(ctx, func(tx data.Tx) (err error) {
		if r, err = forOfficer(tx, who, id, seen); err != nil {
			return err
		}
		changed, from, err := m(&r)
		if err != nil || !changed {
			return err
		}
		r.Case.Version++
		r.Case.UpdatedAt = o.now()
		if err := save(tx, r); err != nil {
			return err
		}
		for _, d := range from {
			if err := tx.Put(data.Readers, ReaderKey(d.SHA256, r.Client), []byte{1}); err != nil {
				return err
			}
		}
		return Tell(tx, r.Client, central.Change{Case: id, State: r.Case.State, Why: r.Case.Why, Version: r.Case.Version, Documents: from, At: r.Case.UpdatedAt})
	})
	if err != nil {
		return central.Case{}, err
	}
	return r.Case, nil
}

// forOfficer locks and reads a case that the officer decides by the version that was seen.
func forOfficer(tx data.Tx, who Caller, id string, seen int64) (record, error) {
	if !who.Officer() {
		return record{}, noCase()
	}
	if err := lockCase(tx, id); err != nil {
		return record{}, err
	}
	r, err := find(tx, id)
	if err == nil {
		err = current(r.Case, seen)
	}
	return r, err
}
