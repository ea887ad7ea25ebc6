package store_test

import (
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"rekey/store"
)

// FuzzOpen changes bytes of a good file: it opens, or it is refused; it never ends the process, and the file is not touched when it is refused.
// The input is a list of changes: place (4 bytes), value (1 byte).
func FuzzOpen(f *testing.F) {
	key, err := os.ReadFile("testdata/schema1/rekey.key")
	if err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile("testdata/schema1/rekey.db")
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0x10, 0x10, 9})
	r := rand.New(rand.NewPCG(5, 5))
	for range 400 {
		var changes []byte
		for range 1 + r.IntN(4) {
			page := uint32(r.IntN(len(good) / 4096))
			at := page*4096 + uint32(r.IntN(200)) // heads of pages are where the numbers are
			changes = append(binary.BigEndian.AppendUint32(changes, at), byte(r.Uint32()))
		}
		f.Add(changes)
	}
	f.Fuzz(func(t *testing.T, changes []byte) {
		raw := append([]byte(nil), good...)
		for ; len(changes) >= 5 && len(changes) < 5*64; changes = changes[5:] {
			raw[int(binary.BigEndian.Uint32(changes))%len(raw)] = changes[4]
		}
		dir := t.TempDir()
		path := filepath.Join(dir, "rekey.db")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "rekey.key"), key, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := store.OpenWith(dir, store.Options{NoBackup: true})
		if err != nil {
			if kind := store.KindOf(err); kind != store.Damaged && kind != store.Newer {
				t.Errorf("refused as %q: %v", kind, err)
			}
			return
		}
		defer s.Close()
		if r, err := s.Check(); err == nil && r.Clean() {
			if err := s.Update(func(tx *store.Tx) error { _, err := tx.PutDocument(content(1)); return err }); err != nil {
				t.Errorf("write: %v", err)
			}
			clean(t, s)
		}
	})
}

// Each byte of the heads of all pages is turned once, each place of the file is its end once.
func TestEveryTurnedByteOfThePagesAndEveryLength(t *testing.T) {
	good, err := os.ReadFile("testdata/schema1/rekey.db")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "rekey.db")
	look := func(raw []byte) error {
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		return store.CheckPages(path)
	}
	if err := look(good); err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(good); at++ {
		if at%4096 > 120 {
			continue
		}
		raw := append([]byte(nil), good...)
		raw[at] ^= 0xFF
		_ = look(raw) // no panic; whether it is refused depends on what the byte is
	}
	for length := 0; length < len(good)/2; length += 97 {
		if look(good[:length]) == nil {
			t.Fatalf("a file of %d bytes passes", length)
		}
	}
}

// FuzzRestore changes bytes of a backup: it is put in place whole, or refused, and then the store is as it was.
func FuzzRestore(f *testing.F) {
	good, err := os.ReadFile("testdata/schema1/rekey.db")
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{}, uint32(0))
	f.Add([]byte{0, 0, 0x10, 0x10, 9}, uint32(0))
	f.Add([]byte{}, uint32(5000))
	f.Add([]byte{}, uint32(len(good)))
	r := rand.New(rand.NewPCG(7, 7))
	for range 60 {
		f.Add(append(binary.BigEndian.AppendUint32(nil, uint32(r.IntN(len(good)))), byte(r.Uint32())), uint32(0))
	}
	f.Fuzz(func(t *testing.T, changes []byte, cut uint32) {
		raw := append([]byte(nil), good...)
		for ; len(changes) >= 5 && len(changes) < 5*64; changes = changes[5:] {
			raw[int(binary.BigEndian.Uint32(changes))%len(raw)] = changes[4]
		}
		raw = raw[:len(raw)-int(cut)%(len(raw)+1)]
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS("testdata/schema1")); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(filepath.Join(dir, "rekey.db"))
		if err != nil {
			t.Fatal(err)
		}
		backup := filepath.Join(t.TempDir(), "backup.db")
		if err := os.WriteFile(backup, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Restore(dir, backup, "", store.Options{NoBackup: true}); err != nil {
			if after, _ := os.ReadFile(filepath.Join(dir, "rekey.db")); string(after) != string(before) {
				t.Errorf("refused (%v), and the store has changed", err)
			}
			if kind := store.KindOf(err); kind != store.Damaged && kind != store.Newer {
				t.Errorf("refused as %q: %v", kind, err)
			}
		}
		s, err := store.OpenWith(dir, store.Options{NoBackup: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		clean(t, s)
	})
}
