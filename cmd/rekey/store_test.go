package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rekey/store"
)

// kept makes a store with one person's case in it.
func kept(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "store")
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Update(func(tx *store.Tx) error {
		name, err := tx.PutDocument([]byte("%PDF"))
		if err != nil {
			return err
		}
		c := map[string]any{"id": "019cad10-1", "holder": "AYŞE GÜL ÖRNEK", "holder_key": strings.Repeat("5d", 32), "documents": []map[string]string{{"sha256": name}}}
		return store.Put(tx, store.Cases, "019cad10-1", c)
	}); err != nil {
		t.Fatal(err)
	}
	return dir
}

func wants(t *testing.T, r result, status int, says string) {
	t.Helper()
	if r.status != status || !strings.Contains(r.out+r.err, says) {
		t.Fatalf("exit status %d, want %d and %q\n%s%s", r.status, status, says, r.out, r.err)
	}
}

func TestStoreCommands(t *testing.T) {
	dir := kept(t)
	on := func(args ...string) result { return alone(t, append([]string{"--store", dir}, args...)...) }
	wants(t, on("store", "check"), 0, "1 cases")
	wants(t, on("store", "compact"), 0, "bytes now")
	copied, key := filepath.Join(t.TempDir(), "copy.db"), filepath.Join(t.TempDir(), "copy.key")
	wants(t, on("store", "backup", "--out", copied, "--key-out", key), 0, "without the key nobody can read it")
	wants(t, on("store", "backup", "--out", copied), 1, "")
	wants(t, on("store", "backup"), 0, "backups")
	if err := os.Truncate(filepath.Join(dir, "rekey.db"), 9000); err != nil {
		t.Fatal(err)
	}
	wants(t, on("store", "check"), 1, "rekey store restore")
	wants(t, on("cases"), 1, "")
	wants(t, on("store", "restore"), 0, "set aside: ")
	wants(t, on("store", "check"), 0, "1 cases")
	other := filepath.Join(t.TempDir(), "other")
	wants(t, alone(t, "--store", other, "store", "restore", copied), 1, "key")
	wants(t, alone(t, "--store", other, "store", "restore", copied, "--key", key), 0, "restored")
	wants(t, alone(t, "--store", other, "store", "check"), 0, "1 cases")
	wants(t, on("store", "restore", "--empty"), 0, "empty")
	if r := on("store", "check"); r.status != 0 || strings.Contains(r.out, "cases") {
		t.Errorf("after --empty: %+v", r)
	}
	wants(t, alone(t, "--store", filepath.Join(t.TempDir(), "none"), "store", "check"), 1, "there is no store")
}

func TestEraseCommand(t *testing.T) {
	dir := kept(t)
	on := func(args ...string) result { return alone(t, append([]string{"--store", dir}, args...)...) }
	wants(t, on("erase"), 2, "--holder")
	wants(t, on("erase", "--holder", "nobody"), 1, "nobody here")
	wants(t, on("erase", "--holder", "ayse gul"), 2, "--yes")
	wants(t, on("erase", "--holder", "ayse gul", "--yes"), 0, "1 documents")
	wants(t, on("erase", "--holder", "5d5d5d5d", "--yes"), 1, "nobody here")
	wants(t, on("store", "check"), 0, "schema")
}
