package token

import (
	"errors"
	"fmt"
)

// Kind sorts errors by what the person can do about them. Append only.
type Kind string

// Kinds of card errors.
const (
	KindModuleLoad  Kind = "module-load"  // the file is missing, foreign, or refuses to start
	KindModuleCrash Kind = "module-crash" // the module died; it is started again on the next call
	KindModuleHang  Kind = "module-hang"  // no answer within the deadline; the child was killed
	KindNoCard      Kind = "no-card"      // no reader holds a card of this serial number
	KindCardRemoved Kind = "card-removed" // it was there and went away in the middle
	KindNotBlank    Kind = "not-blank"    // the card is already initialised
	KindPIN         Kind = "pin"          // errors.As finds the *PINError
	KindLoginNeeded Kind = "login-needed" // the card wants the PIN first
	KindNoKey       Kind = "no-key"       // no private key with this public key
	KindUnsupported Kind = "unsupported"  // the card cannot do it: its issuer makes the key
	KindCardFull    Kind = "card-full"    //
	KindReadOnly    Kind = "read-only"    //
	KindExists      Kind = "exists"       // would overwrite something; refused
	KindCardRefused Kind = "card-refused" // any other return code; Err names it
	KindBadAnswer   Kind = "bad-answer"   // the module answered something impossible
	KindNotAllowed  Kind = "not-allowed"  // refused by Rekey's own rules
	KindNoModule    Kind = "no-module"    // no module is installed or given
	KindNoService   Kind = "no-service"   // the smart card service of the system does not run
	KindNoReader    Kind = "no-reader"    // modules work, and none shows a reader
	KindBlank       Kind = "blank"        // the card is not initialised
	KindMute        Kind = "mute"         // something is in the reader that no module can read
)

// Error is every error of this package: which call, of what kind, and the cause.
// It never holds a PIN or key material.
type Error struct {
	Op   string
	Kind Kind
	Err  error
}

func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s: %s", e.Op, e.Kind)
	}
	return fmt.Sprintf("%s: %s: %v", e.Op, e.Kind, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Is lets packages that do not know this one ask for errors.ErrUnsupported.
func (e *Error) Is(target error) bool {
	return target == errors.ErrUnsupported && e.Kind == KindUnsupported
}

// KindOf gives the kind of the first *Error in the chain, or "".
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// PINError says that a card refused a PIN. TriesLeft is -1 when the card does not tell.
type PINError struct {
	TriesLeft int
	Final     bool // the next wrong PIN locks the card
	Locked    bool
	Length    bool // too short or too long; mostly found before it reached the card
	Expired   bool // the card wants the PIN changed before anything else
}

func (e *PINError) Error() string {
	switch {
	case e.Locked:
		return "PIN locked"
	case e.Expired:
		return "PIN has to be changed first"
	case e.Length:
		return "PIN length not allowed by the card"
	case e.Final:
		return "wrong PIN, one try left"
	case e.TriesLeft > 0:
		return fmt.Sprintf("wrong PIN, %d tries left", e.TriesLeft)
	}
	return "wrong PIN"
}
