package pkcs11

import (
	"context"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

func (m *module) InitBlank(ctx context.Context, label string, soPIN, pin []byte) (string, error) {
	const op = "initialise card"
	if err := m.enter(ctx, op); err != nil {
		return "", err
	}
	defer m.mu.Unlock()
	if label == "" || len(label) > 32 {
		return "", refusal(op, token.KindNotAllowed, "the label must have 1 to 32 bytes")
	}
	before, err := m.slots()
	if err != nil {
		return "", refuse(op, err)
	}
	blank, err := firstBlank(op, before)
	if err != nil {
		return "", err
	}
	for _, p := range [][]byte{soPIN, pin} {
		if err := checkLength(op, card(blank.info).PIN, p); err != nil {
			return "", err
		}
	}
	if err := m.lib.initToken(blank.id, soPIN, label); err != nil {
		return "", refuse(op, err)
	}
	made, err := m.findNew(op, before, blank.id, label)
	if err != nil {
		return "", err
	}
	if err := m.setFirstPIN(op, made.id, soPIN, pin); err != nil {
		return "", err
	}
	return identity(made.info), nil
}

func firstBlank(op string, slots []slot) (slot, error) {
	used := false
	for _, s := range slots {
		if s.readable() && s.blank() {
			return s, nil
		}
		used = used || s.readable()
	}
	if used {
		return slot{}, refusal(op, token.KindNotBlank, "every card here is already initialised")
	}
	return slot{}, refusal(op, token.KindNoCard, "no card in any reader")
}

// findNew finds the card after C_InitToken: a module may give it another slot and another serial number
// (SoftHSM does). It has the label, and was not there, initialised, before.
func (m *module) findNew(op string, before []slot, slotID uint, label string) (slot, error) {
	old := map[string]bool{}
	for _, s := range before {
		if s.readable() && !s.blank() {
			old[identity(s.info)] = true
		}
	}
	after, err := m.slots()
	if err != nil {
		return slot{}, refuse(op, err)
	}
	var found []slot
	for _, s := range after {
		if !s.readable() || s.blank() || old[identity(s.info)] || text(s.info.Label) != text(label) {
			continue
		}
		if s.id == slotID {
			return s, nil
		}
		found = append(found, s)
	}
	if len(found) != 1 {
		return slot{}, refusal(op, token.KindBadAnswer, "the initialised card was found %d times", len(found))
	}
	return found[0], nil
}

// setFirstPIN logs in as security officer and sets the user's PIN.
func (m *module) setFirstPIN(op string, slotID uint, soPIN, pin []byte) error {
	sh, err := m.ctx.OpenSession(slotID, p11.CKF_SERIAL_SESSION|p11.CKF_RW_SESSION)
	if err != nil {
		return refuse(op, err)
	}
	defer m.ctx.CloseSession(sh)
	if err := m.lib.login(sh, p11.CKU_SO, soPIN); err != nil {
		return refuse(op, err)
	}
	defer m.ctx.Logout(sh)
	return refuse(op, m.lib.initPIN(sh, pin))
}
