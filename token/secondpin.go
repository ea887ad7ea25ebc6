package token

import "context"

// PINPrompt asks the person for the PIN of one signature. Empty but not nil means: typed on the
// PIN pad. What it gives is overwritten after use.
type PINPrompt func(ctx context.Context, key Key) ([]byte, error)

// WithSecondPIN gives a session that asks before each signature with a key that wants the PIN each time
// (Key.AlwaysAuthenticate); other keys sign as before. It asks once for each signature, also after a wrong PIN:
// to try again is the caller's decision. PINs counts beforehand how often it will ask.
func WithSecondPIN(s Session, ask PINPrompt) Session { return &secondPIN{s, ask} }

// PINs is the number of PIN entries that n signatures with this key need, the login not counted.
func (k Key) PINs(n int) int {
	if k.AlwaysAuthenticate {
		return n
	}
	return 0
}

type secondPIN struct {
	Session
	ask PINPrompt
}

func (s *secondPIN) Sign(ctx context.Context, key Key, digest []byte, opts SignOptions) ([]byte, error) {
	if key.AlwaysAuthenticate && opts.PIN == nil {
		pin, err := s.ask(ctx, key)
		defer clear(pin)
		if err != nil {
			return nil, &Error{Op: "sign", Kind: KindLoginNeeded, Err: err}
		}
		if pin == nil {
			pin = []byte{}
		}
		opts.PIN = pin
	}
	return s.Session.Sign(ctx, key, digest, opts)
}
