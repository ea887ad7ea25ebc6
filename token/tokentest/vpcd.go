//go:build linux

package tokentest

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// PCSC is the real smart card service with a virtual reader ("Virtual PCD 00 00"), into which tests put cards.
// Debian: pcscd vsmartcard-vpcd vsmartcard-vpicc python3-pycryptodome opensc-pkcs11.
type PCSC struct {
	t       testing.TB
	dir     string
	port    int
	running *exec.Cmd
}

// pcscSocket is pcscd's; it cannot be moved, so only one test at a time may run it.
const pcscSocket = "/run/pcscd/pcscd.comm"

// NewPCSC starts pcscd until the end of the test. It waits while another test uses it, and fails when a
// pcscd that is not from a test runs.
func NewPCSC(t testing.TB) *PCSC {
	t.Helper()
	lock, err := os.OpenFile(filepath.Join(os.TempDir(), "rekey-tests-pcscd.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lock.Close() })
	if c, err := net.Dial("unix", pcscSocket); err == nil {
		c.Close()
		t.Fatal("a pcscd runs already; stop it for this test")
	}
	port := freePair(t)
	p := &PCSC{t: t, dir: t.TempDir(), port: port}
	conf := fmt.Sprintf("FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x%X\nLIBPATH %s\nCHANNELID 0x%X\n", port,
		installed(t, "vsmartcard-vpcd", "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"), port)
	if err := os.WriteFile(filepath.Join(p.dir, "reader.conf"), []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Start()
	t.Cleanup(p.Stop)
	return p
}

// freePair gives the first of two free ports side by side: vpcd has two readers, listens for one card each on a port and
// the next, and serves neither when one of them is taken. They lie below the ports that Linux gives by itself (from
// 32768, ip_local_port_range), or another test's connection could take one before pcscd does.
func freePair(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := 20000 + rand.IntN(10000)
		if isFree(port) && isFree(port+1) {
			return port
		}
	}
	t.Fatal("no two free ports side by side between 20000 and 30000")
	return 0
}

// isFree binds as vpcd does, at all addresses: a port that is taken at one of them is of no use to it.
func isFree(port int) bool {
	l, err := net.Listen("tcp4", fmt.Sprintf(":%d", port))
	if err != nil {
		return false
	}
	l.Close()
	return true
}

// Start starts the service.
func (p *PCSC) Start() {
	p.t.Helper()
	p.running = exec.Command("pcscd", "--foreground", "--config", filepath.Join(p.dir, "reader.conf"))
	if err := p.running.Start(); err != nil {
		p.t.Fatalf("pcscd is not installed (Debian: apt-get install pcscd): %v", err)
	}
	Eventually(p.t, "pcscd is ready", func() bool {
		c, err := net.Dial("unix", pcscSocket)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// Stop ends it.
func (p *PCSC) Stop() {
	if p.running == nil {
		return
	}
	p.running.Process.Signal(syscall.SIGTERM)
	p.running.Wait()
	p.running = nil
}

// PutVicc puts in the card of vicc, which OpenSC does not recognise; remove takes it out.
func (p *PCSC) PutVicc() (remove func()) {
	p.t.Helper()
	// Debian's package puts its modules where Python does not look, and wants a library under its old name.
	if err := os.Symlink("/usr/lib/python3/dist-packages/Cryptodome", filepath.Join(p.dir, "Crypto")); err != nil && !os.IsExist(err) {
		p.t.Fatal(err)
	}
	relay, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	card := exec.Command("vicc", "--type", "iso7816", "--hostname", "127.0.0.1", "--port", fmt.Sprint(relay.Addr().(*net.TCPAddr).Port))
	card.Env = append(os.Environ(), "PYTHONPATH="+p.dir+":/usr/lib/python3/site-packages/virtualsmartcard")
	if err := card.Start(); err != nil {
		p.t.Fatalf("vicc is not installed (Debian: apt-get install vsmartcard-vpicc python3-pycryptodome): %v", err)
	}
	remove = sync.OnceFunc(func() {
		relay.Close()
		card.Process.Kill()
		card.Wait()
	})
	p.t.Cleanup(remove)
	vicc, err := relay.Accept()
	if err != nil {
		p.t.Fatal(err)
	}
	reader := p.dial()
	go pass(vicc, prompt{reader.(*net.TCPConn)})
	go pass(reader, vicc)
	return remove
}

// pass copies until one side ends, and ends the other.
func pass(to io.WriteCloser, from io.Reader) {
	io.Copy(to, from)
	to.Close()
}

func (p *PCSC) dial() net.Conn {
	p.t.Helper()
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", p.port))
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

// prompt reads from vpcd. That sends the length and the rest of a message apart, and without a quick acknowledgement
// the kernel holds the rest back for 40 ms.
type prompt struct{ c *net.TCPConn }

func (p prompt) Read(b []byte) (int, error) {
	if raw, err := p.c.SyscallConn(); err == nil {
		raw.Control(func(fd uintptr) { syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1) })
	}
	return p.c.Read(b)
}

// Chip is a card that a test plays itself.
type Chip interface {
	ATR() []byte
	Reset()
	Transmit(apdu []byte) []byte
}

// Put puts a card in; remove takes it out.
func (p *PCSC) Put(chip Chip) (remove func()) {
	p.t.Helper()
	c := p.dial()
	done := make(chan struct{})
	go func() {
		defer close(done)
		serveChip(prompt{c.(*net.TCPConn)}, c, chip)
	}()
	remove = func() {
		c.Close()
		<-done
	}
	p.t.Cleanup(remove)
	return remove
}

// serveChip speaks the protocol of vpcd: two bytes of length, then a command of one byte or an APDU.
func serveChip(r io.Reader, w io.Writer, chip Chip) {
	for {
		var length [2]byte
		if _, err := io.ReadFull(r, length[:]); err != nil {
			return
		}
		message := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(r, message); err != nil {
			return
		}
		var answer []byte
		switch {
		case len(message) == 1 && message[0] == 4:
			answer = chip.ATR()
		case len(message) == 1: // power on, power off, reset
			chip.Reset()
			continue
		default:
			answer = chip.Transmit(message)
		}
		if _, err := w.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
			return
		}
	}
}

// OpenSC gives the path of OpenSC's module.
func OpenSC(t testing.TB) (modulePath string) {
	t.Helper()
	return installed(t, "opensc-pkcs11",
		"/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so", "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so", "/usr/lib64/opensc-pkcs11.so")
}
