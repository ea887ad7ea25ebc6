package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"rekey/token"
)

// cardWork is a session with a card whose PIN has been given.
type cardWork struct{ session token.Session }

func (c *cardWork) close() { c.session.Close() }

// login opens the card and asks for its PIN, once. A key that wants its PIN for each signature asks again through the session
// that comes back; how many entries there will be is said before the first.
func (a *App) login(ctx context.Context, ask Ask, serial, reason string) (*cardWork, error) {
	session, err := a.cards.Open(ctx, serial)
	if err != nil {
		return nil, err
	}
	p := &pins{ask: ask, reason: reason, of: 1}
	again, err := a.asksEachTime(ctx, session)
	if again {
		p.of++ // one signature in each kind of work
	}
	if err == nil {
		err = p.login(ctx, session)
	}
	if err == nil && !again { // many cards show it only now: known the next time
		_, err = a.asksEachTime(ctx, session)
	}
	if err != nil {
		session.Close()
		return nil, err
	}
	return &cardWork{token.WithSecondPIN(session, func(ctx context.Context, _ token.Key) ([]byte, error) { return p.next(ctx, session.Card()) })}, nil
}

// asksEachTime says whether a key of this card wants its PIN for each signature, as far as the card shows it now or has shown it
// before. What it shows is remembered.
func (a *App) asksEachTime(ctx context.Context, session token.Session) (bool, error) {
	if a.askedEachTime(session.Card().Serial) {
		return true, nil
	}
	keys, err := session.Keys(ctx)
	if err != nil || !slices.ContainsFunc(keys, func(k token.Key) bool { return k.AlwaysAuthenticate }) {
		return false, err
	}
	return true, a.SetSetting(secondPIN(session.Card().Serial), "yes")
}

// askedEachTime says whether the card has shown such a key before.
func (a *App) askedEachTime(cardSerial string) bool { return a.Setting(secondPIN(cardSerial)) != "" }

// secondPIN is the setting that remembers it. It does not hold the card's number itself.
func secondPIN(cardSerial string) string {
	sum := sha256.Sum256([]byte(cardSerial))
	return "second-pin." + hex.EncodeToString(sum[:8])
}

// pins counts the questions for a PIN in one session.
type pins struct {
	ask       Ask
	reason    string
	entry, of int
}

// next asks once.
func (p *pins) next(ctx context.Context, card token.Card) ([]byte, error) {
	if p.ask.PIN == nil {
		return nil, &Error{"login", PINCancelled, errors.New("nobody is there to give the PIN")}
	}
	p.entry++
	p.of = max(p.of, p.entry)
	pin, err := p.ask.PIN(ctx, PINQuestion{Card: card, Reason: p.reason, Entry: p.entry, Of: p.of})
	if err == nil && len(pin) == 0 && !card.PIN.Pad {
		err = &token.PINError{Length: true, TriesLeft: -1}
		return nil, &Error{"login", PINLength, err}
	}
	if err != nil {
		clear(pin)
		return nil, &Error{"login", PINCancelled, err}
	}
	return pin, nil
}

func (p *pins) login(ctx context.Context, session token.Session) error {
	card := session.Card()
	if card.PIN.Locked {
		return &Error{"login", PINLocked, &token.PINError{Locked: true}}
	}
	pin, err := p.next(ctx, card)
	if err != nil {
		return err
	}
	defer clear(pin)
	return session.Login(ctx, pin)
}

// ChangePIN changes the PIN of a card. Both PINs are presented once; on a PIN pad both are typed there.
func (a *App) ChangePIN(ctx context.Context, cardSerial string, ask func(ctx context.Context, card token.Card) (old, fresh []byte, err error)) error {
	const op = "change PIN"
	a.running.Lock()
	defer a.running.Unlock()
	session, err := a.cards.Open(ctx, cardSerial)
	if err != nil {
		return failed(op, err)
	}
	defer session.Close()
	card := session.Card()
	if card.PIN.Locked {
		return &Error{op, PINLocked, &token.PINError{Locked: true}}
	}
	old, fresh, err := ask(ctx, card)
	defer clear(old)
	defer clear(fresh)
	switch {
	case err != nil:
		return &Error{op, PINCancelled, err}
	case !card.PIN.Pad && (len(old) == 0 || len(fresh) == 0):
		return &Error{op, PINLength, &token.PINError{Length: true, TriesLeft: -1}}
	}
	return failed(op, session.ChangePIN(ctx, old, fresh))
}
