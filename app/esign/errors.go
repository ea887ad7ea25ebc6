package esign

import (
	"errors"
	"fmt"
)

// Kind sorts errors by what can be done about them. Append only.
type Kind string

// Kinds of errors.
const (
	KindNotPDF      Kind = "not-pdf"     // the file is no PDF at all
	KindPDF         Kind = "pdf"         // a PDF that cannot be signed: broken, encrypted, locked, an XFA form
	KindCertificate Kind = "certificate" // the certificate cannot be used for this signature
	KindSigner      Kind = "signer"      // the card did not sign; Err is its own error
	KindAppearance  Kind = "appearance"  // the visible signature cannot be drawn: place, font or length
	KindTSA         Kind = "tsa"         // the address of the time stamp authority cannot be right
	KindMismatch    Kind = "mismatch"    // what came out was not right; nothing is returned
)

// Error is every error of this package. It holds no secret.
type Error struct {
	Op   string
	Kind Kind
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s: %v", e.Op, e.Kind, e.Err) }

func (e *Error) Unwrap() error { return e.Err }

// KindOf gives the kind of the first *Error in the chain, or "".
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
