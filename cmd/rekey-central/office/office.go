// Package office keeps what the registration office has: cases, their documents, the decisions about them, and the answers
// already given.
//
// One folder holds everything: central.db (bbolt) and documents/ab/cdef… (files named by their SHA-256); or a PostgreSQL does,
// which several servers may share. It promises: whatever a call reported as done is on the disk; everything that belongs to one
// decision is in one transaction; a repeated call has no second effect; a caller sees what belongs to its owner only. It never
// deletes a case, a document or a change, and never looks into a document. An answer to an idempotency key is kept for 30 days
// at least, an unfinished upload for 7 days after its last byte.
package office

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"

	"rekey/cmd/rekey-central/data"
)

// schema 2 added data.Arrived.
const (
	schema   = 2
	database = "central.db"
)

// Config says where the office's data are.
type Config struct {
	Dir      string // folder of the data; with Database it holds neither cases nor documents and may be ""
	Database string // address of a PostgreSQL (postgres://… or "host=… dbname=…"); "" is bbolt in Dir
	// Patience is how long an answer of the PostgreSQL may take: after it the work is given up (data.IsAway). 0 is 20 seconds.
	Patience time.Duration
}

// Office is the open store. It is safe for concurrent use.
type Office struct {
	db      data.DB
	blobs   data.Blobs
	clock   func() time.Time
	answers sweeper
	uploads atomic.Int64 // when uploads were pruned last, Unix seconds
}

// Open opens the office's data and makes them when they are not there. Only one process can have a folder open: another one gets
// KindBusy after a second. A PostgreSQL may be open in many.
func Open(ctx context.Context, c Config) (*Office, error) {
	const op = "open office"
	if c.Dir != "" {
		if err := prepare(c.Dir); err != nil {
			return nil, &Error{op, kindOf(err), err}
		}
	}
	o := &Office{clock: time.Now}
	if err := o.connect(ctx, c); err != nil {
		return nil, wrap(op, err)
	}
	if err := errors.Join(o.setUp(ctx), o.pruneUploads(ctx)); err != nil {
		return nil, errors.Join(&Error{op, kindOf(err), err}, o.Close())
	}
	return o, nil
}

func (o *Office) connect(ctx context.Context, c Config) (err error) {
	if c.Database != "" {
		o.db, o.blobs, err = data.OpenPostgres(ctx, c.Database, c.Patience)
		return err
	}
	if c.Dir == "" {
		return invalid("want a folder or a database")
	}
	o.db, err = data.OpenBolt(filepath.Join(c.Dir, database))
	if errors.Is(err, data.ErrBusy) {
		return &Error{"open", KindBusy, fmt.Errorf("another rekey-central is working in %s", c.Dir)}
	}
	if err != nil {
		return err
	}
	if o.blobs, err = data.OpenFiles(filepath.Join(c.Dir, "documents")); err != nil {
		err = errors.Join(err, o.db.Close())
	}
	return err
}

// setUp writes the schema's number into new data, and brings older data to it.
func (o *Office) setUp(ctx context.Context) error {
	return o.db.Update(ctx, func(tx data.Tx) error {
		if err := tx.Lock("schema"); err != nil {
			return err
		}
		stored, err := tx.Get(data.Meta, []byte("schema"))
		if err != nil {
			return err
		}
		got := uint64(schema)
		switch len(stored) {
		case 0:
		case 8:
			got = binary.BigEndian.Uint64(stored)
		default:
			return errors.New("the schema's number is damaged")
		}
		switch {
		case got > schema:
			return fmt.Errorf("the data have schema %d, this program knows %d", got, schema)
		case got == schema && stored != nil:
			return nil
		case got < 2:
			if err := fillArrived(tx); err != nil {
				return err
			}
		}
		return tx.Put(data.Meta, []byte("schema"), data.Number(schema))
	})
}

// fillArrived gives the cases of schema 1 their place in their owner's list.
func fillArrived(tx data.Tx) error {
	return tx.Scan(data.Order, nil, nil, func(n, id []byte) (bool, error) {
		r, err := find(tx, string(id))
		if err != nil {
			return true, err
		}
		return false, tx.Put(data.Arrived, data.Key(r.Client, n), id)
	})
}

// Close ends the work; calls that run are finished first.
func (o *Office) Close() error { return errors.Join(o.blobs.Close(), o.db.Close()) }

// DB gives the database for what other packages keep in it.
func (o *Office) DB() data.DB { return o.db }

// Healthy asks the database for an answer.
func (o *Office) Healthy(ctx context.Context) error {
	return wrap("ask the database", o.db.View(ctx, func(tx data.Tx) error {
		_, err := tx.Get(data.Meta, []byte("schema"))
		return err
	}))
}

// News gives a channel that is closed at the next change, made by this server or another one of the same database. Take it before
// reading the changes, so that none slips through between.
func (o *Office) News() <-chan struct{} { return o.db.News() }

// now is the time of a decision: UTC, whole milliseconds.
func (o *Office) now() time.Time { return o.clock().UTC().Truncate(time.Millisecond) }
