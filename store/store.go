// Package store keeps everything that Rekey knows on this machine, in one bbolt file: cases, events, documents by their SHA-256,
// the register (certificates, cards, holders, photos), drafts, choices, settings and the outbox.
//
// It promises: a change is on disk whole or not at all (one transaction); one process writes, another is told which one;
// every value is encrypted at rest (XChaCha20-Poly1305), and so is every key that would tell who somebody is; the key
// of it all lies in the system's keyring or in a file beside (mode 0600); a file of a newer schema or a damaged one is refused and left as it
// is, with the backups that there are; nothing that cannot be read is ever deleted. It knows no business rule: what the values mean is the work
// of package app. It never logs.
package store

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
)

// Store is an open store. It is safe for concurrent use.
type Store struct {
	dir       string
	options   Options
	lock      *lock
	swap      sync.RWMutex // written while compaction puts another file in place of this one
	db        *bbolt.DB
	box       box
	keyPlace  KeyPlace
	tightened []string
	broken    atomic.Bool // the file could not be read while it was in use
	search    search

	background sync.WaitGroup
	backupErr  atomic.Pointer[error] // of today's backup
}

// Dir is the folder of the store.
func (s *Store) Dir() string { return s.dir }

// KeyPlace tells where the key lies.
func (s *Store) KeyPlace() KeyPlace { return s.keyPlace }

// Tightened lists the files and folders that others could read and that Open has closed to them.
func (s *Store) Tightened() []string { return s.tightened }

// Close waits for today's backup and ends the use of the file.
func (s *Store) Close() error {
	s.background.Wait()
	s.swap.Lock()
	defer s.swap.Unlock()
	defer s.lock.release()
	if s.broken.Load() {
		return nil // bbolt may still hold its own locks: they end with the process
	}
	return s.wrap("close", s.db.Close())
}

// Update runs f in one write transaction: all of it is on disk afterwards, or nothing.
func (s *Store) Update(f func(*Tx) error) error {
	return s.run("write", func(db *bbolt.DB) error {
		var done *Tx
		err := db.Update(func(tx *bbolt.Tx) error {
			done = &Tx{tx: tx, box: s.box}
			return f(done)
		})
		if err == nil {
			s.search.follow(done.changes)
		}
		return err
	})
}

// View runs f in a read transaction.
func (s *Store) View(f func(*Tx) error) error {
	return s.run("read", func(db *bbolt.DB) error {
		return db.View(func(tx *bbolt.Tx) error { return f(&Tx{tx: tx, box: s.box}) })
	})
}

func (s *Store) run(op string, f func(*bbolt.DB) error) error {
	s.swap.RLock()
	defer s.swap.RUnlock()
	if s.broken.Load() {
		return &Error{op, Damaged, errPages}
	}
	err := guard(func() error { return f(s.db) })
	if errors.Is(err, errFault) {
		s.broken.Store(true)
		return &Error{op, Damaged, err}
	}
	return s.wrap(op, err)
}

// errFault: the file under the memory map is not what it was when it was opened: cut short, overwritten, or its disk is gone.
var errFault = errors.New("the file can no longer be read")

// guard makes an error of a fault in the memory map and of bbolt's own alarms, which would end the process.
// Other panics are mistakes of the caller and go on.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch p := recover().(type) {
		case nil:
		case interface {
			runtime.Error
			Addr() uintptr
		}:
			err = fmt.Errorf("%w: %v", errFault, p)
		case string:
			if !strings.HasPrefix(p, "assertion failed") && !strings.Contains(p, "page") {
				panic(p)
			}
			err = fmt.Errorf("%w: %s", errFault, p)
		default:
			panic(p)
		}
	}()
	return f()
}

// wrap leaves the caller's own errors and ours alone; what is left comes from the disk.
func (s *Store) wrap(op string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) && KindOf(err) == "" {
		return &Error{op, IO, err}
	}
	return err
}

// now is the time in names of files.
func now() time.Time { return time.Now() }
