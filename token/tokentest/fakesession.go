package tokentest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"slices"

	"rekey/token"
)

// fakeSession is a session with a fake card.
type fakeSession struct {
	f      *Fake
	info   token.Card
	closed bool
}

var _ token.Session = (*fakeSession)(nil)

func (s *fakeSession) Card() token.Card { return s.info }

// enter keeps the fake locked when it gives no error.
func (s *fakeSession) enter(ctx context.Context, method string) (*fakeCard, error) {
	if err := s.f.enter(ctx, method); err != nil {
		return nil, err
	}
	c := s.f.card(s.info.Serial)
	switch {
	case s.closed:
		s.f.mu.Unlock()
		return nil, fail(method, token.KindNotAllowed, "the session is closed")
	case c == nil:
		s.f.mu.Unlock()
		return nil, fail(method, token.KindCardRemoved, "the card is not in a reader")
	}
	return c, nil
}

func (s *fakeSession) Certificates(ctx context.Context) ([]token.Certificate, error) {
	c, err := s.enter(ctx, "Certificates")
	if err != nil {
		return nil, err
	}
	defer s.f.mu.Unlock()
	return slices.Clone(c.certs), nil
}

func (s *fakeSession) Login(ctx context.Context, pin []byte) error {
	const op = "Login"
	c, err := s.enter(ctx, op)
	if err != nil {
		return err
	}
	defer s.f.mu.Unlock()
	if c.loggedIn && fits(c.PIN, pin) {
		s.f.counts.Logins++
		return nil
	}
	if err := c.present(op, pin, &s.f.counts); err != nil {
		return err
	}
	c.loggedIn = true
	return nil
}

func (s *fakeSession) ChangePIN(ctx context.Context, old, new []byte) error {
	const op = "ChangePIN"
	c, err := s.enter(ctx, op)
	if err != nil {
		return err
	}
	defer s.f.mu.Unlock()
	if c.PIN.Locked {
		return pinError(op, &token.PINError{Locked: true})
	}
	if !fits(c.PIN, new) && !(c.PIN.Pad && len(old)+len(new) == 0) {
		return pinError(op, &token.PINError{TriesLeft: left(c), Length: true})
	}
	if err := c.present(op, old, &s.f.counts); err != nil {
		return err
	}
	if len(new) > 0 {
		c.pin = bytes.Clone(new)
	}
	c.PIN.ToBeChanged = false
	return nil
}

func (s *fakeSession) Algorithms(ctx context.Context) ([]token.Algorithm, error) {
	c, err := s.enter(ctx, "Algorithms")
	if err != nil {
		return nil, err
	}
	defer s.f.mu.Unlock()
	if c.noGen {
		return nil, nil
	}
	return []token.Algorithm{token.RSA2048, token.RSA3072, token.RSA4096, token.ECP256, token.ECP384}, nil
}

func (s *fakeSession) Keys(ctx context.Context) ([]token.Key, error) {
	c, err := s.enter(ctx, "Keys")
	if err != nil {
		return nil, err
	}
	defer s.f.mu.Unlock()
	var keys []token.Key
	for _, p := range c.pairs {
		k := p.key
		k.Private = c.loggedIn
		k.AlwaysAuthenticate = c.loggedIn && c.always
		keys = append(keys, k)
	}
	return keys, nil
}

func (s *fakeSession) Generate(ctx context.Context, spec token.KeySpec) (token.Key, error) {
	const op = "Generate"
	c, err := s.enter(ctx, op)
	if err != nil {
		return token.Key{}, err
	}
	defer s.f.mu.Unlock()
	switch {
	case len(spec.ID) == 0:
		return token.Key{}, fail(op, token.KindNotAllowed, "a new key needs an ID")
	case !c.loggedIn:
		return token.Key{}, fail(op, token.KindLoginNeeded, "the card wants the PIN first")
	case c.noGen:
		return token.Key{}, fail(op, token.KindUnsupported, "the card does not make keys")
	case c.readOnly:
		return token.Key{}, fail(op, token.KindReadOnly, "the card is write-protected")
	case slices.ContainsFunc(c.pairs, func(p fakePair) bool { return bytes.Equal(p.key.ID, spec.ID) }):
		return token.Key{}, fail(op, token.KindExists, "a key on the card has this ID")
	}
	key, err := c.generate(spec)
	if err == nil {
		s.f.counts.Generates++
		key.AlwaysAuthenticate = c.always
	}
	return key, err
}

func (s *fakeSession) Sign(ctx context.Context, key token.Key, digest []byte, opts token.SignOptions) ([]byte, error) {
	const op = "Sign"
	c, err := s.enter(ctx, op)
	if err != nil {
		return nil, err
	}
	defer s.f.mu.Unlock()
	if err := opts.CheckDigest(digest); err != nil {
		return nil, fail(op, token.KindNotAllowed, err.Error())
	}
	if !c.loggedIn {
		return nil, fail(op, token.KindLoginNeeded, "the card wants the PIN first")
	}
	i := c.find(key)
	if i < 0 {
		return nil, fail(op, token.KindNoKey, "the card has no such key")
	}
	if opts.Streebog {
		return nil, fail(op, token.KindUnsupported, "the fake has no GOST keys")
	}
	if c.whole && opts.Message == nil {
		return nil, fail(op, token.KindUnsupported, "the card signs only whole messages")
	}
	if c.always {
		if opts.PIN == nil {
			return nil, fail(op, token.KindLoginNeeded, "this key wants the PIN for each signature")
		}
		if err := c.present(op, opts.PIN, &s.f.counts); err != nil {
			return nil, err
		}
	}
	var how crypto.SignerOpts = opts.Hash
	if opts.PSS {
		if _, ec := c.pairs[i].signer.(*ecdsa.PrivateKey); ec {
			return nil, fail(op, token.KindUnsupported, "this key cannot sign so")
		}
		how = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: opts.Hash}
	}
	s.f.counts.Signs++
	return c.pairs[i].signer.Sign(rand.Reader, digest, how)
}

// find gives the place of a pair by its public key.
func (c *fakeCard) find(key token.Key) int {
	return slices.IndexFunc(c.pairs, func(p fakePair) bool { return bytes.Equal(p.key.SPKI, key.SPKI) })
}

func (s *fakeSession) PutCertificate(ctx context.Context, id []byte, label string, der []byte) error {
	const op = "PutCertificate"
	c, err := s.enter(ctx, op)
	if err != nil {
		return err
	}
	defer s.f.mu.Unlock()
	if _, err := x509.ParseCertificate(der); err != nil {
		return fail(op, token.KindNotAllowed, err.Error())
	}
	if slices.ContainsFunc(c.certs, func(x token.Certificate) bool { return bytes.Equal(x.DER, der) }) {
		return nil
	}
	if c.readOnly {
		return fail(op, token.KindReadOnly, "the card is write-protected")
	}
	c.certs = append(c.certs, token.Certificate{ID: bytes.Clone(id), Label: label, DER: bytes.Clone(der)})
	s.f.counts.Writes++
	return nil
}

func (s *fakeSession) DestroyPair(ctx context.Context, key token.Key) error {
	const op = "DestroyPair"
	c, err := s.enter(ctx, op)
	if err != nil {
		return err
	}
	defer s.f.mu.Unlock()
	if !c.loggedIn {
		return fail(op, token.KindLoginNeeded, "the card wants the PIN first")
	}
	for _, x := range c.certs {
		cert, err := x509.ParseCertificate(x.DER)
		if err == nil && bytes.Equal(cert.RawSubjectPublicKeyInfo, key.SPKI) {
			return fail(op, token.KindNotAllowed, "a certificate on the card belongs to this key")
		}
	}
	i := c.find(key)
	if i < 0 {
		return fail(op, token.KindNoKey, "the card has no such key")
	}
	c.pairs = slices.Delete(c.pairs, i, i+1)
	s.f.counts.Destroys++
	return nil
}

func (s *fakeSession) Close() error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	if c := s.f.card(s.info.Serial); c != nil && !s.closed {
		c.loggedIn = false
	}
	s.closed = true
	return nil
}
