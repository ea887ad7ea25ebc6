package store

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"

	"golang.org/x/crypto/chacha20poly1305"
)

// box seals and opens values. The place (bucket and key) is bound in, so a value cannot be moved to another.
type box struct {
	aead cipher.AEAD
	hide []byte // key of hidden keys
}

func newBox(key []byte) (box, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return box{}, err
	}
	hide, err := hkdf.Expand(sha256.New, key, "rekey store: hidden keys", sha256.Size)
	return box{aead, hide}, err
}

// hidden is what stands in the file instead of a key that could be guessed: a holder key is a plain hash of a national number, and there are
// few enough of those to try them all.
func (b box) hidden(bucket Bucket, key string) []byte {
	mac := hmac.New(sha256.New, b.hide)
	mac.Write([]byte(place(bucket, key)))
	return mac.Sum(nil)[:16]
}

func (b box) seal(place string, plain []byte) []byte {
	nonce := make([]byte, b.aead.NonceSize(), b.aead.NonceSize()+len(plain)+b.aead.Overhead())
	rand.Read(nonce)
	return b.aead.Seal(nonce, nonce, plain, []byte(place))
}

func (b box) open(place string, sealed []byte) ([]byte, error) { return b.openTo(nil, place, sealed) }

// openTo appends what is sealed to dst.
func (b box) openTo(dst []byte, place string, sealed []byte) ([]byte, error) {
	if len(sealed) < b.aead.NonceSize() {
		return nil, &Error{"read value", Damaged, errors.New("value too short")}
	}
	nonce, rest := sealed[:b.aead.NonceSize()], sealed[b.aead.NonceSize():]
	plain, err := b.aead.Open(dst, nonce, rest, []byte(place))
	if err != nil {
		return nil, &Error{"read value", Damaged, err}
	}
	return plain, nil
}
