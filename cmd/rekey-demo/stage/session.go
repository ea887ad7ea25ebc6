package stage

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"

	"rekey/app/gost"
	"rekey/app/request"
	"rekey/token"
)

// session is the use of a card with one key pair.
type session struct {
	module token.Module
	card   token.Session
	key    token.Key
}

// login opens a card; module is closed with the session, or at once when it fails.
func login(ctx context.Context, module token.Module, serial, pin string) (*session, error) {
	card, err := module.Open(ctx, serial)
	if err != nil {
		return nil, errors.Join(err, module.Close())
	}
	s := &session{module: module, card: card}
	if err := card.Login(ctx, []byte(pin)); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *session) close() {
	_ = s.card.Close()
	_ = s.module.Close()
}

func (s *session) newKey(ctx context.Context, a token.Algorithm) (err error) {
	id := make([]byte, 8)
	rand.Read(id)
	s.key, err = s.card.Generate(ctx, token.KeySpec{Algorithm: a, ID: id, Label: "first key"})
	return err
}

// findKey takes the card's only key.
func (s *session) findKey(ctx context.Context) error {
	keys, err := s.card.Keys(ctx)
	if err != nil {
		return err
	}
	if len(keys) != 1 {
		return fmt.Errorf("the card holds %d keys, want 1", len(keys))
	}
	s.key = keys[0]
	return nil
}

// signGOST is the gost.SignFunc of the card's key.
func (s *session) signGOST(ctx context.Context, digest, message []byte) ([]byte, error) {
	return s.card.Sign(ctx, s.key, digest, token.SignOptions{Streebog: true, Message: message})
}

func (s *session) request(ctx context.Context, subject []byte, exts []pkix.Extension) ([]byte, error) {
	if gost.IsKey(s.key.SPKI) {
		k, err := gost.ParsePublicKey(s.key.SPKI)
		if err != nil {
			return nil, err
		}
		return request.NewGOST(ctx, k, s.signGOST, subject, exts)
	}
	signer, err := token.NewSigner(ctx, s.card, s.key)
	if err != nil {
		return nil, err
	}
	return request.New(ctx, signer, subject, exts)
}

// prove has the card sign something with the key of a certificate (DER).
func (s *session) prove(ctx context.Context, der []byte) error {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return err
	}
	if !gost.IsKey(cert.RawSubjectPublicKeyInfo) {
		return token.Prove(ctx, s.card, cert)
	}
	k, err := gost.ParsePublicKey(cert.RawSubjectPublicKeyInfo)
	if err != nil {
		return err
	}
	_, err = gost.SignMessage(ctx, k, []byte(rand.Text()), s.signGOST)
	return err
}
