package store_test

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rekey/store"
)

// ring is a keyring that can go wrong.
type ring struct {
	kept  map[string]string
	fails error
	lies  bool
	hangs chan struct{}
}

func (r *ring) Set(_, user, password string) error {
	if r.hangs != nil {
		<-r.hangs
	}
	if r.fails == nil {
		r.kept[user] = password
	}
	return r.fails
}

func (r *ring) Get(_, user string) (string, error) {
	if r.lies {
		return "AAAA", nil
	}
	password, ok := r.kept[user]
	if !ok {
		return "", errors.New("no such entry")
	}
	return password, r.fails
}

func opened(t *testing.T, dir string, r *ring) *store.Store {
	t.Helper()
	s, err := store.OpenWith(dir, store.WithRing(store.Options{Keyring: true}, r))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func keyFileThere(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "rekey.key"))
	return err == nil
}

func TestTheKeyMovesToTheKeyringAndIsReadFromThere(t *testing.T) {
	dir, s := filled(t)
	s.Close()
	r := &ring{kept: map[string]string{}}
	for range 2 {
		s = opened(t, dir, r)
		if p := s.KeyPlace(); !p.Keyring || p.Note != "" || keyFileThere(dir) {
			t.Errorf("place %+v, key file %v", p, keyFileThere(dir))
		}
		if got := setting(t, s, "lang"); got != "tr" {
			t.Errorf("reads %q", got)
		}
		s.Close()
	}
	// Also without the option: a key that is in the keyring is not to be had elsewhere.
	s, err := store.OpenWith(dir, store.WithRing(store.Options{}, r))
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	clear(r.kept)
	_, err = store.OpenWith(dir, store.WithRing(store.Options{Keyring: true}, r))
	wantPart(t, err, store.PartKey)
}

func TestAKeyringThatFailsLeavesTheKeyFile(t *testing.T) {
	for name, r := range map[string]*ring{
		"refuses": {kept: map[string]string{}, fails: errors.New("locked")},
		"lies":    {kept: map[string]string{}, lies: true},
		"hangs":   {kept: map[string]string{}, hangs: make(chan struct{})},
	} {
		dir := t.TempDir()
		start := time.Now()
		s := opened(t, dir, r)
		if p := s.KeyPlace(); p.Keyring || p.Note == "" || !keyFileThere(dir) {
			t.Errorf("%s: place %+v, key file %v", name, p, keyFileThere(dir))
		}
		if time.Since(start) > 20*time.Second {
			t.Errorf("%s: it took %v", name, time.Since(start))
		}
		s.Close()
		if r.hangs != nil {
			close(r.hangs)
		}
	}
}

func TestNoSessionBusIsNoTrouble(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	start := time.Now()
	s, err := store.OpenWith(t.TempDir(), store.Options{Keyring: true})
	if err != nil || time.Since(start) > 20*time.Second {
		t.Fatalf("%v after %v", err, time.Since(start))
	}
	defer s.Close()
	if p := s.KeyPlace(); p.Keyring || !strings.Contains(p.Note, "no keyring") {
		t.Errorf("place %+v", p)
	}
}

// onTheBus asks the bus, without waking anything, whether a keyring is there.
func onTheBus() bool {
	out, err := exec.Command("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
		"org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets").Output()
	return err == nil && strings.Contains(string(out), "boolean true")
}

// The real thing: a session bus and GNOME's keyring, both of this test alone.
func TestTheKeyInARealKeyring(t *testing.T) {
	home := t.TempDir()
	for name, value := range map[string]string{"HOME": home, "XDG_RUNTIME_DIR": home, "XDG_DATA_HOME": home, "XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home} {
		t.Setenv(name, value)
	}
	bus := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address")
	out, err := bus.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Start(); err != nil {
		t.Fatalf("this test needs dbus-daemon: %v", err)
	}
	t.Cleanup(func() { _ = bus.Process.Kill(); _ = bus.Wait() })
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the bus gave no address")
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", lines.Text())
	daemon := exec.Command("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	daemon.Stdin = strings.NewReader("password of this test")
	var said bytes.Buffer
	daemon.Stdout, daemon.Stderr = &said, &said
	if err := daemon.Start(); err != nil {
		t.Fatalf("this test needs gnome-keyring: %v", err)
	}
	t.Cleanup(func() { _ = daemon.Process.Kill(); _ = daemon.Wait() })
	// Asking earlier would have the bus start a second, locked keyring.
	for until := time.Now().Add(15 * time.Second); !onTheBus(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("the keyring is not on the bus:\n%s", &said)
		}
	}
	dir := t.TempDir()
	var s *store.Store
	for until := time.Now().Add(15 * time.Second); ; time.Sleep(50 * time.Millisecond) { // until it is unlocked
		if s, err = store.OpenWith(dir, store.Options{Keyring: true}); err != nil {
			t.Fatal(err)
		}
		if s.KeyPlace().Keyring {
			break
		}
		if time.Now().After(until) {
			t.Fatalf("%+v\n%s", s.KeyPlace(), &said)
		}
		s.Close()
	}
	put(t, s, "lang", "fa")
	s.Close()
	if keyFileThere(dir) {
		t.Error("the key file is still there")
	}
	if s, err = store.OpenWith(dir, store.Options{Keyring: true}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := setting(t, s, "lang"); got != "fa" {
		t.Errorf("reads %q", got)
	}
}
