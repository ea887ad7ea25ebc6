package store

import (
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/crypto/chacha20poly1305"
)

const keyFile = "rekey.key"

// box seals and opens values. The place (bucket and key) is bound in, so a value cannot be moved to another.
type box struct{ aead cipher.AEAD }

// openBox reads the key file; it makes one only for a store that has nothing in it yet.
func openBox(dir string, mayMake bool) (box, error) {
	path := filepath.Join(dir, keyFile)
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && mayMake {
		key, err = makeKey(path)
	}
	if err != nil {
		kind := IO
		if errors.Is(err, fs.ErrNotExist) {
			kind = Damaged // without its key the store cannot be read
		}
		return box{}, &Error{"open key", kind, err}
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return box{}, &Error{"open key", Damaged, err}
	}
	return box{aead}, nil
}

// makeKey writes a new key by rename, so that half a key is never found.
func makeKey(path string) ([]byte, error) {
	key := make([]byte, chacha20poly1305.KeySize)
	rand.Read(key)
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(key)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	return key, err
}

func (b box) seal(place string, plain []byte) []byte {
	nonce := make([]byte, b.aead.NonceSize(), b.aead.NonceSize()+len(plain)+b.aead.Overhead())
	rand.Read(nonce)
	return b.aead.Seal(nonce, nonce, plain, []byte(place))
}

func (b box) open(place string, sealed []byte) ([]byte, error) {
	if len(sealed) < b.aead.NonceSize() {
		return nil, &Error{"read " + place, Damaged, errors.New("value too short")}
	}
	nonce, rest := sealed[:b.aead.NonceSize()], sealed[b.aead.NonceSize():]
	plain, err := b.aead.Open(nil, nonce, rest, []byte(place))
	if err != nil {
		return nil, &Error{"read " + place, Damaged, err}
	}
	return plain, nil
}
