package token

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
)

// Prove shows that the private key of a certificate is on the card and works: it finds the key by its
// public half, has it sign the SHA-256 of 32 fresh random bytes, and verifies the answer with the
// certificate's public key. It is one signature; the session has to be logged in.
//
// KindUnsupported for a GOST key, which only the caller can verify; the card is then not asked.
func Prove(ctx context.Context, s Session, cert *x509.Certificate) error {
	if cert.PublicKey == nil {
		return &Error{Op: "prove", Kind: KindUnsupported, Err: errors.New("a signature with a key of this kind cannot be verified here")}
	}
	keys, err := s.Keys(ctx)
	if err != nil {
		return err
	}
	key, ok := MatchKey(keys, cert.RawSubjectPublicKeyInfo)
	if !ok {
		return &Error{Op: "prove", Kind: KindNoKey, Err: errors.New("no key on the card belongs to the certificate")}
	}
	var nonce [32]byte
	if _, err := rand.Read(nonce[:]); err != nil {
		return &Error{Op: "prove", Kind: KindNotAllowed, Err: err}
	}
	digest := sha256.Sum256(nonce[:])
	opts := SignOptions{Hash: crypto.SHA256}
	signature, err := s.Sign(ctx, key, digest[:], opts)
	if err != nil {
		return err
	}
	if err := VerifyDigest(cert.PublicKey, digest[:], signature, opts); err != nil {
		return &Error{Op: "prove", Kind: KindBadAnswer, Err: err}
	}
	return nil
}
