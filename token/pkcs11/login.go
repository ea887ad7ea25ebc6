package pkcs11

import (
	"context"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

// Login presents the PIN once, and not at all when the card is locked or the length cannot be right.
func (s *session) Login(ctx context.Context, pin []byte) error {
	const op = "log in"
	info, err := s.enter(ctx, op)
	if err != nil {
		return err
	}
	defer s.m.mu.Unlock()
	before := card(info).PIN
	if before.Locked {
		return pinRefused(op, &token.PINError{TriesLeft: 0, Locked: true})
	}
	if len(pin) > 0 || !before.Pad {
		if err := checkLength(op, before, pin); err != nil {
			return err
		}
	}
	err = s.m.lib.login(s.handle, p11.CKU_USER, pin)
	if is(err, p11.CKR_USER_ALREADY_LOGGED_IN) {
		return nil
	}
	return s.pinOutcome(op, err, before)
}

// ChangePIN presents the old PIN once, and neither when the card is locked or a length cannot be right.
func (s *session) ChangePIN(ctx context.Context, old, new []byte) error {
	const op = "change PIN"
	info, err := s.enter(ctx, op)
	if err != nil {
		return err
	}
	defer s.m.mu.Unlock()
	before := card(info).PIN
	if before.Locked {
		return pinRefused(op, &token.PINError{Locked: true})
	}
	if !before.Pad || len(old)+len(new) > 0 {
		for _, pin := range [][]byte{old, new} {
			if err := checkLength(op, before, pin); err != nil {
				return err
			}
		}
	}
	return s.pinOutcome(op, s.m.lib.setPIN(s.handle, old, new), before)
}

// pinOutcome makes the error of a call that presented a PIN, with what the card says of its tries afterwards.
func (s *session) pinOutcome(op string, err error, before token.PINState) error {
	if err == nil {
		return nil
	}
	after := before
	if info, infoErr := s.m.ctx.GetTokenInfo(s.slot); infoErr == nil {
		after = card(info).PIN
	}
	switch {
	case is(err, p11.CKR_PIN_EXPIRED):
		return pinRefused(op, &token.PINError{TriesLeft: tries(after), Expired: true})
	case is(err, p11.CKR_PIN_LEN_RANGE):
		return pinRefused(op, &token.PINError{TriesLeft: tries(after), Length: true, Final: after.FinalTry, Locked: after.Locked})
	case !wrongPIN(err, before, after):
		return refuse(op, err)
	}
	refused := &token.PINError{TriesLeft: tries(after), Final: after.FinalTry, Locked: after.Locked || is(err, p11.CKR_PIN_LOCKED)}
	if refused.Locked {
		refused.TriesLeft, refused.Final = 0, false
	}
	return pinRefused(op, refused)
}

// wrongPIN also sees a wrong PIN behind a general error, when the card's flags got worse through it.
func wrongPIN(err error, before, after token.PINState) bool {
	if is(err, p11.CKR_PIN_INCORRECT, p11.CKR_PIN_INVALID, p11.CKR_PIN_LOCKED) {
		return true
	}
	worse := after.CountLow && !before.CountLow || after.FinalTry && !before.FinalTry || after.Locked
	return worse && is(err, p11.CKR_GENERAL_ERROR, p11.CKR_FUNCTION_FAILED, p11.CKR_DEVICE_ERROR)
}

// tries: PKCS#11 has no counter, only the flags.
func tries(p token.PINState) int {
	switch {
	case p.Locked:
		return 0
	case p.FinalTry:
		return 1
	}
	return -1
}

func pinRefused(op string, e *token.PINError) error {
	return &token.Error{Op: op, Kind: token.KindPIN, Err: e}
}

// checkLength refuses a PIN before it reaches the module. The empty PIN is always refused: to a
// module it means the PIN pad.
func checkLength(op string, limits token.PINState, pin []byte) error {
	if len(pin) == 0 || len(pin) < limits.Min || limits.Max > 0 && len(pin) > limits.Max {
		return pinRefused(op, &token.PINError{TriesLeft: tries(limits), Length: true})
	}
	return nil
}
