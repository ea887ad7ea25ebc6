package data

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"go.etcd.io/bbolt"
)

// gather is how long a writer waits for others, so that several go to the disk together.
const gather = 2 * time.Millisecond

// Bolt is the embedded database: one file, one process.
type Bolt struct {
	db   *bbolt.DB
	news news
}

// OpenBolt opens the file and makes it when it is not there. ErrBusy after a second when another process has it.
func OpenBolt(path string) (*Bolt, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
	if errors.Is(err, bbolt.ErrTimeout) {
		return nil, ErrBusy
	}
	if err != nil {
		return nil, err
	}
	db.MaxBatchDelay = gather
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range All {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Bolt{db: db}, nil
}

// Close ends the work; transactions that run are finished first.
func (b *Bolt) Close() error { return b.db.Close() }

// News: see DB.
func (b *Bolt) News() <-chan struct{} { return b.news.wait() }

// View: see DB.
func (b *Bolt) View(_ context.Context, f func(Tx) error) error {
	return b.db.View(func(tx *bbolt.Tx) error { return f(&boltTx{tx: tx}) })
}

// Update: see DB. Writers that come together share one write to the disk.
func (b *Bolt) Update(_ context.Context, f func(Tx) error) error {
	tell := false
	err := b.db.Batch(func(tx *bbolt.Tx) error {
		own := &boltTx{tx: tx}
		err := f(own)
		tell = own.tell
		return err
	})
	if err == nil && tell {
		b.news.tell()
	}
	return err
}

type boltTx struct {
	tx   *bbolt.Tx
	tell bool
}

func (t *boltTx) bucket(b Bucket) *bbolt.Bucket { return t.tx.Bucket([]byte(b)) }

func (t *boltTx) Lock(string) error { return nil }

func (t *boltTx) Ahead(Bucket, ...[]byte) {}

func (t *boltTx) Get(b Bucket, key []byte) ([]byte, error) {
	return bytes.Clone(t.bucket(b).Get(key)), nil
}

func (t *boltTx) Put(b Bucket, key, value []byte) error { return t.bucket(b).Put(key, value) }

func (t *boltTx) Delete(b Bucket, key []byte) error { return t.bucket(b).Delete(key) }

func (t *boltTx) Scan(b Bucket, prefix, from []byte, f func(key, value []byte) (bool, error)) error {
	c := t.bucket(b).Cursor()
	for k, v := c.Seek(slices.MaxFunc([][]byte{prefix, from}, bytes.Compare)); k != nil && bytes.HasPrefix(k, prefix); k, v = c.Next() {
		if stop, err := f(bytes.Clone(k), bytes.Clone(v)); err != nil || stop {
			return err
		}
	}
	return nil
}

func (t *boltTx) Next(b Bucket) (uint64, error) { return t.bucket(b).NextSequence() }

func (t *boltTx) Last(b Bucket) (uint64, error) { return t.bucket(b).Sequence(), nil }

func (t *boltTx) Tell() { t.tell = true }
