// Package store keeps everything that Rekey knows on this machine, in one bbolt file: cases, events,
// documents by their SHA-256, drafts, choices, settings and the outbox.
//
// It promises: a change is on disk whole or not at all (one transaction), every value is encrypted at rest
// (XChaCha20-Poly1305; the key lies beside the file, mode 0600), a file of a newer schema or a damaged one is
// refused and left as it is. It knows no business rule: what the values mean is the work of package app.
package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bberrors "go.etcd.io/bbolt/errors"
)

// Kind sorts errors by what a caller can do.
type Kind string

// Kinds of errors.
const (
	Busy     Kind = "busy"      // another process has the store open
	Damaged  Kind = "damaged"   // the file or a value cannot be read
	Newer    Kind = "newer"     // written by a newer Rekey
	NotFound Kind = "not-found" // no such value
	IO       Kind = "io"        // the disk said no; Err tells
)

// Error is every error of this package.
type Error struct {
	Op   string
	Kind Kind
	Err  error
}

func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("store: %s: %s", e.Op, e.Kind)
	}
	return fmt.Sprintf("store: %s: %s: %v", e.Op, e.Kind, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf gives the kind of the first *Error in the chain, or "".
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// Store is an open store. It is safe for concurrent use.
type Store struct {
	db  *bbolt.DB
	box box
	dir string
}

// wait is how long a second process waits for the first one's lock.
const wait = 700 * time.Millisecond

// Open opens or makes the store in dir (mode 0700). Errors: Busy, Damaged, Newer, IO.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &Error{"open", IO, err}
	}
	path := filepath.Join(dir, "rekey.db")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: wait})
	if err != nil {
		return nil, &Error{"open", openKind(err), err}
	}
	box, err := openBox(dir, isEmpty(db))
	if err != nil {
		db.Close()
		return nil, err
	}
	s := &Store{db, box, dir}
	if err := s.migrate(); err != nil {
		db.Close()
		return nil, err
	}
	return s, nil
}

func openKind(err error) Kind {
	switch {
	case errors.Is(err, bberrors.ErrTimeout):
		return Busy
	case errors.Is(err, bberrors.ErrInvalid), errors.Is(err, bberrors.ErrChecksum), errors.Is(err, bberrors.ErrVersionMismatch):
		return Damaged
	}
	return IO
}

func isEmpty(db *bbolt.DB) bool {
	empty := true
	_ = db.View(func(tx *bbolt.Tx) error {
		empty = tx.Bucket([]byte(meta)) == nil
		return nil
	})
	return empty
}

// Dir is the folder of the store.
func (s *Store) Dir() string { return s.dir }

// Close ends the use of the file.
func (s *Store) Close() error { return s.db.Close() }

// Update runs f in one write transaction: all of it is on disk afterwards, or nothing.
func (s *Store) Update(f func(*Tx) error) error {
	return s.wrap("write", s.db.Update(func(tx *bbolt.Tx) error { return f(&Tx{tx, s.box}) }))
}

// View runs f in a read transaction.
func (s *Store) View(f func(*Tx) error) error {
	return s.wrap("read", s.db.View(func(tx *bbolt.Tx) error { return f(&Tx{tx, s.box}) }))
}

// wrap leaves the caller's own errors and ours alone; what is left comes from the disk.
func (s *Store) wrap(op string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) && KindOf(err) == "" {
		return &Error{op, IO, err}
	}
	return err
}
