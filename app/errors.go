package app

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"rekey/app/central"
	"rekey/store"
	"rekey/token"
)

// Kind sorts errors by what the person can do. The window and the commands map it to a text: what happened
// (error.<Kind>.what) and what to do now (error.<Kind>.do). Append only.
type Kind string

// Kinds of errors.
const (
	BadInput     Kind = "bad-input"
	NotFound     Kind = "not-found"
	NoCard       Kind = "no-card"
	CardRemoved  Kind = "card-removed"
	CardError    Kind = "card-error"
	ModuleError  Kind = "module-error"
	Unsupported  Kind = "unsupported"
	PINWrong     Kind = "pin-wrong"
	PINFinal     Kind = "pin-final" // wrong, and the next wrong one locks the card
	PINLocked    Kind = "pin-locked"
	PINLength    Kind = "pin-length"
	PINCancelled Kind = "pin-cancelled"
	Expired      Kind = "expired" // the route needs a valid certificate
	Offline      Kind = "offline" // done, waits in the outbox
	ServerAnswer Kind = "server-answer"
	Refused      Kind = "refused"      // the central API refused it for good
	NotAdmitted  Kind = "not-admitted" // the central API does not know us: sign in with the card, or ask the office
	Untrusted    Kind = "untrusted"    // who answers is not known to be the office
	ProxyTrouble Kind = "proxy"        // the proxy does not let through
	NoSignIn     Kind = "no-sign-in"   // not with this card: an account's key has to be typed in
	DiskFull     Kind = "disk-full"
	StoreBusy    Kind = "store-busy"
	StoreDamaged Kind = "store-damaged"
	Internal     Kind = "internal"
)

// Error is what the use cases give back. It holds no secret.
type Error struct {
	Op   string
	Kind Kind
	Err  error
}

func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s: %s", e.Op, e.Kind)
	}
	return fmt.Sprintf("%s: %v", e.Op, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// failed wraps err with the operation and the kind that its cause has.
func failed(op string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{op, KindOf(err), err}
}

// KindOf finds out what a person can do about err, whichever layer it came from.
func KindOf(err error) Kind {
	var own *Error
	if errors.As(err, &own) {
		return own.Kind
	}
	if pin := (*token.PINError)(nil); errors.As(err, &pin) {
		return pinKind(pin)
	}
	if kind := cardKind(token.KindOf(err)); kind != "" {
		return kind
	}
	if kind, ok := centralKinds[central.KindOf(err)]; ok {
		return kind
	}
	switch {
	case slices.ContainsFunc(diskFull, func(full error) bool { return errors.Is(err, full) }):
		return DiskFull
	case store.KindOf(err) == store.Busy:
		return StoreBusy
	case store.KindOf(err) == store.Damaged, store.KindOf(err) == store.Newer:
		return StoreDamaged
	case store.KindOf(err) == store.NotFound:
		return NotFound
	case errors.Is(err, fs.ErrNotExist):
		return NotFound
	}
	return Internal
}

var centralKinds = map[central.Kind]Kind{
	central.Offline:   Offline,
	central.Busy:      ServerAnswer,
	central.BadAnswer: ServerAnswer,
	central.Refused:   Refused,
	central.Gone:      ServerAnswer,

	central.Conflict:    ServerAnswer,
	central.NotAdmitted: NotAdmitted,
	central.Untrusted:   Untrusted,
	central.Proxy:       ProxyTrouble,
	central.CardFailed:  CardError,
	central.Unsupported: NoSignIn,
}

func pinKind(e *token.PINError) Kind {
	switch {
	case e.Locked:
		return PINLocked
	case e.Length:
		return PINLength
	case e.Final:
		return PINFinal
	}
	return PINWrong
}

func cardKind(k token.Kind) Kind {
	switch k {
	case "":
		return ""
	case token.KindModuleLoad, token.KindModuleCrash, token.KindModuleHang:
		return ModuleError
	case token.KindNotAllowed:
		return BadInput
	case token.KindNoCard:
		return NoCard
	case token.KindCardRemoved:
		return CardRemoved
	case token.KindUnsupported:
		return Unsupported
	}
	return CardError
}
