package token

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"path/filepath"
	"testing"
	"time"
)

// talker plays pcscd; that the real one speaks so is shown in token/pkcs11 (TestHotPlug).
type talker struct {
	t *testing.T
	c net.Conn
}

func (p talker) hear(command uint32, body int) []byte {
	p.t.Helper()
	head := make([]byte, 8+body)
	if _, err := io.ReadFull(p.c, head); err != nil {
		p.t.Fatal(err)
	}
	if binary.NativeEndian.Uint32(head[4:]) != command || binary.NativeEndian.Uint32(head) != uint32(body) {
		p.t.Fatalf("%x", head)
	}
	return head[8:]
}

func (p talker) say(b []byte) {
	p.t.Helper()
	if _, err := p.c.Write(b); err != nil {
		p.t.Fatal(err)
	}
}

func (p talker) greet(minor int32) {
	p.t.Helper()
	theirs := p.hear(pcscVersion, 12)
	answer := append([]byte(nil), theirs...)
	if asked := int32(binary.NativeEndian.Uint32(theirs[4:])); asked != minor {
		binary.NativeEndian.PutUint32(answer[4:], uint32(minor))
		binary.NativeEndian.PutUint32(answer[8:], 0x8010001D) // SCARD_E_NO_SERVICE
	}
	p.say(answer)
}

func states(name string, counter, state uint32) []byte {
	all := make([]byte, pcscReaders*pcscState)
	copy(all, name)
	binary.NativeEndian.PutUint32(all[pcscName:], counter)
	binary.NativeEndian.PutUint32(all[pcscName+4:], state)
	return all
}

func TestService(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "pcscd")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := newService(socket)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { s.listen(ctx); close(ended) }()
	accept := func(minor int32) talker {
		t.Helper()
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		p := talker{t, c}
		p.greet(minor)
		return p
	}
	// tell makes something happen and waits until it is known.
	tell := func(happens func(), known func() bool) {
		t.Helper()
		for change, limit := s.change(), time.After(10*time.Second); ; change = s.change() {
			if happens != nil {
				happens()
				happens = nil
			}
			if known() {
				return
			}
			select {
			case <-change:
			case <-limit:
				t.Fatal("nothing was told")
			}
		}
	}
	const long = "A reader whose name is longer than the sixty-four bytes of a slot's description 00 00"
	quiet := func(names ...string) bool {
		var readers []Reader
		for _, n := range names {
			readers = append(readers, Reader{Name: n})
		}
		return s.quiet(readers, 0)
	}

	said := func() string {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.state
	}

	accept(5).c.Close() // another version: asked again in that one
	p := accept(5)
	tell(func() { p.hear(pcscWait, 0); p.say(states(long, 0, 0x02)) }, func() bool { return quiet(long[:64]) })
	if quiet() || quiet(long[:64], "Another") || quiet(long[:20]) || s.quiet([]Reader{{Name: long[:64]}}, time.Hour) {
		t.Fatal("a module that is not watched over is said to be")
	}
	before := said()
	tell(func() {
		p.say(make([]byte, 8))
		p.hear(pcscWait, 0)
		p.say(states(long, 1, 0x04))
	}, func() bool { return said() != before })
	before = said()
	// A change that comes before the states is misread, and read again at once.
	tell(func() {
		p.say(make([]byte, 8))
		p.hear(pcscWait, 0)
		p.say(append(make([]byte, 8), states(long, 2, 0x02)...))
		p.hear(pcscWait, 0)
		p.say(states(long, 2, 0x02))
	}, func() bool { return said() != before && quiet(long[:64]) })
	tell(func() { p.c.Close() }, func() bool { return !quiet(long[:64]) })
	cancel()
	<-ended
}
