package store_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rekey/store"
)

// first copies the store that a program of schema 1 wrote (testdata/schema1, an invented person).
func first(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"rekey.db", "rekey.key"} {
		data, err := os.ReadFile(filepath.Join("testdata/schema1", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	oldCase   = "019cad10-0000-7000-8000-000000000001"
	oldHolder = "5d1c3a5be7f3a9b0c2d4e6f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c"
)

// clean wants a check without problems.
func clean(t *testing.T, s *store.Store) store.Report {
	t.Helper()
	r, err := s.Check()
	if err != nil {
		t.Fatal(err)
	}
	if !r.Clean() {
		t.Fatalf("check: %+v", r.Problems)
	}
	return r
}

func TestMigrationFromSchema1KeepsEverything(t *testing.T) {
	dir := first(t)
	s := open(t, dir)
	r := clean(t, s)
	want := map[store.Bucket]int{store.Cases: 1, store.Events: 3, store.Documents: 2, store.Choices: 1, store.Drafts: 1, store.Settings: 1, store.Outbox: 1, store.Certificates: 0}
	for b, n := range want {
		if r.Values[b] != n {
			t.Errorf("%s: %d values, want %d", b, r.Values[b], n)
		}
	}
	err := s.View(func(tx *store.Tx) error {
		c, err := store.Get[map[string]any](tx, store.Cases, oldCase)
		if err != nil || c["holder"] != "AYŞE GÜL ÖRNEK" {
			t.Errorf("case %v, %v", c, err)
		}
		fp, err := store.Get[string](tx, store.Choices, oldHolder)
		if err != nil || !strings.HasPrefix(fp, "aa11bb22") {
			t.Errorf("choice %q, %v", fp, err)
		}
		return store.Each(tx, store.Outbox, "", func(_ string, w json.RawMessage) error { return nil })
	})
	if err != nil {
		t.Error(err)
	}
	s.Close()
	s = open(t, dir) // freed pages of schema 1 may still hold the old key; compaction drops them
	if _, _, err := s.Compact(); err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(filepath.Join(dir, "rekey.db")); err != nil || bytes.Contains(raw, []byte(oldHolder)) {
		t.Errorf("the holder key is readable in the file: %v", err)
	}
	if all := store.Backups(dir); len(all) == 0 || !strings.Contains(all[len(all)-1].File+all[0].File, "schema1") {
		t.Errorf("no backup of before the migration: %v", all)
	}
}

func TestMigrationWithAnotherKeyChangesNothing(t *testing.T) {
	dir := first(t)
	if err := os.WriteFile(filepath.Join(dir, "rekey.key"), bytes.Repeat([]byte{7}, 32), 0o600); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(filepath.Join(dir, "rekey.db"))
	_, err := store.Open(dir)
	wantPart(t, err, store.PartKey)
	if after, _ := os.ReadFile(filepath.Join(dir, "rekey.db")); !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
}

func wantPart(t *testing.T, err error, part store.Part) *store.DamagedError {
	t.Helper()
	var damage *store.DamagedError
	if store.KindOf(err) != store.Damaged || !errors.As(err, &damage) || damage.Part != part {
		t.Fatalf("%v, want damage of the %s", err, part)
	}
	return damage
}

func TestANewerSchemaIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	open(t, dir).Close()
	path := filepath.Join(dir, "rekey.db")
	if err := store.MakeNewer(path); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	if _, err := store.Open(dir); store.KindOf(err) != store.Newer {
		t.Errorf("open: %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
}

func TestWrongKeyIsFoundAtOnce(t *testing.T) {
	dir := t.TempDir()
	open(t, dir).Close()
	if err := os.WriteFile(filepath.Join(dir, "rekey.key"), bytes.Repeat([]byte{7}, 32), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(dir)
	wantPart(t, err, store.PartKey)
}

func TestTypedBuckets(t *testing.T) {
	s := open(t, t.TempDir())
	err := s.Update(func(tx *store.Tx) error {
		for _, key := range []string{"b", "a", "c"} {
			if err := store.HolderValues.Put(tx, key, store.Holder{Key: key, Name: "Örnek " + key}); err != nil {
				return err
			}
		}
		if err := store.HolderValues.Delete(tx, "c"); err != nil {
			return err
		}
		return store.CardValues.Put(tx, "CARD0001", store.Card{Serial: "CARD0001"})
	})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	_ = s.View(func(tx *store.Tx) error {
		return store.HolderValues.Each(tx, "", func(key string, h store.Holder) error {
			if h.Key != key {
				t.Errorf("%s holds %s", key, h.Key)
			}
			keys = append(keys, key)
			return nil
		})
	})
	if strings.Join(keys, "") != "ab" {
		t.Errorf("keys %v", keys)
	}
	clean(t, s)
}
