package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// Tx is one transaction.
type Tx struct {
	tx  *bbolt.Tx
	box box
}

func place(b Bucket, key string) string { return string(b) + "/" + key }

// Put keeps v as JSON under key.
func Put[T any](tx *Tx, b Bucket, key string, v T) error {
	plain, err := json.Marshal(v)
	if err != nil {
		return &Error{"write " + place(b, key), IO, err}
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
	if err := json.Unmarshal(plain, &v); err != nil {
		return v, &Error{"read " + place(b, key), Damaged, err}
	}
	return v, nil
}

// Each calls f for every value whose key starts with prefix, in the order of the keys.
func Each[T any](tx *Tx, b Bucket, prefix string, f func(key string, v T) error) error {
	c := tx.tx.Bucket([]byte(b)).Cursor()
	for k, sealed := c.Seek([]byte(prefix)); k != nil && bytes.HasPrefix(k, []byte(prefix)); k, sealed = c.Next() {
		plain, err := tx.box.open(place(b, string(k)), sealed)
		if err != nil {
			return err
		}
		var v T
		if err := json.Unmarshal(plain, &v); err != nil {
			return &Error{"read " + place(b, string(k)), Damaged, err}
		}
		if err := f(string(k), v); err != nil {
			return err
		}
	}
	return nil
}

// Delete removes a value; it is no error when there is none.
func (tx *Tx) Delete(b Bucket, key string) error {
	return tx.tx.Bucket([]byte(b)).Delete([]byte(key))
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
	if tx.tx.Bucket([]byte(Documents)).Get([]byte(name)) != nil {
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
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != name {
		return nil, &Error{"read " + place(Documents, name), Damaged, errors.New("content does not match its hash")}
	}
	return data, nil
}

func (tx *Tx) put(b Bucket, key string, plain []byte) error {
	if err := tx.tx.Bucket([]byte(b)).Put([]byte(key), tx.box.seal(place(b, key), plain)); err != nil {
		return &Error{"write " + place(b, key), IO, err}
	}
	return nil
}

func (tx *Tx) get(b Bucket, key string) ([]byte, error) {
	sealed := tx.tx.Bucket([]byte(b)).Get([]byte(key))
	if sealed == nil {
		return nil, &Error{"read " + place(b, key), NotFound, nil}
	}
	return tx.box.open(place(b, key), sealed)
}
