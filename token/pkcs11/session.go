package pkcs11

import (
	"context"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

// session is the use of one card. The handle of the PKCS#11 session is opened anew when the card was away.
type session struct {
	m      *module
	serial string
	card   token.Card

	// Guarded by m.mu.
	slot       uint
	handle     p11.SessionHandle
	open       bool
	closed     bool
	lost       error            // an attribute could not be read because the card went, see whole
	keys       map[string]*seen // by CKA_ID and public key
	mechanisms map[uint]bool    // see offers
}

var _ token.Session = (*session)(nil)

func (m *module) Open(ctx context.Context, serial string) (token.Session, error) {
	const op = "open card"
	if err := m.enter(ctx, op); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	found, ok, err := m.find(serial)
	if err != nil {
		return nil, refuse(op, err)
	}
	if !ok {
		return nil, refusal(op, token.KindNoCard, "no reader holds the card %q", serial)
	}
	s := &session{m: m, serial: serial, card: card(found.info)}
	if err := s.connect(op, found.id); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *session) Card() token.Card { return s.card }

// connect opens a session for reading and writing, or only for reading when the card does not allow more.
func (s *session) connect(op string, slotID uint) error {
	sh, err := s.m.ctx.OpenSession(slotID, p11.CKF_SERIAL_SESSION|p11.CKF_RW_SESSION)
	if is(err, p11.CKR_TOKEN_WRITE_PROTECTED) {
		sh, err = s.m.ctx.OpenSession(slotID, p11.CKF_SERIAL_SESSION)
	}
	if err != nil {
		return refuse(op, err)
	}
	s.slot, s.handle, s.open = slotID, sh, true
	return nil
}

// enter takes the library for one call and makes sure that the same card is there; leave with s.m.mu.Unlock.
func (s *session) enter(ctx context.Context, op string) (p11.TokenInfo, error) {
	if err := s.m.enter(ctx, op); err != nil {
		return p11.TokenInfo{}, err
	}
	s.lost = nil
	info, err := s.ensure(op)
	if err != nil {
		s.m.mu.Unlock()
	}
	return info, err
}

// ensure compares the serial number, looks in the other readers when the card is not where it was, and opens
// the session again when the module dropped it. A login is lost with the session.
func (s *session) ensure(op string) (p11.TokenInfo, error) {
	if s.closed {
		return p11.TokenInfo{}, refusal(op, token.KindNotAllowed, "the session is closed")
	}
	info, err := s.m.ctx.GetTokenInfo(s.slot)
	if err != nil || identity(info) != s.serial {
		s.drop()
		found, ok, err := s.m.find(s.serial)
		if err != nil {
			return info, refuse(op, err)
		}
		if !ok {
			return info, refusal(op, token.KindCardRemoved, "the card %s is not in a reader", s.serial)
		}
		s.slot, info = found.id, found.info
	}
	if s.open {
		if _, err := s.m.ctx.GetSessionInfo(s.handle); err == nil {
			return info, nil
		}
		s.drop()
	}
	return info, s.connect(op, s.slot)
}

// renew takes another session with the same card, to be rid of an operation that cannot be ended (PKCS#11 has no
// call for it before v3.0). The login stays: all sessions of a program share it (v2.40 §2.6.2).
func (s *session) renew(op string) error {
	old := s.handle
	if err := s.connect(op, s.slot); err != nil {
		return err
	}
	s.m.ctx.CloseSession(old)
	return nil
}

func (s *session) drop() {
	if s.open {
		s.m.ctx.CloseSession(s.handle)
	}
	s.open, s.keys, s.mechanisms = false, nil, nil
}

func (s *session) Close() error {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	if !s.closed && !s.m.closed {
		s.drop()
	}
	s.closed = true
	return nil
}

// loggedIn says whether private objects can be used.
func (s *session) loggedIn() bool {
	info, err := s.m.ctx.GetSessionInfo(s.handle)
	return err == nil && (info.State == p11.CKS_RW_USER_FUNCTIONS || info.State == p11.CKS_RO_USER_FUNCTIONS)
}

// needLogin refuses when the card wants the PIN first. Cards without CKF_LOGIN_REQUIRED are let through.
func (s *session) needLogin(op string, info p11.TokenInfo) error {
	if info.Flags&p11.CKF_LOGIN_REQUIRED != 0 && !s.loggedIn() {
		return refusal(op, token.KindLoginNeeded, "the card wants the PIN first")
	}
	return nil
}
