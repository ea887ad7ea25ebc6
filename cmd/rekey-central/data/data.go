// Package data keeps the office's records: small values under ordered keys, in one file of this machine (bbolt)
// or in a PostgreSQL that several servers share. What the records mean is not its business.
//
// It promises, for both: what Update reported as done is on the disk, whole; a reader sees whole transactions only;
// whoever waits on News is woken after a transaction that called Tell, on every server of the same database.
package data

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
)

// Bucket names a kind of records.
type Bucket string

// Buckets. Append only; the keys of a bucket never change their shape without a new schema number.
const (
	Meta    Bucket = "meta"    // "schema" → number
	Cases   Bucket = "cases"   // case ID → the case with its owner
	Order   Bucket = "order"   // number of arrival (8 bytes) → case ID
	Arrived Bucket = "arrived" // owner "/" number of arrival (8 bytes) → case ID
	Answers Bucket = "answers" // owner "/" idempotency key → the answer that was given
	Changes Bucket = "changes" // owner "/" cursor (8 bytes) → change
	Readers Bucket = "readers" // SHA-256 of a document "/" owner → 1

	Holders      Bucket = "holders"      // owner "/" holder ID → record
	Certificates Bucket = "certificates" // owner "/" fingerprint → record
	Cards        Bucket = "cards"        // owner "/" SHA-256 of the serial number → record
	Photos       Bucket = "photos"       // owner "/" holder ID → record
	Receipts     Bucket = "receipts"     // owner "/" receipt ID → record
	Revocations  Bucket = "revocations"  // owner "/" revocation ID → record
	Index        Bucket = "index"        // bucket "/" ID "/" owner → key of the record in its bucket

	Accounts    Bucket = "accounts"    // account ID → account
	Credentials Bucket = "credentials" // kind ":" SHA-256 → account ID
	Audit       Bucket = "audit"       // number (8 bytes) → entry
)

// All are the buckets of this schema.
var All = []Bucket{Meta, Cases, Order, Arrived, Answers, Changes, Readers,
	Holders, Certificates, Cards, Photos, Receipts, Revocations, Index, Accounts, Credentials, Audit}

// DB is an open database. It is safe for concurrent use.
type DB interface {
	// View runs f on a state that does not change under it. f makes no other transaction: bbolt may wait for the View to end.
	View(ctx context.Context, f func(Tx) error) error
	// Update runs f and keeps all that it wrote, or nothing when it gives an error. f may be run again: it sets
	// whatever it hands out afresh and touches nothing outside.
	Update(ctx context.Context, f func(Tx) error) error
	// News gives a channel that is closed after the next transaction that called Tell, here or on another server.
	// Take it before reading, so that nothing slips through between.
	News() <-chan struct{}
	Close() error
}

// Tx is one transaction. Slices that it gives are the caller's.
type Tx interface {
	// Lock keeps every other transaction that locks the same name waiting until this one ends. Whoever decides by what it
	// reads locks first: the same names in the same order everywhere. (bbolt has one writer anyway.)
	Lock(name string) error
	// Ahead says which values will be read soon, so that a database far away gives them all in one answer. Call it after Lock.
	Ahead(b Bucket, keys ...[]byte)
	// Get gives nil when there is no value.
	Get(b Bucket, key []byte) ([]byte, error)
	Put(b Bucket, key, value []byte) error
	// Delete is no error when there is nothing.
	Delete(b Bucket, key []byte) error
	// Scan calls f in the order of the keys for each value whose key begins with prefix and is not before from, until f says stop.
	// f may read, and write other buckets; to change the bucket under it, collect first.
	Scan(b Bucket, prefix, from []byte, f func(key, value []byte) (stop bool, err error)) error
	// Next gives the next number of a bucket: 1, 2, 3 … Numbers are seen in order: no reader sees n+1 before n.
	Next(b Bucket) (uint64, error)
	// Last gives the newest number of a bucket, 0 when there is none.
	Last(b Bucket) (uint64, error)
	// Tell wakes whoever waits on News, after this transaction.
	Tell()
}

// ErrBusy: another process has the file.
var ErrBusy = errors.New("another process works with this database")

// Number is a key that sorts by number.
func Number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// Key joins an owner and what follows.
func Key(owner string, rest []byte) []byte { return append([]byte(owner+"/"), rest...) }

// PutJSON keeps a value as JSON.
func PutJSON(tx Tx, b Bucket, key []byte, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return tx.Put(b, key, data)
}

// GetJSON reads a value; false when there is none.
func GetJSON(tx Tx, b Bucket, key []byte, value any) (bool, error) {
	data, err := tx.Get(b, key)
	if err != nil || data == nil {
		return false, err
	}
	return true, json.Unmarshal(data, value)
}
