package office

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"rekey/cmd/rekey-central/data"
)

// Kind sorts errors by what the caller can do about them. Append only.
type Kind string

// Kinds of errors of the office.
const (
	KindInvalid   Kind = "invalid"    // the content is not acceptable; Err says why
	KindNotFound  Kind = "not-found"  // no such thing, or not for this caller
	KindConflict  Kind = "conflict"   // the case is in a state that forbids it
	KindMissing   Kind = "missing"    // documents have to be sent first: errors.As finds *MissingError
	KindKeyReused Kind = "key-reused" // an idempotency key came again with another content
	KindTooLarge  Kind = "too-large"  // more than central.MaxDocument bytes
	KindHash      Kind = "hash"       // the bytes have another SHA-256 than promised
	KindCursor    Kind = "cursor"     // this cursor was never given out by this store
	KindBody      Kind = "body"       // the bytes broke off
	KindBusy      Kind = "busy"       // another process has the folder
	KindFull      Kind = "full"       // the disk is full
	KindStorage   Kind = "storage"    // the disk or the database failed
	KindStale     Kind = "stale"      // the case is no longer the version that the caller saw: errors.As finds *VersionError
	KindOffset    Kind = "offset"     // an upload goes on from elsewhere: errors.As finds *OffsetError
	KindQuota     Kind = "quota"      // too many bytes of unfinished uploads
)

// Error is every error of this package: what was done, of what kind, and the cause.
type Error struct {
	Op   string
	Kind Kind
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Op, e.Err) }
func (e *Error) Unwrap() error { return e.Err }

// MissingError lists the documents that have to be sent before the submission.
type MissingError struct {
	SHA256 []string // lower-case hex
}

func (e *MissingError) Error() string {
	return "documents not sent yet: " + strings.Join(e.SHA256, ", ")
}

// OffsetError says from which byte an upload goes on: its field Offset.
type OffsetError = data.OffsetError

// VersionError says which version the case has; 0 when there is no such case.
type VersionError struct {
	Version int64
	Seen    int64 // what the caller thought
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("the case has changed: it is version %d, not %d", e.Version, e.Seen)
}

// KindOf gives the kind of the first *Error in the chain, or "".
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

func invalid(format string, args ...any) error {
	return &Error{"check", KindInvalid, fmt.Errorf(format, args...)}
}

func conflict(format string, args ...any) error {
	return &Error{"decide", KindConflict, fmt.Errorf(format, args...)}
}

// wrap names the operation and keeps the kind that an inner error has already.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return &Error{op, e.Kind, e.Err}
	}
	return &Error{op, kindOf(err), err}
}

// kindOf sorts what the files and the database say.
func kindOf(err error) Kind {
	var offset *data.OffsetError
	var body *data.BodyError
	switch {
	case errors.As(err, &offset):
		return KindOffset
	case errors.As(err, &body):
		return KindBody
	case errors.Is(err, data.ErrSum):
		return KindHash
	case errors.Is(err, data.ErrEmpty):
		return KindInvalid
	case errors.Is(err, data.ErrTooMany):
		return KindTooLarge
	case errors.Is(err, data.ErrUnfinished):
		return KindQuota
	case data.IsFull(err):
		return KindFull
	case errors.Is(err, fs.ErrNotExist):
		return KindNotFound
	}
	return KindStorage
}
