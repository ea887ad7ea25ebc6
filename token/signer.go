package token

import (
	"context"
	"crypto"
	"crypto/rsa"
	"errors"
	"io"
)

// signer lets the packages of Go's crypto use a key on a card.
type signer struct {
	ctx     context.Context
	session Session
	key     Key
	public  crypto.PublicKey
}

var _ crypto.MessageSigner = (*signer)(nil)

// NewSigner makes a crypto.Signer of a key on a card. The session has to be logged in when Sign
// is called; each Sign is one signature on the card. The context bounds every later Sign.
//
// It is a crypto.MessageSigner too: crypto.SignMessage and x509.CreateCertificateRequest then also work with
// a card that signs only whole messages.
//
// A GOST key makes no such signer: Go's crypto knows neither its hash nor its signatures (KindUnsupported).
func NewSigner(ctx context.Context, s Session, key Key) (crypto.MessageSigner, error) {
	public, err := ParsePublic(key.SPKI)
	if err != nil {
		return nil, &Error{Op: "signer", Kind: KindBadAnswer, Err: err}
	}
	_, ok := AlgorithmOf(public)
	if _, gost := public.(*GOSTKey); gost || !ok {
		return nil, &Error{Op: "signer", Kind: KindUnsupported, Err: errors.New("Rekey cannot use keys of this kind")}
	}
	return &signer{ctx: ctx, session: s, key: key, public: public}, nil
}

func (s *signer) Public() crypto.PublicKey { return s.public }

// Sign signs a digest. The source of randomness is the card's own. RSA-PSS is used with
// *rsa.PSSOptions; its salt must be as long as the hash (or automatic, which is then so).
func (s *signer) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	o, err := signOptions(opts)
	if err != nil {
		return nil, err
	}
	return s.session.Sign(s.ctx, s.key, digest, o)
}

// SignMessage hashes the message with the hash of opts and signs it, as Sign.
func (s *signer) SignMessage(_ io.Reader, msg []byte, opts crypto.SignerOpts) ([]byte, error) {
	o, err := signOptions(opts)
	if err != nil {
		return nil, err
	}
	if !o.Hash.Available() {
		return nil, &Error{Op: "sign", Kind: KindNotAllowed, Err: errors.New("a message is signed with a hash")}
	}
	h := o.Hash.New()
	h.Write(msg)
	o.Message = append([]byte{}, msg...) // not nil, even when the message is empty
	return s.session.Sign(s.ctx, s.key, h.Sum(nil), o)
}

func signOptions(opts crypto.SignerOpts) (SignOptions, error) {
	o := SignOptions{Hash: opts.HashFunc()}
	pss, ok := opts.(*rsa.PSSOptions)
	if !ok {
		return o, nil
	}
	switch pss.SaltLength {
	case rsa.PSSSaltLengthAuto, rsa.PSSSaltLengthEqualsHash, o.Hash.Size():
		o.PSS = true
		return o, nil
	}
	return o, &Error{Op: "sign", Kind: KindNotAllowed, Err: errors.New("the PSS salt must be as long as the hash")}
}

// MatchKey finds the key with this public half (DER SubjectPublicKeyInfo; see SamePublic). A pair whose private half was
// seen goes before one without.
func MatchKey(keys []Key, spki []byte) (Key, bool) {
	var found Key
	var ok bool
	for _, k := range keys {
		if !SamePublic(k.SPKI, spki) {
			continue
		}
		if k.Private {
			return k, true
		}
		if !ok {
			found, ok = k, true
		}
	}
	return found, ok
}
