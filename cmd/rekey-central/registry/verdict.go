package registry

import (
	"context"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

// petition is a kind of records that the office accepts or declines.
type petition[T any] struct {
	shelf[T]
	told    string // kind of the change that the owner gets
	verdict func(*T) *verdict
}

// verdict is the office's part of such a record.
type verdict struct {
	State *string
	Why   *string
}

// handIn takes a petition in: waiting, whatever it says of itself. The same again changes nothing; another one of the same ID is a conflict.
func handIn[T any](r *Registry, ctx context.Context, op string, p petition[T], who office.Caller, id string, v T, keep func(old, v *T), check func(tx data.Tx, owner string) error) (T, bool, error) {
	return put(r, ctx, op, p.shelf, who, "", id, AnyVersion, func(tx data.Tx, owner string, old *T) (T, error) {
		v := v
		word := p.verdict(&v)
		*word.State, *word.Why = central.Waiting, ""
		if old == nil {
			return v, check(tx, owner)
		}
		*word.State, *word.Why = *p.verdict(old).State, *p.verdict(old).Why
		keep(old, &v)
		*p.stamp(&v) = *p.stamp(old)
		if same, err := equal(old, &v); err != nil || !same {
			return v, join(err, conflict("this ID has come with other content; make a new one"))
		}
		return v, nil
	})
}

// decide says yes (to is central.Accepted) or no, and tells the owner. also is done with it, once.
func decide[T any](r *Registry, ctx context.Context, op string, p petition[T], who office.Caller, id string, seen int64, to, why string, also func(tx data.Tx, v *T) error) (T, error) {
	v, _, err := put(r, ctx, op, p.shelf, who, "", id, seen, func(tx data.Tx, owner string, old *T) (v T, err error) {
		if old == nil {
			return v, nothing()
		}
		v = *old
		word := p.verdict(&v)
		switch *word.State {
		case to:
			if *word.Why != why {
				return v, conflict("it is %s already, for another reason", to)
			}
			return v, nil
		case central.Waiting:
		default:
			return v, conflict("it is %s already", *word.State)
		}
		*word.State, *word.Why = to, why
		if err := also(tx, &v); err != nil {
			return v, err
		}
		return v, office.Tell(tx, owner, central.Change{Kind: p.told, ID: id, State: to, Why: why})
	})
	return v, err
}
