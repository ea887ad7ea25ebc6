package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"rekey/store"
)

func open(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestValuesComeBackAfterReopening(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := open(t, dir)
	var name string
	err := s.Update(func(tx *store.Tx) error {
		var err error
		if name, err = tx.PutDocument([]byte("%PDF a form")); err != nil {
			return err
		}
		return store.Put(tx, store.Settings, "lang", "tr")
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	err = open(t, dir).View(func(tx *store.Tx) error {
		lang, err := store.Get[string](tx, store.Settings, "lang")
		if err != nil || lang != "tr" {
			t.Errorf("lang %q, %v", lang, err)
		}
		data, err := tx.Document(name)
		if err != nil || string(data) != "%PDF a form" {
			t.Errorf("document %q, %v", data, err)
		}
		_, err = store.Get[string](tx, store.Settings, "nothing")
		if store.KindOf(err) != store.NotFound {
			t.Errorf("missing value: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAFailedUpdateLeavesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	boom := errors.New("boom")
	err := s.Update(func(tx *store.Tx) error {
		if err := store.Put(tx, store.Cases, "a", 1); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
	_ = s.View(func(tx *store.Tx) error {
		if _, err := store.Get[int](tx, store.Cases, "a"); store.KindOf(err) != store.NotFound {
			t.Errorf("half a change was kept: %v", err)
		}
		return nil
	})
}

func TestNothingReadableLiesOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	secret := "AYŞE GÜL ÖRNEK 10000000146"
	err := s.Update(func(tx *store.Tx) error {
		if _, err := tx.PutDocument([]byte(secret)); err != nil {
			return err
		}
		return store.Put(tx, store.Cases, "id", secret)
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	raw, err := os.ReadFile(filepath.Join(dir, "rekey.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"ÖRNEK", "10000000146"} {
		if bytes.Contains(raw, []byte(part)) {
			t.Errorf("%q is readable in the file", part)
		}
	}
	for _, file := range []string{"rekey.db", "rekey.key"} {
		if info, err := os.Stat(filepath.Join(dir, file)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", file, info.Mode(), err)
		}
	}
}

func TestASecondProcessIsTold(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	if _, err := store.Open(dir); store.KindOf(err) != store.Busy {
		t.Errorf("second open: %v", err)
	}
}

func TestDamageIsFoundAndTheFileLeftAlone(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "rekey.db")
	rubbish := bytes.Repeat([]byte("rubbish "), 4096)
	if err := os.WriteFile(path, rubbish, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(dir); store.KindOf(err) != store.Damaged {
		t.Errorf("open: %v", err)
	}
	if raw, _ := os.ReadFile(path); !bytes.Equal(raw, rubbish) {
		t.Error("the damaged file was changed")
	}
}

func TestALostKeyIsDamageNotANewStart(t *testing.T) {
	dir := t.TempDir()
	open(t, dir).Close()
	if err := os.Remove(filepath.Join(dir, "rekey.key")); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(dir); store.KindOf(err) != store.Damaged {
		t.Errorf("open: %v", err)
	}
}

// A full disk is real here: a tmpfs of 256 kB.
func TestFullDiskSaysSoAndLosesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k,mode=0700"); err != nil {
		t.Fatalf("a small tmpfs is needed for this test (run as root): %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Update(func(tx *store.Tx) error { return store.Put(tx, store.Settings, "lang", "tr") }); err != nil {
		t.Fatal(err)
	}
	err = s.Update(func(tx *store.Tx) error { _, err := tx.PutDocument(make([]byte, 1<<20)); return err })
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("full disk: %v", err)
	}
	err = s.View(func(tx *store.Tx) error { _, err := store.Get[string](tx, store.Settings, "lang"); return err })
	if err != nil {
		t.Errorf("what was there is lost: %v", err)
	}
}
