package single

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSecondStartCallsTheFirst(t *testing.T) {
	for name, by := range map[string]way{"socket": socket, "loopback": loopback} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			first, err := claim(t.Context(), dir, by)
			if err != nil {
				t.Fatal(err)
			}
			came := make(chan bool, 2)
			if _, err := claim(t.Context(), dir, by); !errors.Is(err, ErrRunning) { // before the window is ready
				t.Fatalf("second start: %v", err)
			}
			first.OnCall(func() { came <- true })
			<-came
			if _, err := claim(t.Context(), dir, by); !errors.Is(err, ErrRunning) {
				t.Fatalf("third start: %v", err)
			}
			<-came
			if err := first.Release(); err != nil {
				t.Fatal(err)
			}
			again, err := claim(t.Context(), dir, by)
			if err != nil {
				t.Fatalf("after the first ended: %v", err)
			}
			if err := again.Release(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestCrashedWindowIsNotInTheWay: what a killed window leaves behind does not stop the next one.
func TestCrashedWindowIsNotInTheWay(t *testing.T) {
	dir := t.TempDir()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "window.sock"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	if err := os.WriteFile(filepath.Join(dir, "window.port"), []byte("1 word\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, by := range map[string]way{"socket": socket, "loopback": loopback} {
		lock, err := claim(t.Context(), dir, by)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := lock.Release(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestStrangerIsNotHeard: somebody who does not know the word brings no window to the front.
func TestStrangerIsNotHeard(t *testing.T) {
	lock, err := claim(t.Context(), t.TempDir(), loopback)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	lock.OnCall(func() { t.Error("a stranger was heard") })
	conn, err := net.Dial("tcp", lock.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if called(conn, "show") {
		t.Error("a stranger got an answer")
	}
}

func TestLongFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	lock, err := Claim(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := lock.Release(); err != nil {
		t.Error(err)
	}
}
