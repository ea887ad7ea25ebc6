package request

import (
	"errors"
	"fmt"
)

// Kind sorts errors by what can be done about them. Append only.
type Kind string

// Kinds of errors.
const (
	KindSubject     Kind = "subject"     // the name or a changed field cannot be used
	KindKey         Kind = "key"         // no request can be made for this kind of key
	KindSigner      Kind = "signer"      // the card did not sign; Err is its own error
	KindMismatch    Kind = "mismatch"    // the signature or the key in the request is not that of the key asked for
	KindEncode      Kind = "encode"      // the parts do not make a request
	KindParse       Kind = "parse"       // these bytes are no request
	KindCertificate Kind = "certificate" // the current certificate cannot vouch for a request
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
