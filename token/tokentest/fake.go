package tokentest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
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
	Flags     int // calls of Flags among them
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

func (f *Fake) Flags(ctx context.Context) (string, error) {
	if err := f.enter(ctx, "Flags"); err != nil {
		return "", err
	}
	defer f.mu.Unlock()
	f.counts.Flags++
	var flags strings.Builder
	for _, s := range f.slots {
		fmt.Fprintf(&flags, "%s %v\n", s.name, s.card != nil)
	}
	return flags.String(), nil
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

// Path gives the file that the fake says it is.
func (f *Fake) Path() string { return f.path }
