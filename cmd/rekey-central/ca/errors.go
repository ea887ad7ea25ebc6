package ca

import (
	"errors"
	"fmt"
)

// Kind sorts errors by who can do something about them. Append only.
type Kind string

// Kinds of errors of the demonstration CA.
const (
	KindMissing  Kind = "missing"  // there is no authority in this folder
	KindExists   Kind = "exists"   // would overwrite something; refused
	KindFile     Kind = "file"     // a file cannot be read or written, or is damaged
	KindRequest  Kind = "request"  // the request is not acceptable; Err says why
	KindProfile  Kind = "profile"  // no such profile, or a validity that cannot be
	KindInternal Kind = "internal" // our own fault
	KindSigner   Kind = "signer"   // the program that signs outside of this process did not, or not rightly
)

// Error is every error of this package: what was done, of what kind, and the cause.
type Error struct {
	Op   string
	Kind Kind
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Op, e.Err) }
func (e *Error) Unwrap() error { return e.Err }

// KindOf gives the kind of the first *Error in the chain, or "".
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
