// Package pkcs11 drives a PKCS#11 library in this process. It is meant for the child process
// (rekey token-helper) and for tests only: a vendor's library may hang, crash or exit, and
// nothing here can stop that.
//
// It promises: one call at a time reaches the library; no handle of an object is kept between calls (but that of the
// key that signed last, which is compared before it signs again); before every call the card's serial number is compared, or
// (to sign again) the session must still be logged in; a PIN reaches the library at most
// once for each Login; a failed key generation deletes only what it made itself.
//
// It never unloads a library, never waits for slot events, and never calls C_Finalize on
// a library that somebody else has started.
package pkcs11

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode/utf8"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

// module is one loaded library. The mutex is held during each call.
type module struct {
	path    string
	lib     library
	ctx     *p11.Ctx
	started bool

	mu     sync.Mutex
	closed bool
	forms  map[string]form   // of GOST keys, by the model of the card, see pair
	taken  map[string]method // the way of signing that a model took when it refused the first, see ways
}

var _ token.Module = (*module)(nil)

// Load loads and starts a PKCS#11 library. The path must be absolute. Errors are of KindModuleLoad
// and name one reason.
func Load(path string) (token.Module, error) {
	const op = "load module"
	fail := func(err error) (token.Module, error) {
		return nil, &token.Error{Op: op, Kind: token.KindModuleLoad, Err: err}
	}
	if !filepath.IsAbs(path) {
		return fail(fmt.Errorf("%q is not an absolute path", path))
	}
	info, err := os.Stat(path)
	if err != nil {
		return fail(err)
	}
	if !info.Mode().IsRegular() {
		return fail(fmt.Errorf("%s is not a file", path))
	}
	if why := foreign(path); why != "" {
		return fail(errors.New(why))
	}
	lib, err := openLibrary(path)
	if err != nil {
		return fail(err)
	}
	ctx := p11.New(path)
	if ctx == nil {
		return fail(errors.New("the system cannot load it"))
	}
	started, err := lib.initialize()
	if err != nil {
		return fail(fmt.Errorf("C_Initialize: %w", err))
	}
	return &module{path: path, lib: lib, ctx: ctx, started: started, forms: map[string]form{}, taken: map[string]method{}}, nil
}

// enter takes the library for one call; leave it with m.mu.Unlock.
func (m *module) enter(ctx context.Context, op string) error {
	if err := ctx.Err(); err != nil {
		return &token.Error{Op: op, Kind: token.KindNotAllowed, Err: err}
	}
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return refusal(op, token.KindModuleLoad, "the module is closed")
	}
	return nil
}

func (m *module) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil
	}
	m.closed = true
	if !m.started {
		return nil
	}
	return refuse("close module", m.lib.finalize())
}

func (m *module) Readers(ctx context.Context) ([]token.Reader, error) {
	const op = "list readers"
	if err := m.enter(ctx, op); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	slots, err := m.slots()
	if err != nil {
		return nil, refuse(op, err)
	}
	readers := make([]token.Reader, len(slots))
	for i, s := range slots {
		readers[i] = s.reader(m.path)
	}
	return readers, nil
}

// Flags names the slots and says which are taken.
func (m *module) Flags(ctx context.Context) (string, error) {
	const op = "read slot flags"
	if err := m.enter(ctx, op); err != nil {
		return "", err
	}
	defer m.mu.Unlock()
	ids, err := m.ctx.GetSlotList(false)
	if err != nil {
		return "", refuse(op, err)
	}
	var flags strings.Builder
	for _, id := range ids {
		info, err := m.ctx.GetSlotInfo(id) // OpenSC lists a card that it does not know only here
		fmt.Fprintf(&flags, "%d %q %v %v\n", id, info.SlotDescription, info.Flags&p11.CKF_TOKEN_PRESENT != 0, err)
	}
	return flags.String(), nil
}

// slot is one slot as it was a moment ago.
type slot struct {
	id      uint
	name    string
	present bool
	info    p11.TokenInfo
	err     error // the token information could not be read
}

func (m *module) slots() ([]slot, error) {
	ids, err := m.ctx.GetSlotList(false)
	if err != nil {
		return nil, err
	}
	var slots []slot
	for _, id := range ids {
		info, err := m.ctx.GetSlotInfo(id)
		if is(err, p11.CKR_SLOT_ID_INVALID) {
			continue // the reader was unplugged just now
		}
		s := slot{id: id, name: slotName(id, info), err: err}
		if err == nil && info.Flags&p11.CKF_TOKEN_PRESENT != 0 {
			s.present = true
			s.info, s.err = m.ctx.GetTokenInfo(id)
			if is(s.err, p11.CKR_TOKEN_NOT_PRESENT, p11.CKR_DEVICE_REMOVED) {
				s.present, s.err = false, nil
			}
		}
		slots = append(slots, s)
	}
	return slots, nil
}

// slotName is for modules that leave the description empty (TPM2).
func slotName(id uint, info p11.SlotInfo) string {
	if name := text(info.SlotDescription); name != "" {
		return name
	}
	return fmt.Sprintf("slot %d", id)
}

func (s slot) reader(path string) token.Reader {
	r := token.Reader{Module: path, Name: s.name}
	switch {
	case s.err != nil:
		r.Fault = s.err.Error()
	case s.present:
		c := card(s.info)
		r.Card = &c
	}
	return r
}

func (s slot) readable() bool { return s.present && s.err == nil }

func (s slot) blank() bool { return s.info.Flags&p11.CKF_TOKEN_INITIALIZED == 0 }

func card(t p11.TokenInfo) token.Card {
	has := func(flag uint) bool { return t.Flags&flag != 0 }
	c := token.Card{
		Serial:       identity(t),
		Label:        text(t.Label),
		Manufacturer: text(t.ManufacturerID),
		Model:        text(t.Model),
		Blank:        !has(p11.CKF_TOKEN_INITIALIZED),
	}
	c.PIN = token.PINState{
		Min:         limit(t.MinPinLen),
		Max:         limit(t.MaxPinLen),
		Pad:         has(p11.CKF_PROTECTED_AUTHENTICATION_PATH),
		CountLow:    has(p11.CKF_USER_PIN_COUNT_LOW),
		FinalTry:    has(p11.CKF_USER_PIN_FINAL_TRY),
		Locked:      has(p11.CKF_USER_PIN_LOCKED),
		ToBeChanged: has(p11.CKF_USER_PIN_TO_BE_CHANGED),
		NotSet:      !has(p11.CKF_USER_PIN_INITIALIZED),
	}
	return c
}

// identity is how a card is told from another: by its serial number. Modules that give all cards the same one (TPM2:
// zeros) or none get the label added.
func identity(t p11.TokenInfo) string {
	serial := text(t.SerialNumber)
	if strings.Trim(serial, "0") == "" && t.Flags&p11.CKF_TOKEN_INITIALIZED != 0 {
		return serial + "/" + text(t.Label)
	}
	return serial
}

// limit leaves out what cannot be a length of a PIN (CK_UNAVAILABLE_INFORMATION, rubbish).
func limit(n uint) int {
	if n > 4096 {
		return 0
	}
	return int(n)
}

// text makes a fixed field of the module fit to be shown: some fill it with zero bytes, or with an old code page.
func text(s string) string {
	s, _, _ = strings.Cut(s, "\x00")
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "?")
	}
	return strings.TrimSpace(s)
}

// find gives the slot that holds the card of this serial number now.
func (m *module) find(serial string) (slot, bool, error) {
	slots, err := m.slots()
	if err != nil {
		return slot{}, false, err
	}
	for _, s := range slots {
		if s.readable() && !s.blank() && identity(s.info) == serial {
			return s, true, nil
		}
	}
	return slot{}, false, nil
}
