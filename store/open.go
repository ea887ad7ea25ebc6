package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

const (
	fileName     = "rekey.db"
	restoredName = "rekey.db.restored" // checked and about to take the place of fileName
)

// Options are how a store is opened. The zero value: key in a file, a backup a day.
type Options struct {
	Keyring  bool // keep the key in the system's keyring, where there is one
	NoBackup bool // make no backup of the day
	Warm     bool // get the register's text ready in the background, so that the first search is as fast as the next

	keyring keyring // nil: the system's
}

// Open is OpenWith of the zero options.
func Open(dir string) (*Store, error) { return OpenWith(dir, Options{}) }

// OpenWith opens or makes the store in dir (mode 0700). Errors: Busy (BusyError), Damaged (DamagedError), Newer, IO.
func OpenWith(dir string, options Options) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &Error{"open", IO, err}
	}
	held, err := takeLock(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, options: options, lock: held}
	if err := s.open(); err != nil {
		if s.db != nil {
			s.db.Close()
		}
		held.release()
		return nil, err
	}
	if s.options.Warm {
		s.background.Go(func() { _, _, _ = s.FindCertificates("", 0, 0) }) // what it cannot read, the first search will tell
	}
	s.backupToday()
	return s, nil
}

// open is all that happens under the lock.
func (s *Store) open() (err error) {
	if s.tightened, err = tighten(s.dir); err != nil {
		return &Error{"open", IO, err}
	}
	path := filepath.Join(s.dir, fileName)
	if err := s.makeFirst(path); err != nil {
		return s.openError(err)
	}
	if s.db, err = openDB(path); err != nil {
		return s.openError(err)
	}
	if s.box, s.keyPlace, err = openKey(s.dir, isEmpty(s.db), s.options); err != nil {
		return s.openError(err)
	}
	if err := s.migrate(); err != nil {
		return s.openError(err)
	}
	if s.options.Keyring {
		s.keyPlace = moveToKeyring(s.dir, s.keyPlace, s.options)
	}
	return nil
}

// openError adds to a damage which backups there are.
func (s *Store) openError(err error) error {
	path := filepath.Join(s.dir, fileName)
	var damage *DamagedError
	switch {
	case errors.As(err, &damage):
	case KindOf(err) == Damaged || kindOfOpen(err) == Damaged || errors.Is(err, errFault):
		damage = &DamagedError{Part: PartFile, Err: err}
	case KindOf(err) != "":
		return err
	default:
		return &Error{"open", kindOfOpen(err), err}
	}
	damage.File, damage.Backups = path, Backups(s.dir)
	return &Error{"open", Damaged, damage}
}

// openDB looks at the file first and then lets bbolt map it. Nobody writes to it between: the caller has the lock.
func openDB(path string) (db *bbolt.DB, err error) {
	if err := checkPages(path); err != nil {
		return nil, err
	}
	err = guard(func() error {
		db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: wait})
		return err
	})
	return db, err
}

// makeFirst makes an empty database by rename, so that a disk that is full at this moment leaves no half a file. Where there was a
// store, its loss is not a new start.
func (s *Store) makeFirst(path string) error {
	restored := filepath.Join(s.dir, restoredName)
	_, err := os.Stat(path)
	if err == nil { // a restore that was cut off before the old file was set aside has not happened
		os.Remove(restored)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := os.Stat(restored); err == nil { // a restore was cut off before its last step
		return os.Rename(restored, path)
	}
	if s.hadOne() {
		return &DamagedError{Part: PartGone, Err: errors.New("the file is gone")}
	}
	os.Remove(path + ".new") // of a start that was cut off
	db, err := bbolt.Open(path+".new", 0o600, &bbolt.Options{Timeout: wait})
	if err != nil {
		os.Remove(path + ".new")
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncDir(s.dir)
}

// hadOne: a key or backups tell that there was a store; a file set aside tells that its absence is meant.
func (s *Store) hadOne() bool {
	if aside, _ := filepath.Glob(filepath.Join(escapeGlob(s.dir), fileName+asideMark+"*")); len(aside) > 0 {
		return false
	}
	if len(Backups(s.dir)) > 0 {
		return true
	}
	for _, name := range []string{keyFile, keyringFile} {
		if _, err := os.Stat(filepath.Join(s.dir, name)); err == nil {
			return true
		}
	}
	return false
}

func isEmpty(db *bbolt.DB) bool {
	empty := true
	_ = db.View(func(tx *bbolt.Tx) error {
		k, _ := tx.Cursor().First()
		empty = k == nil
		return nil
	})
	return empty
}

// asideMark stands in the names of files that were set aside.
const asideMark = ".set-aside-"

// asideName is a name that is not taken.
func asideName(path string, at time.Time) string {
	name := path + asideMark + at.UTC().Format("20060102T150405")
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name
		}
		name = fmt.Sprintf("%s%s%s-%d", path, asideMark, at.UTC().Format("20060102T150405"), n)
	}
}
