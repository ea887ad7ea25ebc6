package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.etcd.io/bbolt"
)

// Tx is one transaction.
type Tx struct {
	tx      *bbolt.Tx
	box     box
	changes []change // of the register, see search.go
}

func place(b Bucket, key string) string { return string(b) + "/" + key }

// Put keeps v as JSON under key. Certificates have their own: PutCertificate.
func Put[T any](tx *Tx, b Bucket, key string, v T) error {
	if b == Certificates {
		return &Error{"write " + string(b), IO, errors.New("certificates are kept with PutCertificate")}
	}
	plain, err := json.Marshal(v)
	if err != nil {
		return &Error{"write " + string(b), IO, err}
	}
	return tx.put(b, key, plain)
}

// Get reads the value of key. Errors: NotFound, Damaged.
func Get[T any](tx *Tx, b Bucket, key string) (T, error) {
	var v T
	plain, err := tx.get(b, key)
	if err != nil {
		return v, err
	}
	return v, decode(b, plain, &v)
}

func decode(b Bucket, plain []byte, v any) error {
	if err := json.Unmarshal(plain, v); err != nil {
		return &Error{"read " + string(b), Damaged, err}
	}
	return nil
}

// Each calls f for every value whose key starts with prefix, in the order of the keys. f must not change the bucket.
func Each[T any](tx *Tx, b Bucket, prefix string, f func(key string, v T) error) error {
	return tx.each(b, prefix, func(key string, plain []byte) error {
		var v T
		if err := decode(b, plain, &v); err != nil {
			return err
		}
		return f(key, v)
	})
}

func (tx *Tx) each(b Bucket, prefix string, f func(key string, plain []byte) error) error {
	type pair struct {
		key   string
		plain []byte
	}
	var hidden []pair // these come in no order
	seek := []byte(prefix)
	if b.hides() {
		seek = nil
	}
	c := tx.tx.Bucket([]byte(b)).Cursor()
	for k, sealed := c.Seek(seek); k != nil && bytes.HasPrefix(k, seek); k, sealed = c.Next() {
		key, plain, err := tx.unseal(b, k, sealed)
		switch {
		case err != nil:
			return err
		case !b.hides():
			err = f(key, plain)
		case strings.HasPrefix(key, prefix):
			hidden = append(hidden, pair{key, plain})
		}
		if err != nil {
			return err
		}
	}
	slices.SortFunc(hidden, func(x, y pair) int { return strings.Compare(x.key, y.key) })
	for _, p := range hidden {
		if err := f(p.key, p.plain); err != nil {
			return err
		}
	}
	return nil
}

// OnCommit has f called once the transaction is on disk; not when it fails.
func (tx *Tx) OnCommit(f func()) { tx.tx.OnCommit(f) }

// Delete removes a value; it is no error when there is none.
func (tx *Tx) Delete(b Bucket, key string) error {
	if b == Certificates {
		if err := tx.dropExpiry(key); err != nil {
			return err
		}
	}
	return tx.tx.Bucket([]byte(b)).Delete(tx.stored(b, key))
}

// Has says whether there is a value.
func (tx *Tx) Has(b Bucket, key string) bool {
	return key != "" && tx.tx.Bucket([]byte(b)).Get(tx.stored(b, key)) != nil
}

// Next gives the next number of a bucket: 1, 2, 3 …
func (tx *Tx) Next(b Bucket) (uint64, error) {
	return tx.tx.Bucket([]byte(b)).NextSequence()
}

// Sequence is a key that sorts by number.
func Sequence(n uint64) string { return fmt.Sprintf("%016x", n) }

// PutDocument keeps bytes under their own SHA-256, which it gives back in lower-case hex.
func (tx *Tx) PutDocument(data []byte) (string, error) {
	sum := sha256.Sum256(data)
	name := hex.EncodeToString(sum[:])
	if tx.Has(Documents, name) {
		return name, nil
	}
	return name, tx.put(Documents, name, data)
}

// Document reads bytes and checks that they are what their name says.
func (tx *Tx) Document(name string) ([]byte, error) {
	data, err := tx.get(Documents, name)
	if err != nil {
		return nil, err
	}
	return data, matches(name, data)
}

func matches(name string, data []byte) error {
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != name {
		return &Error{"read " + string(Documents), Damaged, errors.New("content does not match its hash")}
	}
	return nil
}

// stored is the key as it stands in the file.
func (tx *Tx) stored(b Bucket, key string) []byte {
	if b.hides() {
		return tx.box.hidden(b, key)
	}
	return []byte(key)
}

// put seals a value; a hidden key goes into the value, behind its length.
func (tx *Tx) put(b Bucket, key string, plain []byte) error {
	stored := tx.stored(b, key)
	if b.hides() {
		plain = append(append(binary.AppendUvarint(nil, uint64(len(key))), key...), plain...)
	}
	if err := tx.tx.Bucket([]byte(b)).Put(stored, tx.box.seal(place(b, string(stored)), plain)); err != nil {
		return &Error{"write " + string(b), IO, err}
	}
	return nil
}

func (tx *Tx) get(b Bucket, key string) ([]byte, error) {
	stored := tx.stored(b, key)
	sealed := tx.tx.Bucket([]byte(b)).Get(stored)
	if sealed == nil {
		return nil, &Error{"read " + string(b), NotFound, nil}
	}
	_, plain, err := tx.unseal(b, stored, sealed)
	return plain, err
}

// unseal opens a value that stands under this key in the file.
func (tx *Tx) unseal(b Bucket, stored, sealed []byte) (key string, plain []byte, err error) {
	if plain, err = tx.box.open(place(b, string(stored)), sealed); err != nil {
		return "", nil, &Error{"read " + string(b), Damaged, errors.Unwrap(err)}
	}
	if !b.hides() {
		return string(stored), plain, nil
	}
	n, size := binary.Uvarint(plain)
	if size <= 0 || n > uint64(len(plain)-size) {
		return "", nil, &Error{"read " + string(b), Damaged, errors.New("value without its key")}
	}
	return string(plain[size : size+int(n)]), plain[size+int(n):], nil
}
