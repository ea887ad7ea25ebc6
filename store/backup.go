package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
)

const (
	backupDir    = "backups"
	keepBackups  = 5
	spareForWork = 16 << 20 // bytes that a backup leaves on the disk

	uncheckedName = "rekey.unchecked" // a copy that is being made; one that was cut off is written over by the next
)

// Backup is a copy of the database. It is encrypted with the same key, which is needed to read it.
type Backup struct {
	File      string    `json:"file"`
	At        time.Time `json:"at"`
	Size      int64     `json:"size"`      // bytes
	Automatic bool      `json:"automatic"` // made by Open: the oldest of these go, only the newest five stay
}

var automaticName = regexp.MustCompile(`^rekey-\d{8}\.db$`)

// Backups lists what lies in the store's folder of backups, newest first.
func Backups(dir string) []Backup {
	entries, err := os.ReadDir(filepath.Join(dir, backupDir))
	if err != nil {
		return nil
	}
	var all []Backup
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || !strings.HasPrefix(e.Name(), "rekey-") || filepath.Ext(e.Name()) != ".db" {
			continue
		}
		all = append(all, Backup{filepath.Join(dir, backupDir, e.Name()), info.ModTime(), info.Size(), automaticName.MatchString(e.Name())})
	}
	slices.SortFunc(all, func(x, y Backup) int { return y.At.Compare(x.At) })
	return all
}

// Backup writes a copy of this moment into a new file, while the work goes on; path "" gives it a name among the backups.
func (s *Store) Backup(path string) (Backup, error) {
	if path == "" {
		path = filepath.Join(s.dir, backupDir, "rekey-"+now().UTC().Format("20060102T150405.000")+".db")
	}
	if _, err := os.Lstat(path); err == nil {
		return Backup{}, &Error{"back up", IO, fmt.Errorf("%s: %w", path, fs.ErrExist)}
	}
	if filepath.Dir(path) == filepath.Join(s.dir, backupDir) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return Backup{}, &Error{"back up", IO, err}
		}
	}
	err := s.run("back up", func(db *bbolt.DB) error { return copyTo(db, path) })
	if err != nil {
		return Backup{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return Backup{}, &Error{"back up", IO, err}
	}
	return Backup{path, info.ModTime(), info.Size(), automaticName.MatchString(filepath.Base(path))}, nil
}

// copyTo writes one committed state of db and looks at the copy before it gets its name.
func copyTo(db *bbolt.DB, path string) error {
	part := path + ".new"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	w := &causes{f: f}
	err = db.View(func(tx *bbolt.Tx) error { _, err := tx.WriteTo(w); return err })
	if err != nil && w.err != nil {
		err = w.err
	}
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = checkPages(part)
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		os.Remove(part)
		return err
	}
	return syncDir(filepath.Dir(path))
}

// causes keeps the error of a write: bbolt hands on only its text.
type causes struct {
	f   *os.File
	err error
}

func (w *causes) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	if err != nil {
		w.err = err
	}
	return n, err
}

// backupBefore keeps the file as it is before its schema changes.
func (s *Store) backupBefore(schema uint64) error {
	dir := filepath.Join(s.dir, backupDir)
	path := filepath.Join(dir, fmt.Sprintf("rekey-%s-schema%d.db", now().UTC().Format("20060102"), schema))
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		err = copyTo(s.db, path)
	}
	if err != nil {
		return &Error{"back up before the migration", IO, err}
	}
	return nil
}

// backupToday makes the first copy of the day in the background. Only a copy in which everything can be read stays, so that a
// damage never pushes the good ones out; and only where the disk has room for it.
func (s *Store) backupToday() {
	path := filepath.Join(s.dir, backupDir, "rekey-"+now().Format("20060102")+".db")
	if _, err := os.Stat(path); s.options.NoBackup || err == nil || s.isNew() {
		return
	}
	s.background.Go(func() {
		if err := s.backupNow(path); err != nil {
			s.backupErr.Store(&err)
		}
	})
}

func (s *Store) backupNow(path string) error {
	info, err := os.Stat(filepath.Join(s.dir, fileName))
	if err != nil {
		return err
	}
	free, err := freeSpace(s.dir)
	if err != nil {
		return err
	}
	if free < uint64(2*info.Size())+spareForWork {
		return fmt.Errorf("no room for a backup: %w", syscall.ENOSPC)
	}
	if err := s.checkedCopy(path); err != nil {
		return err
	}
	var automatic []Backup
	for _, b := range Backups(s.dir) {
		if b.Automatic {
			automatic = append(automatic, b)
		}
	}
	for i, b := range automatic {
		if i >= keepBackups {
			if err := os.Remove(b.File); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkedCopy writes a copy and reads all of it before it gets its name. It is not the file in use that is read: bbolt's check of the
// free pages does not go with a writer beside it.
func (s *Store) checkedCopy(path string) error {
	part := filepath.Join(filepath.Dir(path), uncheckedName)
	defer os.Remove(part)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := s.run("back up", func(db *bbolt.DB) error { return copyTo(db, part) }); err != nil {
		return err
	}
	db, err := openDB(part)
	if err != nil {
		return err
	}
	copied := &Store{dir: s.dir, box: s.box, db: db}
	report, err := copied.Check()
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	if !report.Clean() {
		return fmt.Errorf("no backup was made: %s", report.Problems[0].Text)
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// BackupError waits for today's backup and tells why there is none.
func (s *Store) BackupError() error {
	s.background.Wait()
	return s.BackupTrouble()
}

// BackupTrouble tells why there is no backup of today, as far as is known by now: it does not wait.
func (s *Store) BackupTrouble() error {
	if err := s.backupErr.Load(); err != nil {
		return *err
	}
	return nil
}

// RenewBackups takes the place of all backups in the store's folder with one of this moment: after a person was erased, the old ones would
// still hold the person. It gives the files that went.
func (s *Store) RenewBackups() (gone []string, err error) {
	s.background.Wait()
	for _, rest := range []string{uncheckedName, uncheckedName + ".new"} {
		os.Remove(filepath.Join(s.dir, backupDir, rest))
	}
	old := Backups(s.dir)
	if len(old) == 0 {
		return nil, nil
	}
	if _, err := s.Backup(""); err != nil {
		return nil, err
	}
	for _, b := range old {
		if err := os.Remove(b.File); err != nil {
			return gone, &Error{"remove old backup", IO, err}
		}
		gone = append(gone, b.File)
	}
	return gone, nil
}

// SetAside lists the files that were set aside and never deleted.
func SetAside(dir string) []string {
	all, _ := filepath.Glob(filepath.Join(escapeGlob(dir), "rekey.*"+asideMark+"*"))
	return all
}

// isNew: nothing was ever kept here.
func (s *Store) isNew() bool {
	empty := true
	_ = s.View(func(tx *Tx) error {
		for _, b := range buckets {
			k, _ := tx.tx.Bucket([]byte(b)).Cursor().First()
			empty = empty && k == nil
		}
		return nil
	})
	return empty
}

var globSigns = strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`)

func escapeGlob(path string) string {
	if filepath.Separator == '\\' {
		return path // no signs of patterns but [ in names there, and no way to escape it
	}
	return globSigns.Replace(path)
}
