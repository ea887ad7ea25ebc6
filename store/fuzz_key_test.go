package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"rekey/store"
)

// FuzzKey puts other bytes into the key's file beside a good store: it is refused as damaged, and neither file is touched.
func FuzzKey(f *testing.F) {
	good, err := os.ReadFile("testdata/schema1/rekey.db")
	if err != nil {
		f.Fatal(err)
	}
	right, err := os.ReadFile("testdata/schema1/rekey.key")
	if err != nil {
		f.Fatal(err)
	}
	other := bytes.Clone(right)
	other[7] ^= 1
	for _, key := range [][]byte{right, nil, right[:31], append(bytes.Clone(right), '\n'), other, make([]byte, 1<<16)} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key []byte) {
		dir := t.TempDir()
		for name, data := range map[string][]byte{"rekey.db": good, "rekey.key": key} {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, err := store.OpenWith(dir, store.Options{NoBackup: true})
		if err == nil {
			s.Close()
			if !bytes.Equal(key, right) {
				t.Error("opened with another key")
			}
			return
		}
		if store.KindOf(err) != store.Damaged || bytes.Equal(key, right) {
			t.Errorf("%q: %v", store.KindOf(err), err)
		}
		for name, data := range map[string][]byte{"rekey.db": good, "rekey.key": key} {
			if now, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(now, data) {
				t.Errorf("%s was touched: %v", name, err)
			}
		}
	})
}
