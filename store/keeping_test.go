package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rekey/store"
)

// filled is a store with some values and a document.
func filled(t *testing.T) (string, *store.Store) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "store")
	s := open(t, dir)
	put(t, s, "lang", "tr")
	if err := s.Update(func(tx *store.Tx) error { _, err := tx.PutDocument([]byte("%PDF")); return err }); err != nil {
		t.Fatal(err)
	}
	return dir, s
}

func put(t *testing.T, s *store.Store, key, value string) {
	t.Helper()
	if err := s.Update(func(tx *store.Tx) error { return store.Put(tx, store.Settings, key, value) }); err != nil {
		t.Fatal(err)
	}
}

func setting(t *testing.T, s *store.Store, key string) (value string) {
	t.Helper()
	if err := s.View(func(tx *store.Tx) (err error) { value, err = store.Get[string](tx, store.Settings, key); return err }); err != nil {
		t.Fatal(err)
	}
	return value
}

func spoil(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw = raw[:len(raw)/4]
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestTheBusyErrorNamesTheProcess(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	_, err := store.Open(dir)
	var busy *store.BusyError
	if !errors.As(err, &busy) || busy.PID != os.Getpid() || time.Since(busy.Since) > time.Hour {
		t.Errorf("second open: %v", err)
	}
	if _, err := store.Restore(dir, "", "", store.Options{}); store.KindOf(err) != store.Busy {
		t.Errorf("restore under an open store: %v", err)
	}
}

func TestOneBackupADayAndFiveAtMost(t *testing.T) {
	dir, s := filled(t)
	s.Close()
	old := filepath.Join(dir, "backups")
	if err := os.MkdirAll(old, 0o700); err != nil {
		t.Fatal(err)
	}
	for day := 1; day <= 7; day++ {
		path := filepath.Join(old, fmt.Sprintf("rekey-2026010%d.db", day))
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 1, day, 9, 0, 0, 0, time.UTC)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		s = open(t, dir)
		if err := s.BackupError(); err != nil {
			t.Fatal(err)
		}
		s.Close()
		all := store.Backups(dir)
		if len(all) != 5 || all[0].Size == 0 || !all[0].Automatic || !strings.HasSuffix(all[4].File, "20260104.db") {
			t.Fatalf("backups %v", all)
		}
	}
}

func TestADamagedFileIsSetAsideAndTheBackupTakesItsPlace(t *testing.T) {
	dir, s := filled(t)
	if _, err := s.Backup(""); err != nil {
		t.Fatal(err)
	}
	put(t, s, "lang", "vi")
	s.Close()
	path := filepath.Join(dir, "rekey.db")
	rest := spoil(t, path)
	_, err := store.Open(dir)
	damage := wantPart(t, err, store.PartFile)
	if damage.File != path || len(damage.Backups) != 1 {
		t.Fatalf("%+v", damage)
	}
	// A newer backup that is bad itself is passed over.
	bad := filepath.Join(dir, "backups", "rekey-29990101T000000.db")
	if err := os.WriteFile(bad, bytes.Repeat([]byte("bad "), 9000), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := store.Restore(dir, "", "", store.Options{})
	if err != nil || r.From != damage.Backups[0].File || len(r.Aside) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if aside, _ := os.ReadFile(r.Aside[0]); !bytes.Equal(aside, rest) {
		t.Error("what was set aside is not what was there")
	}
	s = open(t, dir)
	if got := setting(t, s, "lang"); got != "tr" {
		t.Errorf("restored: %q", got)
	}
	clean(t, s)
}

func TestAMissingFileIsNotANewStart(t *testing.T) {
	dir, s := filled(t)
	s.Close()
	if err := os.Remove(filepath.Join(dir, "rekey.db")); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(dir)
	wantPart(t, err, store.PartGone)
	if _, err := store.StartNew(dir, store.Options{}); err != nil {
		t.Fatal(err)
	}
	clean(t, open(t, dir))
}

func TestALostKeyComesBackWithItsCopy(t *testing.T) {
	dir, s := filled(t)
	key := filepath.Join(t.TempDir(), "copy.key")
	if err := s.WriteKey(key); err != nil {
		t.Fatal(err)
	}
	b, err := s.Backup("")
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if err := os.Remove(filepath.Join(dir, "rekey.key")); err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(dir)
	wantPart(t, err, store.PartKey)
	if _, err := store.Restore(dir, b.File, "", store.Options{}); store.KindOf(err) != store.Damaged {
		t.Errorf("restored without a key: %v", err)
	}
	if _, err := store.Restore(dir, b.File, key, store.Options{}); err != nil {
		t.Fatal(err)
	}
	if got := setting(t, open(t, dir), "lang"); got != "tr" {
		t.Errorf("restored: %q", got)
	}
}

func TestCompactionShrinksAndKeepsEverything(t *testing.T) {
	_, s := filled(t)
	var name string
	if err := s.Update(func(tx *store.Tx) (err error) { name, err = tx.PutDocument(make([]byte, 3<<20)); return err }); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(func(tx *store.Tx) error { return tx.Delete(store.Documents, name) }); err != nil {
		t.Fatal(err)
	}
	before, after, err := s.Compact()
	if err != nil || after > before/10 {
		t.Fatalf("%d → %d, %v", before, after, err)
	}
	if got := setting(t, s, "lang"); got != "tr" {
		t.Errorf("after: %q", got)
	}
	put(t, s, "lang", "vi")
	clean(t, s)
}

func TestOpenFilesAreClosedToOthers(t *testing.T) {
	dir, s := filled(t)
	s.Close()
	for path, mode := range map[string]os.FileMode{dir: 0o755, filepath.Join(dir, "rekey.db"): 0o644, filepath.Join(dir, "rekey.key"): 0o640} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	s = open(t, dir)
	if len(s.Tightened()) != 3 {
		t.Errorf("tightened %v", s.Tightened())
	}
	_ = filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v", path, info.Mode())
		}
		return err
	})
}

func TestAFolderOfOthersIsLeftAsItIs(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.Chmod(dir, 0o755), os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	if info, _ := os.Stat(dir); info.Mode().Perm() != 0o755 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestAReadOnlyFolderSaysSo(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m,mode=0700"); err != nil {
		t.Fatalf("a small tmpfs is needed for this test (run as root): %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	open(t, dir).Close()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(dir); store.KindOf(err) != store.IO || !errors.Is(err, syscall.EROFS) {
		t.Errorf("open: %v", err)
	}
}

func TestCompactionOnAFullDiskChangesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m,mode=0700"); err != nil {
		t.Fatalf("a small tmpfs is needed for this test (run as root): %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	s := open(t, dir)
	if err := s.Update(func(tx *store.Tx) error { _, err := tx.PutDocument(make([]byte, 300<<10)); return err }); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "filler"), make([]byte, 1<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	if _, _, err := s.Compact(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("compact: %v", err)
	}
	if _, err := s.Backup(""); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("backup: %v", err)
	}
	clean(t, s)
	if left, _ := filepath.Glob(filepath.Join(dir, "*", "*.new")); len(left) > 0 {
		t.Errorf("half a backup was left: %v", left)
	}
}

// The disk takes the file away while it is in use: an error, not the end of the process.
func TestAFileCutShortUnderAnOpenStore(t *testing.T) {
	dir, s := filled(t)
	if err := s.Update(func(tx *store.Tx) error { _, err := tx.PutDocument(make([]byte, 1<<20)); return err }); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "rekey.db"), 4096); err != nil {
		t.Fatal(err)
	}
	err := s.View(func(tx *store.Tx) error { _, err := store.Get[string](tx, store.Settings, "lang"); return err })
	if store.KindOf(err) != store.Damaged {
		t.Errorf("read: %v", err)
	}
	if err := s.Update(func(*store.Tx) error { return nil }); store.KindOf(err) != store.Damaged {
		t.Errorf("write: %v", err)
	}
}
