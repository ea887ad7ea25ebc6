package tokentest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"sync"

	"rekey/token"
)

// Fake is a token.Module in memory, FOR TESTS ONLY: its keys are software keys that nothing protects.
// It behaves as the contract says, counts what reaches it, and fails when told to. Its cards lock
// after three wrong PINs and show it in their flags, as a card does.
type Fake struct {
	path string

	mu      sync.Mutex
	closed  bool
	slots   []*fakeSlot
	counts  Counts
	faults  []*fakeFault
	serials int
}

// Counts is what has reached a Fake.
type Counts struct {
	Calls     int // all calls of Module and Session
	Logins    int // PINs that reached the card, right or wrong
	Signs     int // signatures made
	Generates int // key pairs made
	Writes    int // certificates written
	Destroys  int // key pairs deleted
}

type fakeSlot struct {
	name string
	card *fakeCard // nil: empty reader
	away *fakeCard // was pulled, and can be put back
}

type fakeCard struct {
	token.Card
	pin      []byte
	wrong    int
	loggedIn bool
	noGen    bool
	readOnly bool
	pairs    []fakePair
	certs    []token.Certificate
}

type fakePair struct {
	key    token.Key
	signer crypto.Signer
}

type fakeFault struct {
	op   string
	left int
	act  func() error
}

var _ token.Module = (*Fake)(nil)

// NewFake makes a fake module without readers that says it is the file at path.
func NewFake(path string) *Fake { return &Fake{path: path} }

// AddReader adds an empty reader.
func (f *Fake) AddReader(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slots = append(f.slots, &fakeSlot{name: name})
}

// AddBlank adds a reader with a blank card.
func (f *Fake) AddBlank(reader string) {
	f.add(reader, &fakeCard{Card: token.Card{Blank: true, Manufacturer: "Rekey tests", Model: "fake", PIN: fakePIN()}})
}

// AddCard adds a reader with an initialised card.
func (f *Fake) AddCard(reader, serial, label, pin string) {
	f.add(reader, &fakeCard{pin: []byte(pin), Card: token.Card{
		Serial: serial, Label: label, Manufacturer: "Rekey tests", Model: "fake", PIN: fakePIN(),
	}})
}

func fakePIN() token.PINState { return token.PINState{Min: 4, Max: 64} }

func (f *Fake) add(reader string, c *fakeCard) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slots = append(f.slots, &fakeSlot{name: reader, card: c})
}

// Change alters what a card says of itself (label, flags of the PIN …).
func (f *Fake) Change(serial string, change func(*token.Card)) {
	f.onCard(serial, func(c *fakeCard) { change(&c.Card) })
}

// NoGenerate makes a card refuse to make keys, as many do.
func (f *Fake) NoGenerate(serial string) { f.onCard(serial, func(c *fakeCard) { c.noGen = true }) }

// ReadOnly makes a card refuse every write.
func (f *Fake) ReadOnly(serial string) { f.onCard(serial, func(c *fakeCard) { c.readOnly = true }) }

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

func (f *Fake) onCard(serial string, do func(*fakeCard)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.card(serial); c != nil {
		do(c)
	}
}

// Remove pulls a card out of its reader.
func (f *Fake) Remove(serial string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remove(serial)
}

func (f *Fake) remove(serial string) {
	for _, s := range f.slots {
		if s.card != nil && s.card.Serial == serial {
			s.card.loggedIn = false
			s.away, s.card = s.card, nil
		}
	}
}

// Insert puts a pulled card back into its reader.
func (f *Fake) Insert(serial string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.slots {
		if s.away != nil && s.away.Serial == serial {
			s.card, s.away = s.away, nil
		}
	}
}

// FailAt makes the n-th call from now (1: the next one) of this method fail with err, before it does
// anything. An empty method counts every call. Methods are named as in the interfaces: "Sign", "Login" …
func (f *Fake) FailAt(method string, n int, err error) {
	f.DoAt(method, n, func() error { return err })
}

// RemoveAt pulls the card out just before the n-th call from now.
func (f *Fake) RemoveAt(method string, n int, serial string) {
	f.DoAt(method, n, func() error { f.remove(serial); return nil })
}

// DoAt runs act in the n-th call from now, before the call does anything; the call fails when act gives an error. The
// fake is locked meanwhile: act must not call it.
func (f *Fake) DoAt(method string, n int, act func() error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, &fakeFault{op: method, left: n, act: act})
}

// Counts gives what has reached the fake so far.
func (f *Fake) Counts() Counts {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.counts
}

// enter counts a call and runs the faults that are due. It keeps the fake locked when it gives nil.
func (f *Fake) enter(ctx context.Context, method string) error {
	f.mu.Lock()
	err := ctx.Err()
	if err == nil && f.closed {
		err = errors.New("the module is closed")
	}
	if err != nil {
		f.mu.Unlock()
		return fail(method, token.KindNotAllowed, err.Error())
	}
	f.counts.Calls++
	for _, fault := range slices.Clone(f.faults) {
		if fault.op != "" && fault.op != method {
			continue
		}
		if fault.left--; fault.left == 0 {
			f.faults = slices.DeleteFunc(f.faults, func(x *fakeFault) bool { return x == fault })
			if err := fault.act(); err != nil {
				f.mu.Unlock()
				return err
			}
		}
	}
	return nil
}

func fail(op string, kind token.Kind, why string) error {
	return &token.Error{Op: op, Kind: kind, Err: errors.New(why)}
}

// card finds an initialised card.
func (f *Fake) card(serial string) *fakeCard {
	for _, s := range f.slots {
		if s.card != nil && !s.card.Blank && s.card.Serial == serial {
			return s.card
		}
	}
	return nil
}

func (f *Fake) Readers(ctx context.Context) ([]token.Reader, error) {
	if err := f.enter(ctx, "Readers"); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	var readers []token.Reader
	for _, s := range f.slots {
		r := token.Reader{Module: f.path, Name: s.name}
		if s.card != nil {
			c := s.card.Card
			r.Card = &c
		}
		readers = append(readers, r)
	}
	return readers, nil
}

func (f *Fake) InitBlank(ctx context.Context, label string, soPIN, pin []byte) (string, error) {
	const op = "InitBlank"
	if err := f.enter(ctx, op); err != nil {
		return "", err
	}
	defer f.mu.Unlock()
	if label == "" || len(label) > 32 {
		return "", fail(op, token.KindNotAllowed, "the label must have 1 to 32 bytes")
	}
	used := false
	for _, s := range f.slots {
		if s.card == nil {
			continue
		}
		if !s.card.Blank {
			used = true
			continue
		}
		if !fits(s.card.PIN, soPIN) || !fits(s.card.PIN, pin) {
			return "", pinError(op, &token.PINError{TriesLeft: -1, Length: true})
		}
		f.serials++
		s.card.Serial, s.card.Label, s.card.Blank = fmt.Sprintf("FAKE%04d", f.serials), label, false
		s.card.pin = bytes.Clone(pin)
		return s.card.Serial, nil
	}
	if used {
		return "", fail(op, token.KindNotBlank, "every card here is already initialised")
	}
	return "", fail(op, token.KindNoCard, "no card in any reader")
}

func (f *Fake) Open(ctx context.Context, serial string) (token.Session, error) {
	if err := f.enter(ctx, "Open"); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	c := f.card(serial)
	if c == nil {
		return nil, fail("Open", token.KindNoCard, "no reader holds this card")
	}
	return &fakeSession{f: f, info: c.Card}, nil
}

func (f *Fake) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return nil
}

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

// Path gives the file that the fake says it is.
func (f *Fake) Path() string { return f.path }
