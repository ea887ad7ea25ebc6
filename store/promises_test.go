//go:build promises

package store_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"rekey/store"
)

// firstSearch is how long the first search of a window may take.
const firstSearch = 50 * time.Millisecond

// TestPromiseFirstSearch: with 100 000 certificates the first text search of a window takes at most 50 ms, for the text was made ready
// in the background. On a machine so slow that bbolt's plain scan of the same values takes longer than that in the same run, it may
// take as long as the scan.
func TestPromiseFirstSearch(t *testing.T) {
	dir := registerOf(t, registered)
	var first, cold, scan []time.Duration
	for n := range 9 {
		want := fmt.Sprintf("ornek %06d", n*777)
		first = append(first, searchTime(t, dir, want, true))
		cold = append(cold, searchTime(t, dir, want, false))
		scan = append(scan, scanTime(t, dir))
	}
	limit := max(firstSearch, middle(scan))
	word := "kept"
	if middle(first) > limit {
		word = "NOT KEPT"
		t.Fail()
	}
	fmt.Printf("promise %-8s first search of %d certificates: %v (limit %v; without getting ready %v; plain scan %v)\n", word, registered, middle(first), limit, middle(cold), middle(scan))
}

func middle(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2].Round(10 * time.Microsecond)
}

// searchTime opens the store as a window does, lets it come to rest, and searches once.
func searchTime(t *testing.T, dir, words string, warm bool) time.Duration {
	t.Helper()
	s, err := store.OpenWith(dir, store.Options{NoBackup: true, Warm: warm})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.BackupError(); err != nil { // waits for what runs in the background
		t.Fatal(err)
	}
	began := time.Now()
	if _, total, err := s.FindCertificates(words, 0, 100); err != nil || total < 1 {
		t.Fatal(total, err)
	}
	return time.Since(began)
}

func scanTime(t *testing.T, dir string) time.Duration {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, "rekey.db"), 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	began, n := time.Now(), 0
	if err := db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("certificates")).ForEach(func(_, v []byte) error { n += len(v); return nil })
	}); err != nil || n == 0 {
		t.Fatal(n, err)
	}
	return time.Since(began)
}
