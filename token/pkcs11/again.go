package pkcs11

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rsa"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

// signAgain signs with a key that this session has signed with before, in four calls of the module: it asks whether the session
// still lives and is logged in (a login ends when its card goes, so it is the same card), compares the private object that signed
// last with the key, and signs. Whatever differs before the card was asked
// leaves it to Sign (answered is false), which looks at everything anew. Keys that want their own PIN are always left to Sign.
func (s *session) signAgain(ctx context.Context, op string, key token.Key, digest []byte, opts token.SignOptions) (signature []byte, answered bool, err error) {
	if s.m.enter(ctx, op) != nil {
		return nil, false, nil
	}
	defer s.m.mu.Unlock()
	k := s.keys[keyName(key)]
	if s.closed || !s.open || k == nil || !k.marked || k.always || opts.CheckDigest(digest) != nil || !s.loggedIn() || !s.still(k, key) {
		return nil, false, nil
	}
	ways, err := s.ways(op, k.public, digest, opts)
	if err != nil || len(ways) == 0 || ways[0].hash != 0 {
		return nil, false, nil
	}
	raw, step, err := s.m.lib.sign(s.handle, k.private, ways[0], false, nil)
	switch {
	case err != nil && (step != stepSign || refusedData(err)):
		return nil, false, nil
	case err != nil: // the card was asked: once is enough
		if _, gone := s.ensure(op); token.KindOf(gone) == token.KindCardRemoved {
			err = gone
		}
		return nil, true, refuse(op, err)
	}
	if signature, err = finish(op, k.public, raw); err != nil {
		return nil, true, err
	}
	return signature, true, nil
}

// still says that the object that signed last is the private half of the key: its modulus is the key's; of an EC key, whose
// private object shows only the curve, that a signature was verified and the ID is the same; of a GOST key the ID, since each signature is
// verified by the caller. One attribute is compared and not more, because SoftHSM looks into a file for each.
func (s *session) still(k *seen, key token.Key) bool {
	switch public := k.public.(type) {
	case *rsa.PublicKey:
		return bytes.Equal(s.value(k.private, p11.CKA_MODULUS), public.N.Bytes())
	case *ecdsa.PublicKey:
		return k.proved && s.hasID(k.private, key.ID)
	case *token.GOSTKey:
		return s.hasID(k.private, key.ID)
	}
	return false
}

func (s *session) hasID(o p11.ObjectHandle, id []byte) bool {
	return len(id) > 0 && bytes.Equal(s.value(o, p11.CKA_ID), id)
}

// keyName is what a session knows a key by.
func keyName(key token.Key) string { return string(key.ID) + "\x00" + string(key.SPKI) }
