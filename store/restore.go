package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/crypto/chacha20poly1305"
)

// Restored tells what Restore has done.
type Restored struct {
	From  string   // the copy that is in place now; "" after StartNew
	Aside []string // where the files of before are now
}

// Restore puts a copy in the place of the store in dir. from "" takes the newest backup in which everything can be read. The copy is looked at
// from end to end before anything changes; the present file is set aside, never deleted. key, when not "", is a key file that takes the place of a lost key.
// Errors: Busy, Damaged (no good copy, or a key that does not fit), Newer, IO.
func Restore(dir, from, key string, options Options) (Restored, error) {
	const op = "restore"
	held, err := takeLock(dir)
	if err != nil {
		return Restored{}, err
	}
	defer held.release()
	candidates := []string{from}
	if from == "" {
		candidates = nil
		for _, b := range Backups(dir) {
			candidates = append(candidates, b.File)
		}
	}
	err = &Error{op, Damaged, errors.New("there is no backup")}
	for _, candidate := range candidates {
		if err = tryCopy(dir, candidate, key, options); err == nil {
			r := Restored{From: candidate}
			r.Aside, err = takePlace(dir, key)
			return r, err
		}
		err = fmt.Errorf("%s: %w", candidate, err)
	}
	if kind := KindOf(err); kind == "" {
		err = &Error{op, kindOfOpen(err), err}
	}
	return Restored{}, err
}

// tryCopy copies a backup beside the store, under a name that counts for nothing, brings it to this schema and reads all of it.
func tryCopy(dir, from, key string, options Options) error {
	part := filepath.Join(dir, restoredName+".new")
	if err := copyFile(from, part); err != nil {
		return err
	}
	s := &Store{dir: dir, options: Options{NoBackup: true}}
	err := func() (err error) {
		if s.db, err = openDB(part); err != nil {
			return err
		}
		defer s.db.Close()
		if isEmpty(s.db) {
			return damagedPage("it holds nothing")
		}
		if s.box, err = boxOf(dir, key, options); err != nil {
			return err
		}
		if err := s.migrate(); err != nil {
			return err
		}
		report, err := s.Check()
		if err == nil && !report.Clean() {
			err = damagedPage("%s", report.Problems[0].Text)
		}
		return err
	}()
	if err != nil {
		os.Remove(part)
	}
	return err
}

// boxOf takes the given key, or the store's own.
func boxOf(dir, key string, options Options) (box, error) {
	if key == "" {
		b, _, err := openKey(dir, false, options)
		return b, err
	}
	data, err := os.ReadFile(key)
	if err != nil {
		return box{}, err
	}
	if len(data) != chacha20poly1305.KeySize {
		return box{}, &Error{"open key", Damaged, fmt.Errorf("%s is no key file", key)}
	}
	return newBox(data)
}

// takePlace sets the present files aside and gives the checked copy their place. Cut off at any point, the next Open finds the old file or finishes.
func takePlace(dir, key string) (aside []string, err error) {
	path := filepath.Join(dir, fileName)
	if err := os.Rename(filepath.Join(dir, restoredName+".new"), filepath.Join(dir, restoredName)); err != nil {
		return nil, &Error{"restore", IO, err}
	}
	if key != "" {
		data, err := os.ReadFile(key)
		if err != nil {
			return nil, &Error{"restore", IO, err}
		}
		for _, name := range []string{keyFile, keyringFile} {
			if aside, err = setAside(filepath.Join(dir, name), aside); err != nil {
				return aside, err
			}
		}
		if err := writeWhole(filepath.Join(dir, keyFile), data); err != nil {
			return aside, &Error{"restore", IO, err}
		}
	}
	if aside, err = setAside(path, aside); err != nil {
		return aside, err
	}
	err = os.Rename(filepath.Join(dir, restoredName), path)
	if err == nil {
		err = syncDir(dir)
	}
	if err != nil {
		return aside, &Error{"restore", IO, err}
	}
	return aside, nil
}

// StartNew sets the present file aside and lets the next Open begin with an empty store. A key that can be read stays, for the backups; one that cannot
// is set aside too.
func StartNew(dir string, options Options) (Restored, error) {
	held, err := takeLock(dir)
	if err != nil {
		return Restored{}, err
	}
	defer held.release()
	path := filepath.Join(dir, fileName)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) { // nothing to set aside: an empty file says that the absence is meant
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			return Restored{}, &Error{"start new", IO, err}
		}
	}
	aside, err := setAside(path, nil)
	if _, _, keyErr := openKey(dir, false, options); keyErr == nil {
		return Restored{Aside: aside}, err
	}
	for _, name := range []string{keyFile, keyringFile} {
		if err == nil {
			aside, err = setAside(filepath.Join(dir, name), aside)
		}
	}
	return Restored{Aside: aside}, err
}

// setAside gives a file a name with a date. One that is not there is no error.
func setAside(path string, before []string) ([]string, error) {
	name := asideName(path, now())
	err := os.Rename(path, name)
	if errors.Is(err, fs.ErrNotExist) {
		return before, nil
	}
	if err != nil {
		return before, &Error{"set aside", IO, err}
	}
	return append(before, name), nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		os.Remove(to)
	}
	return err
}
