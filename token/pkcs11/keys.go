package pkcs11

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

func (s *session) Keys(ctx context.Context) ([]token.Key, error) {
	const op = "list keys"
	if _, err := s.enter(ctx, op); err != nil {
		return nil, err
	}
	defer s.m.mu.Unlock()
	keys, err := s.publicKeys(op)
	if err != nil {
		return nil, err
	}
	private, err := s.search(op, class(p11.CKO_PRIVATE_KEY))
	if err != nil {
		return nil, err
	}
	for _, o := range private {
		id := s.value(o, p11.CKA_ID)
		for _, k := range s.ofPrivate(op, o, id, keys) {
			k.Private = true
			k.AlwaysAuthenticate = s.flag(o, p11.CKA_ALWAYS_AUTHENTICATE)
			keys = merge(keys, k)
		}
	}
	return keys, s.whole(op)
}

func (s *session) publicKeys(op string) ([]token.Key, error) {
	objects, err := s.search(op, class(p11.CKO_PUBLIC_KEY))
	if err != nil {
		return nil, err
	}
	var keys []token.Key
	for _, o := range objects {
		public, err := s.publicHalf(o)
		if err != nil {
			continue // a key of another kind, or a broken object: not a reason to hide the others
		}
		k, err := describe(public, s.value(o, p11.CKA_ID), text(string(s.value(o, p11.CKA_LABEL))))
		if err == nil {
			keys = merge(keys, k)
		}
	}
	return keys, s.whole(op)
}

func merge(keys []token.Key, k token.Key) []token.Key {
	for i := range keys {
		if sameKey(keys[i], k) {
			keys[i].Private = keys[i].Private || k.Private
			keys[i].AlwaysAuthenticate = keys[i].AlwaysAuthenticate || k.AlwaysAuthenticate
			return keys
		}
	}
	return append(keys, k)
}

// ofPrivate names the keys that a private object may be the private half of: by its own public parts where
// it shows them, for EC and GOST else by the public objects and certificates of the same CKA_ID and curve.
func (s *session) ofPrivate(op string, o p11.ObjectHandle, id []byte, public []token.Key) []token.Key {
	kind, ok := s.keyType(o)
	if !ok {
		return nil
	}
	if bits := gostBits(kind); bits > 0 {
		return s.gostOfPrivate(op, o, bits, id, public)
	}
	label := text(string(s.value(o, p11.CKA_LABEL)))
	if half, err := s.publicHalf(o); err == nil {
		if k, err := describe(half, id, label); err == nil {
			return []token.Key{k}
		}
	}
	if kind != p11.CKK_EC {
		return nil
	}
	curve := curveOf(s.value(o, p11.CKA_EC_PARAMS))
	if curve == nil || len(id) == 0 {
		return nil
	}
	want := token.ECP256
	if curve.Params().BitSize == 384 {
		want = token.ECP384
	}
	var found []token.Key
	for _, k := range public {
		if k.Algorithm == want && bytes.Equal(k.ID, id) {
			found = append(found, k)
		}
	}
	if len(found) > 0 {
		return found
	}
	for _, half := range s.certificateKeys(op, id) {
		if k, err := describe(half, id, label); err == nil && k.Algorithm == want {
			found = append(found, k)
		}
	}
	return found
}

// certificateKeys gives the public keys of the certificates under an ID.
func (s *session) certificateKeys(op string, id []byte) []crypto.PublicKey {
	objects, err := s.search(op, withID(id, class(p11.CKO_CERTIFICATE))...)
	if err != nil {
		return nil
	}
	var keys []crypto.PublicKey
	for _, o := range objects {
		cert, err := x509.ParseCertificate(s.value(o, p11.CKA_VALUE))
		if err != nil {
			continue
		}
		if public, err := token.ParsePublic(cert.RawSubjectPublicKeyInfo); err == nil {
			keys = append(keys, public)
		}
	}
	return keys
}

// privateOf finds the private object of a key. RSA keys are told by their modulus, EC keys by the
// CKA_ID and the curve (their private objects seldom show a point), so more than one may be found for EC.
func (s *session) privateOf(op string, key token.Key) ([]p11.ObjectHandle, error) {
	objects, err := s.search(op, withID(key.ID, class(p11.CKO_PRIVATE_KEY))...)
	if err != nil {
		return nil, err
	}
	var found []p11.ObjectHandle
	for _, o := range objects {
		for _, k := range s.ofPrivate(op, o, key.ID, []token.Key{key}) {
			if bytes.Equal(k.SPKI, key.SPKI) {
				found = append(found, o)
				break
			}
		}
	}
	return found, s.whole(op)
}

// publicOf finds the public objects of a key.
func (s *session) publicOf(op string, key token.Key) ([]p11.ObjectHandle, error) {
	objects, err := s.search(op, withID(key.ID, class(p11.CKO_PUBLIC_KEY))...)
	if err != nil {
		return nil, err
	}
	var found []p11.ObjectHandle
	for _, o := range objects {
		half, err := s.publicHalf(o)
		if err != nil {
			continue
		}
		if k, err := describe(half, key.ID, ""); err == nil && bytes.Equal(k.SPKI, key.SPKI) {
			found = append(found, o)
		}
	}
	return found, s.whole(op)
}
