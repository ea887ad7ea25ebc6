package pkcs11

import (
	"bytes"
	"context"
	"crypto/x509"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

// DestroyPair deletes the private half first: a public half that is left over does no harm.
func (s *session) DestroyPair(ctx context.Context, key token.Key) error {
	const op = "delete key"
	info, err := s.enter(ctx, op)
	if err != nil {
		return err
	}
	defer s.m.mu.Unlock()
	s.keys = nil // the card changes
	if err := s.needLogin(op, info); err != nil {
		return err
	}
	if err := s.withoutCertificate(op, key); err != nil {
		return err
	}
	private, err := s.privateOf(op, key)
	if err != nil {
		return err
	}
	public, err := s.publicOf(op, key)
	if err != nil {
		return err
	}
	if len(private)+len(public) == 0 {
		return refusal(op, token.KindNoKey, "the card has no such key")
	}
	if err := s.unmistakable(op, key, private); err != nil {
		return err
	}
	for _, o := range append(private, public...) {
		if err := s.m.ctx.DestroyObject(s.handle, o); err != nil {
			return refuse(op, err)
		}
	}
	return nil
}

// withoutCertificate refuses when a certificate holds the key, and also when a certificate under
// the same ID cannot be read: it might.
func (s *session) withoutCertificate(op string, key token.Key) error {
	certs, err := s.certificates(op)
	if err != nil {
		return err
	}
	for _, c := range certs {
		cert, err := x509.ParseCertificate(c.DER)
		if err != nil && len(key.ID) > 0 && bytes.Equal(c.ID, key.ID) {
			return refusal(op, token.KindNotAllowed, "a certificate under the same ID cannot be read")
		}
		if err == nil && token.SamePublic(cert.RawSubjectPublicKeyInfo, key.SPKI) {
			return refusal(op, token.KindNotAllowed, "a certificate on the card belongs to this key")
		}
	}
	return nil
}

// unmistakable refuses when it cannot be told which private half belongs to the key: an EC or GOST private object
// is known only by its ID, so it must be the only one, and no other public key may have that ID.
func (s *session) unmistakable(op string, key token.Key, private []p11.ObjectHandle) error {
	keys, err := s.publicKeys(op)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if bytes.Equal(k.ID, key.ID) && !bytes.Equal(k.SPKI, key.SPKI) && (k.Algorithm == key.Algorithm || k.Algorithm.GOSTBits() > 0 && k.Algorithm.GOSTBits() == key.Algorithm.GOSTBits()) {
			return refusal(op, token.KindNotAllowed, "several keys have the ID %x", key.ID)
		}
	}
	if len(private) > 1 {
		return refusal(op, token.KindNotAllowed, "several private keys have the ID %x", key.ID)
	}
	return nil
}
