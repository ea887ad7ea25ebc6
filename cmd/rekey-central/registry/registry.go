// Package registry keeps what a client tells the office beside its cases: holders, certificates, cards, photos, receipts and
// wishes to revoke, and counts what is there.
//
// All of them are records of one make (shelf.go): each belongs to an owner, has a version that grows with each change, and is
// changed in one transaction, together with the word to its owner. It promises: nobody sees another owner's record; the
// office's part of a record and the owner's part never overwrite each other; a document that a record names has been sent by the
// same owner, a case that it names is the owner's; a repetition changes nothing, not even the version. It never deletes a record.
//
// Its errors are *office.Error: KindInvalid, KindMissing, KindNotFound, KindConflict, and KindStale with an *office.VersionError.
package registry

import (
	"context"
	"errors"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

// AnyVersion writes a record whatever its version is. Any other number is the version that the caller saw.
const AnyVersion int64 = 0

// Kinds of the changes that owners are told of.
const (
	ToldHolder     = "holder"
	ToldReceipt    = "receipt"
	ToldRevocation = "revocation"
)

// Registry is open as long as its office is. It is safe for concurrent use.
type Registry struct {
	office *office.Office
	db     data.DB
	clock  func() time.Time
}

// New opens the registry of an office, in the same database.
func New(o *office.Office) *Registry {
	return &Registry{office: o, db: o.DB(), clock: time.Now}
}

func (r *Registry) now() time.Time { return r.clock().UTC().Truncate(time.Millisecond) }

// get reads one record for a caller; of is the owner that an officer means, or "".
func get[T any](r *Registry, ctx context.Context, op string, s shelf[T], who office.Caller, of, id string) (v T, err error) {
	err = r.db.View(ctx, func(tx data.Tx) error {
		var owner string
		if owner, err = s.whose(tx, who, of, id); err != nil {
			return err
		}
		found := false
		if v, found, err = s.read(tx, owner, id); err == nil && !found {
			err = nothing()
		}
		if err == nil {
			s.show(who, owner, &v)
		}
		return err
	})
	return v, wrap(op, err)
}

func list[T any](r *Registry, ctx context.Context, op string, s shelf[T], who office.Caller, after string, limit int) (page central.Page[T], err error) {
	err = r.db.View(ctx, func(tx data.Tx) error {
		page, err = s.page(tx, who, after, limit)
		return err
	})
	return page, wrap(op, err)
}

// change makes the next state of a record from the one that is there (nil: there is none), within the transaction.
type change[T any] func(tx data.Tx, owner string, old *T) (T, error)

// put writes one record. of is the owner that an officer means, or "". It tells whether the record is new.
func put[T any](r *Registry, ctx context.Context, op string, s shelf[T], who office.Caller, of, id string, seen int64, next change[T]) (v T, created bool, err error) {
	err = r.db.Update(ctx, func(tx data.Tx) error {
		if err := s.lock(tx, id); err != nil {
			return err
		}
		owner, err := s.whose(tx, who, of, id)
		if err != nil {
			return err
		}
		if v, created, err = s.write(tx, owner, id, seen, r.now(), next); err == nil {
			s.show(who, owner, &v)
		}
		return err
	})
	return v, created, wrap(op, err)
}

func wrap(op string, err error) error {
	var e *office.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e):
		return &office.Error{Op: op, Kind: e.Kind, Err: e.Err}
	}
	return &office.Error{Op: op, Kind: office.KindStorage, Err: err}
}

func nothing() error {
	return &office.Error{Op: "find", Kind: office.KindNotFound, Err: errors.New("there is no such thing here")}
}
