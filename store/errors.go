package store

import (
	"errors"
	"fmt"
	"time"

	bberrors "go.etcd.io/bbolt/errors"
)

// Kind sorts errors by what a caller can do.
type Kind string

// Kinds of errors.
const (
	Busy     Kind = "busy"      // another process has the store open; see BusyError
	Damaged  Kind = "damaged"   // the file, its key or a value cannot be read; see DamagedError
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

// BusyError tells which process has the store open.
type BusyError struct {
	PID   int       // 0: not known
	Since time.Time // zero: not known
}

func (e *BusyError) Error() string {
	if e.PID == 0 {
		return "another process has the store open"
	}
	return fmt.Sprintf("the process %d has had the store open since %s", e.PID, e.Since.Local().Format(time.DateTime))
}

// Part says what is damaged, and so what can help.
type Part string

// Parts.
const (
	PartFile  Part = "file"  // the file: a backup helps
	PartGone  Part = "gone"  // there is no file where there was one: a backup helps
	PartKey   Part = "key"   // the key is lost, another one, or its keyring does not answer: no backup helps
	PartValue Part = "value" // one value
)

// DamagedError is what Open tells about a store that cannot be used. Nothing has been changed; what to do is the person's
// choice: Restore (a backup), or StartNew.
type DamagedError struct {
	File    string // the database
	Part    Part
	Backups []Backup // newest first; not yet checked
	Err     error
}

func (e *DamagedError) Error() string {
	text := fmt.Sprintf("%s: %v", e.File, e.Err)
	if len(e.Backups) > 0 && e.Part != PartKey {
		text += fmt.Sprintf("; the newest backup is %s", e.Backups[0].File)
	}
	return text
}

func (e *DamagedError) Unwrap() error { return e.Err }

// kindOfOpen sorts what bbolt says when it opens a file.
func kindOfOpen(err error) Kind {
	switch {
	case errors.Is(err, bberrors.ErrTimeout):
		return Busy
	case errors.Is(err, bberrors.ErrInvalid), errors.Is(err, bberrors.ErrChecksum), errors.Is(err, bberrors.ErrVersionMismatch), errors.Is(err, errPages):
		return Damaged
	}
	return IO
}
