package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"rekey/app/gost"
	"rekey/token"
)

// sameKey tells whether two DER SubjectPublicKeyInfo hold the same key; those of one GOST key may differ in their bytes.
func sameKey(spki, other []byte) bool {
	return bytes.Equal(spki, other) || gost.SameKey(spki, other)
}

// cardKey finds the key with this public half on the card.
func cardKey(ctx context.Context, session token.Session, spki []byte) (token.Key, error) {
	keys, err := session.Keys(ctx)
	if err != nil {
		return token.Key{}, err
	}
	key, ok := token.MatchKey(keys, spki)
	if !ok {
		return token.Key{}, &token.Error{Op: "find key", Kind: token.KindNoKey, Err: fmt.Errorf("the card has no key that belongs to this certificate")}
	}
	return key, nil
}

// gostSigner has a GOST key on a card sign. Package gost makes the digest and verifies each answer.
func gostSigner(session token.Session, key token.Key) gost.SignFunc {
	return func(ctx context.Context, digest, message []byte) ([]byte, error) {
		if message == nil {
			message = []byte{}
		}
		return session.Sign(ctx, key, digest, token.SignOptions{Streebog: true, Message: message})
	}
}

// proveKey shows that the private key of a certificate is on the card and works: see token.Prove. It is one signature.
func proveKey(ctx context.Context, session token.Session, cert *x509.Certificate) error {
	if !gost.IsKey(cert.RawSubjectPublicKeyInfo) {
		return token.Prove(ctx, session, cert)
	}
	k, err := gost.ParsePublicKey(cert.RawSubjectPublicKeyInfo)
	if err != nil {
		return &token.Error{Op: "prove", Kind: token.KindUnsupported, Err: err}
	}
	key, err := cardKey(ctx, session, cert.RawSubjectPublicKeyInfo)
	if err != nil {
		return err
	}
	var nonce [32]byte
	rand.Read(nonce[:])
	_, err = gost.SignMessage(ctx, k, nonce[:], gostSigner(session, key))
	return gostFailed("prove", err)
}

// gostFailed gives what a card did its kind: its own error stays, a signature that is not good is a bad answer.
func gostFailed(op string, err error) error {
	var own *token.Error
	if err == nil || errors.As(err, &own) {
		return err
	}
	return &token.Error{Op: op, Kind: token.KindBadAnswer, Err: err}
}

// checkNew looks at a pair that the card has just made, before it is kept: a GOST key has to be a point of the curve that
// was asked for, which the card layer cannot tell. A pair that is not is destroyed: nobody could use it.
func checkNew(ctx context.Context, session token.Session, key token.Key) error {
	if !gost.IsKey(key.SPKI) {
		return nil
	}
	_, err := gost.ParsePublicKey(key.SPKI)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("the card made a key that is not of the curve %s: %w", key.Algorithm, err)
	return &token.Error{Op: "make key", Kind: token.KindUnsupported, Err: errors.Join(err, session.DestroyPair(ctx, key))}
}

// pickAlgorithm gives the wanted algorithm when the card can make such keys, else the first of the procedure's list that it can make. When the
// card lists none of them, the wanted one stays, and the card has the last word.
func pickAlgorithm(ctx context.Context, session token.Session, best []string, wanted string) (string, error) {
	able, err := offered(ctx, session, best)
	if err != nil || len(able) == 0 || slices.Contains(able, wanted) {
		return wanted, err
	}
	return able[0], nil
}

// offered are the algorithms that the card can make keys of, in the procedure's order.
func offered(ctx context.Context, session token.Session, best []string) ([]string, error) {
	all, err := session.Algorithms(ctx)
	return slices.DeleteFunc(slices.Clone(best), func(a string) bool { return !slices.Contains(all, token.Algorithm(a)) }), err
}

// KeyAlgorithms are the algorithms of a procedure that a card can make keys of, best first; all of the procedure's when the card is not
// there or does not tell. No PIN is needed.
func (a *App) KeyAlgorithms(ctx context.Context, procedureID, cardSerial string) ([]string, error) {
	p, err := a.procedure(procedureID)
	if err != nil {
		return nil, err
	}
	if cardSerial == "" || len(p.Keys) < 2 {
		return p.Keys, nil
	}
	session, err := a.cards.Open(ctx, cardSerial)
	if err != nil {
		return p.Keys, nil
	}
	defer session.Close()
	if able, err := offered(ctx, session, p.Keys); err == nil && len(able) > 0 {
		return able, nil
	}
	return p.Keys, nil
}
