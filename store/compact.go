package store

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// compactWait is how long compaction waits until nobody reads or writes.
const compactWait = 30 * time.Second

// Compact writes the file anew, without what was deleted, and gives the sizes before and after (bytes). The old file stays in place until
// the new one has been looked at from end to end.
func (s *Store) Compact() (before, after int64, err error) {
	const op = "compact"
	s.background.Wait()
	// Not Lock: a reader that waits inside another one would wait for ever behind it.
	for until := time.Now().Add(compactWait); !s.swap.TryLock(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			return 0, 0, &Error{op, Busy, fmt.Errorf("the store is in use")}
		}
	}
	defer s.swap.Unlock()
	if s.broken.Load() {
		return 0, 0, &Error{op, Damaged, errPages}
	}
	path := filepath.Join(s.dir, fileName)
	part := path + ".compact"
	defer os.Remove(part)
	if err := guard(func() error { return s.compactInto(part) }); err != nil {
		return 0, 0, &Error{op, kindOfOpen(err), err}
	}
	before, after = size(path), size(part)
	// Windows renames over no open file, so the old one is closed first. If the new one cannot be opened, the store is of no use any more in this process;
	// on disk is the old file or the new one, both whole.
	err = s.db.Close()
	if err == nil {
		err = os.Rename(part, path)
	}
	if err == nil {
		err = syncDir(s.dir)
	}
	db, openErr := openDB(path)
	if openErr != nil {
		s.broken.Store(true)
		return 0, 0, &Error{op, kindOfOpen(openErr), openErr}
	}
	s.db = db
	s.search.forget()
	if err != nil {
		return 0, 0, &Error{op, IO, err}
	}
	return before, after, nil
}

// compactInto writes the copy and checks it.
func (s *Store) compactInto(part string) error {
	os.Remove(part)
	db, err := bbolt.Open(part, 0o600, &bbolt.Options{Timeout: wait, NoSync: true})
	if err != nil {
		return err
	}
	if err = bbolt.Compact(db, s.db, 4<<20); err == nil {
		err = db.Sync()
	}
	if closeErr := db.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	copied := &Store{dir: s.dir, box: s.box}
	if copied.db, err = openDB(part); err != nil {
		return err
	}
	defer copied.db.Close()
	was := &Store{dir: s.dir, box: s.box, db: s.db}
	old, err := was.Check()
	if err != nil {
		return err
	}
	report, err := copied.Check()
	if err != nil {
		return err
	}
	for b, n := range old.Values {
		if report.Values[b] != n {
			return fmt.Errorf("the copy has %d %s instead of %d", report.Values[b], b, n)
		}
	}
	if len(report.Problems) > len(old.Problems) {
		return fmt.Errorf("the copy is not as the file was: %s", report.Problems[0].Text)
	}
	return nil
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
