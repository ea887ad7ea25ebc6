package tokentest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"

	"rekey/token"
)

type fakeCard struct {
	token.Card
	pin      []byte
	wrong    int
	loggedIn bool
	noGen    bool
	readOnly bool
	always   bool // each signature wants the PIN
	whole    bool // signs only messages
	pairs    []fakePair
	certs    []token.Certificate
}

type fakePair struct {
	key    token.Key
	signer crypto.Signer
}

// Change alters what a card says of itself (label, flags of the PIN …).
func (f *Fake) Change(serial string, change func(*token.Card)) {
	f.onCard(serial, func(c *fakeCard) { change(&c.Card) })
}

// NoGenerate makes a card refuse to make keys, as many do.
func (f *Fake) NoGenerate(serial string) { f.onCard(serial, func(c *fakeCard) { c.noGen = true }) }

// ReadOnly makes a card refuse every write.
func (f *Fake) ReadOnly(serial string) { f.onCard(serial, func(c *fakeCard) { c.readOnly = true }) }

// AlwaysAuthenticate makes every key of a card want the PIN for each signature.
func (f *Fake) AlwaysAuthenticate(serial string) {
	f.onCard(serial, func(c *fakeCard) { c.always = true })
}

// WholeMessages makes a card sign only messages that it hashes itself.
func (f *Fake) WholeMessages(serial string) { f.onCard(serial, func(c *fakeCard) { c.whole = true }) }

// AddKey puts a key pair on a card, as its issuer would.
func (f *Fake) AddKey(serial string, spec token.KeySpec) (key token.Key, err error) {
	err = fmt.Errorf("no card %q", serial)
	f.onCard(serial, func(c *fakeCard) { key, err = c.generate(spec) })
	return key, err
}

// AddCertificate puts a certificate object on a card, also one that is broken.
func (f *Fake) AddCertificate(serial string, cert token.Certificate) {
	f.onCard(serial, func(c *fakeCard) { c.certs = append(c.certs, cert) })
}

// present gives a card a PIN, as Login does and as a signature of a key that wants it each time.
func (c *fakeCard) present(op string, pin []byte, counts *Counts) error {
	if c.PIN.Locked {
		return pinError(op, &token.PINError{Locked: true})
	}
	if c.PIN.Pad && len(pin) == 0 {
		pin = c.pin // typed on the reader
	}
	if !fits(c.PIN, pin) {
		return pinError(op, &token.PINError{TriesLeft: left(c), Length: true})
	}
	counts.Logins++
	if bytes.Equal(pin, c.pin) {
		c.wrong, c.PIN.CountLow, c.PIN.FinalTry = 0, false, false
		return nil
	}
	c.wrong++
	c.PIN.CountLow, c.PIN.FinalTry, c.PIN.Locked = true, c.wrong == maxWrong-1, c.wrong >= maxWrong
	return pinError(op, &token.PINError{TriesLeft: left(c), Final: c.PIN.FinalTry, Locked: c.PIN.Locked})
}

const maxWrong = 3

func left(c *fakeCard) int { return max(maxWrong-c.wrong, 0) }

func fits(limits token.PINState, pin []byte) bool {
	return len(pin) >= max(limits.Min, 1) && (limits.Max == 0 || len(pin) <= limits.Max)
}

func pinError(op string, e *token.PINError) error {
	return &token.Error{Op: op, Kind: token.KindPIN, Err: e}
}

func softwareKey(alg token.Algorithm) (crypto.Signer, error) {
	switch alg {
	case token.RSA2048:
		return rsa.GenerateKey(rand.Reader, 2048)
	case token.RSA3072:
		return rsa.GenerateKey(rand.Reader, 3072)
	case token.RSA4096:
		return rsa.GenerateKey(rand.Reader, 4096)
	case token.ECP256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case token.ECP384:
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	}
	return nil, fail("Generate", token.KindUnsupported, "the card does not make such keys")
}

func (c *fakeCard) generate(spec token.KeySpec) (token.Key, error) {
	signer, err := softwareKey(spec.Algorithm)
	if err != nil {
		return token.Key{}, err
	}
	spki, err := x509.MarshalPKIXPublicKey(signer.Public())
	if err != nil {
		return token.Key{}, err
	}
	key := token.Key{ID: bytes.Clone(spec.ID), Label: spec.Label, Algorithm: spec.Algorithm, SPKI: spki, Private: true}
	c.pairs = append(c.pairs, fakePair{key, signer})
	return key, nil
}
