package central

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/go-resty/resty/v2"
)

// Kind sorts the client's errors by what follows from them. Append only.
type Kind string

// Kinds of errors.
const (
	Offline     Kind = "offline"      // no answer: try again later
	Busy        Kind = "busy"         // 429 or 5xx: try again later
	BadAnswer   Kind = "bad-answer"   // not what the contract says
	Refused     Kind = "refused"      // 4xx: trying the same again is useless
	Gone        Kind = "gone"         // 410 of the change feed: the office's data were set back, read from the start
	Conflict    Kind = "conflict"     // 412: somebody else has changed it; Version is the one that is there now
	NotAdmitted Kind = "not-admitted" // 401: the office does not know the key or the certificate; nothing is wrong with what was sent
	Untrusted   Kind = "untrusted"    // the server's certificate is not trusted: perhaps somebody else answers
	Proxy       Kind = "proxy"        // the proxy does not answer, wants a password, or does not let through
	CardFailed  Kind = "card"         // the card did not sign the handshake; Err is its own error
	Unsupported Kind = "unsupported"  // the key on the card cannot be used with TLS
)

// Error is every error of the client. Detail is the server's own sentence, or ours where the server had none, without secrets.
type Error struct {
	Op      string
	Kind    Kind
	Status  int
	Detail  string
	Wait    time.Duration // Busy: how long the server asks us to stay away (Retry-After), 0: it did not say
	Version int64         // Conflict: the version that the server has, 0: it did not say
	Err     error
}

func (e *Error) Error() string {
	s := fmt.Sprintf("central API: %s: %s", e.Op, e.Kind)
	if e.Status != 0 {
		s += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
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

func badAnswer(op, detail string) *Error { return &Error{Op: op, Kind: BadAnswer, Detail: detail} }

// away says why there was no answer.
func (c *Client) away(op string, err error) error {
	var own *Error // of the proxy's CONNECT
	var network *net.OpError
	var noTLS tls.RecordHeaderError
	switch {
	case errors.Is(err, resty.ErrResponseBodyTooLarge), errors.Is(err, resty.ErrAutoRedirectDisabled):
		return &Error{Op: op, Kind: BadAnswer, Err: err}
	case errors.As(err, &own):
		return &Error{Op: op, Kind: own.Kind, Status: own.Status, Detail: own.Detail}
	case errors.As(err, &network) && (network.Op == "proxyconnect" || network.Op == "socks connect"):
		return &Error{Op: op, Kind: Proxy, Detail: "the proxy cannot be used", Err: err}
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &noTLS):
		return &Error{Op: op, Kind: BadAnswer, Detail: "the server does not speak TLS", Err: err}
	}
	if c.signer != nil {
		if failure := c.signer.failed(err); failure != nil {
			return &Error{Op: op, Kind: CardFailed, Detail: "the card did not sign", Err: failure}
		}
	}
	if detail := distrust(err); detail != "" {
		return &Error{Op: op, Kind: Untrusted, Detail: detail, Err: err}
	}
	if network != nil && network.Op == "remote error" { // a TLS alert
		if c.certified {
			return &Error{Op: op, Kind: NotAdmitted, Detail: "the office does not accept this certificate", Err: err}
		}
		return &Error{Op: op, Kind: BadAnswer, Detail: "the server refuses the encrypted connection", Err: err}
	}
	return &Error{Op: op, Kind: Offline, Err: err}
}
