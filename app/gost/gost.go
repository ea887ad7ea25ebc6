// Package gost reads and verifies what Russian cards and authorities make with GOST R 34.10-2012 keys (RFC 7091) and
// the hash GOST R 34.11-2012 "Streebog" (RFC 6986): public keys, certificates, revocation lists and requests
// (RFC 9215); signed messages are in package cms. Go's crypto/x509 parses such certificates and can do no more with them.
//
// It promises: nothing is called good that OpenSSL's gost engine calls bad (tests compare them on tens of
// thousands of cases); what it writes has the encoding of RFC 9215; a card that answers in another order of bytes is
// told apart from one that signed with another key.
//
// It never signs and never holds a private key: that is the card's work. It works on public data only, so nothing in
// it takes care to run in constant time. It does not decide about trust.
//
// Orders of bytes, the usual trap: coordinates of a public key are little endian, x before y, in X.509 and in
// CKA_VALUE; a signature is s before r, both big endian, in X.509 and from C_Sign; Streebog's result is handed to a card as
// Sum gives it, and is read as a little-endian number. (RFC 9215 §4; confirmed against OpenSSL.)
package gost

import (
	"errors"
	"fmt"
)

// Kind sorts errors by what can be done about them. Append only.
type Kind string

// Kinds of errors.
const (
	KindParse     Kind = "parse"     // the bytes are not what they should be
	KindAlgorithm Kind = "algorithm" // not a GOST algorithm or parameter set that Rekey knows
	KindSignature Kind = "signature" // the signature does not belong to the key and the data
	KindOrder     Kind = "order"     // it does, but in another order of bytes; see Order
	KindSigner    Kind = "signer"    // the card did not sign; Err is its own error
	KindContent   Kind = "content"   // the message was made for another content, or without it
	KindIssuer    Kind = "issuer"    // the issuer is another one, or may not issue this
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
