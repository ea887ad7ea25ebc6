// Package office keeps what the registration office has: cases, their documents, the
// decisions about them, and the answers already given.
//
// One folder holds everything: central.db (bbolt) and documents/ab/cdef… (files named by their
// SHA-256). It promises: whatever a call reported as done is on the disk; everything that
// belongs to one decision is in one transaction; a repeated call has no second effect; a
// client sees its own cases only. It never deletes a case, a document or a change, and never
// looks into a document.
package office

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"go.etcd.io/bbolt"
)

// Buckets. Append only; the keys of a bucket never change their shape without a new schema number.
var (
	bucketMeta    = []byte("meta")    // "schema" → number
	bucketCases   = []byte("cases")   // case ID → record
	bucketOrder   = []byte("order")   // number of arrival (8 bytes) → case ID
	bucketAnswers = []byte("answers") // client "/" idempotency key → answer
	bucketChanges = []byte("changes") // client "/" cursor (8 bytes) → central.Change
	bucketReaders = []byte("readers") // SHA-256 of the document "/" client → 1
)

const (
	schema   = 1
	database = "central.db"
)

// Office is the open store. It is safe for concurrent use.
type Office struct {
	dir string
	db  *bbolt.DB

	mu   sync.Mutex
	news chan struct{} // closed and replaced at each change
}

// Open opens the office's folder and makes it when it is not there. Only one process can
// have it open: another one gets KindBusy after a second.
func Open(dir string) (*Office, error) {
	const op = "open office folder"
	if err := prepare(dir); err != nil {
		return nil, &Error{op, kindOfFile(err), err}
	}
	db, err := bbolt.Open(filepath.Join(dir, database), 0o600, &bbolt.Options{Timeout: time.Second})
	if errors.Is(err, bbolt.ErrTimeout) {
		return nil, &Error{op, KindBusy, fmt.Errorf("another rekey-central is working in %s", dir)}
	}
	if err != nil {
		return nil, &Error{op, KindStorage, err}
	}
	o := &Office{dir: dir, db: db, news: make(chan struct{})}
	if err := o.setUp(); err != nil {
		return nil, errors.Join(&Error{op, KindStorage, err}, db.Close())
	}
	return o, nil
}

// Close ends the work; calls that run are finished first.
func (o *Office) Close() error { return o.db.Close() }

func (o *Office) setUp() error {
	return o.db.Update(func(tx *bbolt.Tx) error {
		for _, name := range [][]byte{bucketMeta, bucketCases, bucketOrder, bucketAnswers, bucketChanges, bucketReaders} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(bucketMeta)
		stored := meta.Get([]byte("schema"))
		if stored == nil {
			return meta.Put([]byte("schema"), number(schema))
		}
		if got := binary.BigEndian.Uint64(stored); got != schema {
			return fmt.Errorf("%s has schema %d, this program knows %d", database, got, schema)
		}
		return nil
	})
}

// prepare makes the folders for the owner only and throws away what a crash left half
// written. A folder of somebody else's files is not taken over: its rights stay as they are,
// and it is refused when others can look into it.
func prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := closeToOthers(dir); err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(dir, documents, incoming)); err != nil {
		return err
	}
	return os.MkdirAll(filepath.Join(dir, documents, incoming), 0o700)
}

func closeToOthers(dir string) error {
	if runtime.GOOS == "windows" { // rights there come with the folder above
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	ours := len(entries) == 0
	for _, e := range entries {
		ours = ours || e.Name() == database || e.Name() == "ca" || e.Name() == "overrides" || e.Name() == OfficerKeyFile
	}
	if !ours {
		return fmt.Errorf("%s holds other files and is open to others; give a new folder, or close this one (chmod 700)", dir)
	}
	return os.Chmod(dir, 0o700)
}

// News gives a channel that is closed at the next change. Take it before reading the
// changes, so that none slips through between.
func (o *Office) News() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.news
}

func (o *Office) announce() {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.news)
	o.news = make(chan struct{})
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func put(b *bbolt.Bucket, key []byte, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return b.Put(key, data)
}

// get reads a value; false when there is none.
func get(b *bbolt.Bucket, key []byte, value any) (bool, error) {
	data := b.Get(key)
	if data == nil {
		return false, nil
	}
	return true, json.Unmarshal(data, value)
}

// now is the time of a decision: UTC, whole milliseconds.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
