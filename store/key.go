package store

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

const (
	keyFile     = "rekey.key"     // the key itself, 32 bytes
	keyringFile = "rekey.keyring" // the name under which the keyring keeps it
)

// KeyPlace tells where the key of the store lies.
type KeyPlace struct {
	Keyring bool   // in the system's keyring; else in File
	File    string // the key file, or the file that names the entry of the keyring
	Note    string // why it is not in the keyring although that was asked for; "" when it is, or was not asked for
}

// openKey reads the key: from its file while there is one, else from the keyring. It makes one only for a store that has nothing in it yet.
func openKey(dir string, mayMake bool, o Options) (box, KeyPlace, error) {
	lost := func(err error) (box, KeyPlace, error) {
		return box{}, KeyPlace{}, &Error{"open key", Damaged, &DamagedError{Part: PartKey, Err: err}}
	}
	place := KeyPlace{File: filepath.Join(dir, keyFile)}
	key, err := os.ReadFile(place.File)
	if errors.Is(err, fs.ErrNotExist) {
		entry, entryErr := os.ReadFile(filepath.Join(dir, keyringFile))
		switch {
		case entryErr == nil:
			place = KeyPlace{Keyring: true, File: filepath.Join(dir, keyringFile)}
			if key, err = fromKeyring(o.ring(), strings.TrimSpace(string(entry))); err != nil {
				return lost(err)
			}
		case mayMake:
			key = make([]byte, chacha20poly1305.KeySize)
			rand.Read(key)
			err = writeWhole(place.File, key)
		default:
			return lost(fmt.Errorf("the key of the store is lost: %w", err))
		}
	}
	if err != nil {
		return box{}, place, &Error{"open key", IO, err}
	}
	b, err := newBox(key)
	if err != nil {
		return lost(err)
	}
	return b, place, nil
}

// moveToKeyring gives the key file's key to the keyring. The file goes only after the keyring has given the same key back
// and the name of the entry is on disk. Where that fails all stays as it was, and the place says why.
func moveToKeyring(dir string, place KeyPlace, o Options) KeyPlace {
	if place.Keyring {
		return place
	}
	stay := func(err error) KeyPlace { place.Note = err.Error(); return place }
	key, err := os.ReadFile(place.File)
	if err != nil {
		return stay(err)
	}
	names := filepath.Join(dir, keyringFile)
	entry, err := os.ReadFile(names) // of a move that was cut off
	if err != nil {
		var id [8]byte
		rand.Read(id[:])
		entry = []byte("store-" + hex.EncodeToString(id[:]))
	}
	if err := toKeyring(o.ring(), strings.TrimSpace(string(entry)), key); err != nil {
		return stay(err)
	}
	if err := writeWhole(names, entry); err != nil {
		return stay(err)
	}
	if err := os.Remove(place.File); err != nil {
		return stay(err)
	}
	return KeyPlace{Keyring: true, File: names}
}

// WriteKey writes the key into a new file (mode 0600), to be kept with a backup, but not in the same place.
func (s *Store) WriteKey(path string) error {
	const op = "write key"
	key, err := os.ReadFile(s.keyPlace.File)
	if err == nil && s.keyPlace.Keyring {
		key, err = fromKeyring(s.options.ring(), strings.TrimSpace(string(key)))
	}
	if err != nil {
		return &Error{op, IO, err}
	}
	if _, err := os.Lstat(path); err == nil {
		return &Error{op, IO, fmt.Errorf("%s: %w", path, fs.ErrExist)}
	}
	if err := writeWhole(path, key); err != nil {
		return &Error{op, IO, err}
	}
	return nil
}

// writeWhole writes by rename, so that half a file is never found.
func writeWhole(path string, data []byte) error {
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		os.Remove(path + ".new")
		return err
	}
	return syncDir(filepath.Dir(path))
}
