package token

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// service listens to pcscd, the smart card service of Linux and the BSDs, on its own socket: it tells at once when a reader or a
// card comes or goes, which costs nothing in between, while a module needs 2 ms for each reader to say the same. It only
// hears; nothing that it does reaches a card. Where the socket is missing, or speaks another version, the modules are asked
// as often as everywhere else.
//
// The protocol is that of pcsc-lite (src/winscard_msg.h), version 4.4 of 2020 and later.
type service struct {
	socket string

	mu      sync.Mutex
	alive   bool
	readers []string      // their names, while alive
	state   string        // what the last answer said of readers and cards
	moved   time.Time     // when that last changed
	changed chan struct{} // closed at the next change
}

const (
	pcscVersion   = 0x11 // CMD_VERSION
	pcscWait      = 0x13 // CMD_WAIT_READER_STATE_CHANGE
	pcscMajor     = 4
	pcscMinor     = 4 // the first whose CMD_WAIT_READER_STATE_CHANGE answers with the states
	pcscReaders   = 16
	pcscName      = 128
	pcscState     = pcscName + 56 // READER_STATE: the name, eventCounter, readerState, sharing, ATR, its length, protocol
	pcscPresent   = 0x04          // SCARD_PRESENT in readerState
	pcscPatience  = 5 * time.Second
	pcscRedial    = time.Second
	pcscMaxRedial = 30 * time.Second
)

func newService(socket string) *service {
	return &service{socket: socket, changed: make(chan struct{})}
}

// listen follows the service until the context ends.
func (s *service) listen(ctx context.Context) {
	pause := pcscRedial
	for ctx.Err() == nil {
		begun := time.Now()
		if exists(s.socket) {
			_ = s.follow(ctx) // an error means only that the modules are asked
			s.set(false, nil, "")
		}
		if !exists(s.socket) || time.Since(begun) > pcscMaxRedial {
			pause = pcscRedial
		}
		wait := time.NewTimer(pause)
		select {
		case <-wait.C:
		case <-ctx.Done():
		}
		wait.Stop()
		if exists(s.socket) {
			pause = min(2*pause, pcscMaxRedial)
		}
	}
}

// follow speaks with the service until that ends.
func (s *service) follow(ctx context.Context) error {
	c, err := greet(ctx, s.socket, pcscMinor)
	var other *versionError
	if errors.As(err, &other) && other.major == pcscMajor && other.minor > pcscMinor {
		c, err = greet(ctx, s.socket, other.minor)
	}
	if err != nil {
		return err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	for {
		if err := s.next(c); err != nil {
			return err
		}
	}
}

// next asks for the states and waits for a change. When one happens before the states are sent, its 8 bytes stand before
// them: they are misread once, and read again at once.
func (s *service) next(c net.Conn) error {
	if err := send(c, pcscWait, nil); err != nil {
		return err
	}
	states := make([]byte, pcscReaders*pcscState)
	if err := c.SetReadDeadline(time.Now().Add(pcscPatience)); err != nil {
		return err
	}
	if _, err := io.ReadFull(c, states); err != nil {
		return err
	}
	s.set(true, readerNames(states), summary(states))
	if err := c.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	var event [8]byte // struct wait_reader_state_change
	_, err := io.ReadFull(c, event[:])
	return err
}

type versionError struct{ major, minor int32 }

func (e *versionError) Error() string {
	return fmt.Sprintf("pcscd speaks version %d.%d", e.major, e.minor)
}

// greet connects and agrees on a version.
func greet(ctx context.Context, socket string, minor int32) (net.Conn, error) {
	dial := net.Dialer{Timeout: pcscPatience}
	c, err := dial.DialContext(ctx, "unix", socket)
	if err != nil {
		return nil, err
	}
	fail := func(err error) (net.Conn, error) {
		c.Close()
		return nil, err
	}
	type version struct {
		Major, Minor int32
		RV           uint32
	}
	if err := c.SetDeadline(time.Now().Add(pcscPatience)); err != nil {
		return fail(err)
	}
	if err := send(c, pcscVersion, version{Major: pcscMajor, Minor: minor}); err != nil {
		return fail(err)
	}
	var theirs version
	if err := binary.Read(c, binary.NativeEndian, &theirs); err != nil {
		return fail(err)
	}
	if theirs.RV != 0 || theirs.Major != pcscMajor || theirs.Minor != minor {
		return fail(&versionError{theirs.Major, theirs.Minor})
	}
	return c, c.SetDeadline(time.Time{})
}

// send writes a header (the length of the body, the command) and the body.
func send(c net.Conn, command uint32, body any) error {
	var message bytes.Buffer
	size := 0
	if body != nil {
		size = binary.Size(body)
	}
	if err := binary.Write(&message, binary.NativeEndian, [2]uint32{uint32(size), command}); err != nil {
		return err
	}
	if body != nil {
		if err := binary.Write(&message, binary.NativeEndian, body); err != nil {
			return err
		}
	}
	_, err := c.Write(message.Bytes())
	return err
}

func readerNames(states []byte) (names []string) {
	for one := range chunks(states) {
		if name := cString(one[:pcscName]); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// summary names the readers, whether each holds a card, and the counter that pcscd raises with each coming and going.
func summary(states []byte) string {
	var all strings.Builder
	for one := range chunks(states) {
		if name := cString(one[:pcscName]); name != "" {
			count, state := binary.NativeEndian.Uint32(one[pcscName:]), binary.NativeEndian.Uint32(one[pcscName+4:])
			fmt.Fprintf(&all, "%q %d %v\n", name, count, state&pcscPresent != 0)
		}
	}
	return all.String()
}

func chunks(states []byte) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for ; len(states) >= pcscState && yield(states[:pcscState]); states = states[pcscState:] {
		}
	}
}

func cString(b []byte) string {
	b, _, _ = bytes.Cut(b, []byte{0})
	return strings.TrimSpace(string(b))
}

// set keeps what is known and wakes those who wait when it differs.
func (s *service) set(alive bool, readers []string, state string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.alive == alive && s.state == state {
		return
	}
	s.alive, s.readers, s.state, s.moved = alive, readers, state, time.Now()
	close(s.changed)
	s.changed = make(chan struct{})
}

// change gives a channel that is closed when something changes next.
func (s *service) change() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// stirred says that the service has told something just now.
func (s *service) stirred(calm time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Since(s.moved) < calm
}

// quiet says that a module need not be asked, because the service would tell: it is heard, each reader of the
// module is one of its readers, and nothing has changed for a while. A module whose readers have other names is asked.
func (s *service) quiet(readers []Reader, calm time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.alive || len(readers) == 0 || time.Since(s.moved) < calm {
		return false
	}
	for _, r := range readers {
		if !s.has(r.Name) {
			return false
		}
	}
	return true
}

// has compares with what fits into CK_SLOT_INFO.slotDescription, 64 bytes.
func (s *service) has(name string) bool {
	const room = 64
	for _, known := range s.readers {
		if known == name || len(known) > room && strings.TrimSpace(known[:room]) == name {
			return true
		}
	}
	return false
}
