package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
	bberrors "go.etcd.io/bbolt/errors"
)

// Bucket names a kind of values.
type Bucket string

// Buckets. Append only; a new one needs a new schema version.
const (
	Cases        Bucket = "cases"        // case ID → case
	Events       Bucket = "events"       // case ID / sequence → event
	Documents    Bucket = "documents"    // SHA-256 → bytes
	Drafts       Bucket = "drafts"       // draft ID → draft
	Choices      Bucket = "choices"      // holder key → fingerprint of the current certificate
	Settings     Bucket = "settings"     // name → value
	Outbox       Bucket = "outbox"       // sequence → what has to reach the central API (its kind and body since schema 3)
	Certificates Bucket = "certificates" // SHA-256 fingerprint → Certificate (schema 2)
	Cards        Bucket = "cards"        // serial → Card (schema 2)
	Holders      Bucket = "holders"      // holder key → Holder (schema 2)
	Photos       Bucket = "photos"       // holder key → Photo (schema 2)

	expiry Bucket = "certificates-by-expiry" // the register's index, see register.go (schema 2)
)

// hides: the keys of these buckets would tell who somebody is. In the file stands a keyed hash, the key itself is inside the value.
func (b Bucket) hides() bool {
	switch b {
	case Choices, Certificates, Cards, Holders, Photos:
		return true
	}
	return false
}

const (
	meta       = "meta"
	versionKey = "schema"
	proofKey   = "proof" // a sealed word: whether the key belongs to the file
	proofWord  = "rekey"
)

// steps bring a file from schema i to i+1. A new file goes through all of them. Append only.
var steps = []func(*Tx) error{
	func(tx *Tx) error { return tx.make(Cases, Events, Documents, Drafts, Choices, Settings, Outbox) },
	toSchema2,
	toSchema3,
}

// schema is the version that this program writes.
var schema = uint64(len(steps))

// toSchema2 adds the register, hides the holder keys of the choices and adds the proof.
func toSchema2(tx *Tx) error {
	if err := tx.make(Certificates, Cards, Holders, Photos, expiry); err != nil {
		return err
	}
	if err := tx.provesItself(); err != nil {
		return err
	}
	old := map[string][]byte{}
	b := tx.tx.Bucket([]byte(Choices))
	err := b.ForEach(func(k, sealed []byte) error {
		plain, err := tx.box.open(place(Choices, string(k)), sealed)
		old[string(k)] = plain
		return err
	})
	if err != nil {
		return err
	}
	for key, plain := range old {
		if err := b.Delete([]byte(key)); err != nil {
			return err
		}
		if err := tx.put(Choices, key, plain); err != nil {
			return err
		}
	}
	return tx.tx.Bucket([]byte(meta)).Put([]byte(proofKey), tx.box.seal(meta+"/"+proofKey, []byte(proofWord)))
}

// toSchema3 gives what waits in the outbox its kind: until then there were only cases, with their content under "submission". A program
// of schema 2 could not send the new kinds, so it must not open the file.
func toSchema3(tx *Tx) error {
	old := map[string]map[string]json.RawMessage{}
	if err := Each(tx, Outbox, "", func(key string, v map[string]json.RawMessage) error {
		if v["kind"] == nil {
			old[key] = v
		}
		return nil
	}); err != nil {
		return err
	}
	for key, v := range old {
		v["kind"], v["body"] = json.RawMessage(`"case"`), v["submission"]
		delete(v, "submission")
		if err := Put(tx, Outbox, key, v); err != nil {
			return err
		}
	}
	return nil
}

// provesItself: schema 1 had no proof, so the first value of each bucket shows whether the key belongs to the file.
func (tx *Tx) provesItself() error {
	for _, b := range []Bucket{Cases, Events, Documents, Drafts, Choices, Settings, Outbox} {
		bucket := tx.tx.Bucket([]byte(b))
		if bucket == nil {
			return &Error{"migrate", Damaged, damagedPage("it has no %s", b)}
		}
		key, sealed := bucket.Cursor().First()
		if key == nil {
			continue
		}
		if _, err := tx.box.open(place(b, string(key)), sealed); err != nil {
			return &Error{"migrate", Damaged, &DamagedError{Part: PartKey, Err: errors.New("the key is not the key of the file, or the file is damaged")}}
		}
	}
	return nil
}

func (tx *Tx) make(names ...Bucket) error {
	for _, name := range names {
		if _, err := tx.tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			if errors.Is(err, bberrors.ErrIncompatibleValue) {
				err = damagedPage("%s is no bucket", name)
			}
			return &Error{"migrate", kindOfOpen(err), err}
		}
	}
	return nil
}

// version reads the schema of a file; 0: it has nothing in it yet.
func version(tx *bbolt.Tx) (uint64, error) {
	b := tx.Bucket([]byte(meta))
	if k, _ := tx.Cursor().First(); b == nil && k != nil {
		return 0, &Error{"open", Damaged, damagedPage("it has no %s", meta)}
	}
	if b == nil {
		return 0, nil
	}
	v := b.Get([]byte(versionKey))
	if len(v) != 8 {
		return 0, &Error{"open", Damaged, errors.New("the schema version cannot be read")}
	}
	return binary.BigEndian.Uint64(v), nil
}

// migrate brings the file to this schema in one transaction, after a backup of what is there. A newer file and one of another key are left alone.
func (s *Store) migrate() error {
	var from uint64
	if err := s.db.View(func(tx *bbolt.Tx) (err error) {
		from, err = version(tx)
		return err
	}); err != nil {
		return err
	}
	switch {
	case from > schema:
		return &Error{"open", Newer, fmt.Errorf("schema %d, this program knows %d", from, schema)}
	case from == schema:
		return s.proveKey()
	case from > 0 && !s.options.NoBackup:
		if err := s.backupBefore(from); err != nil {
			return err
		}
	}
	return s.db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte(meta))
		if err != nil {
			return &Error{"migrate", IO, err}
		}
		for _, step := range steps[from:] {
			if err := step(&Tx{tx: tx, box: s.box}); err != nil {
				return err
			}
		}
		return b.Put([]byte(versionKey), binary.BigEndian.AppendUint64(nil, schema))
	})
}

// proveKey finds out whether the key belongs to the file, and whether every bucket is there.
func (s *Store) proveKey() error {
	return s.db.View(func(tx *bbolt.Tx) error {
		for _, b := range buckets {
			if tx.Bucket([]byte(b)) == nil {
				return &Error{"open", Damaged, fmt.Errorf("%w: it has no %s", errPages, b)}
			}
		}
		sealed := tx.Bucket([]byte(meta)).Get([]byte(proofKey))
		if _, err := s.box.open(meta+"/"+proofKey, sealed); err != nil {
			return &Error{"open", Damaged, &DamagedError{Part: PartKey, Err: errors.New("the key beside the file is not the key of the file")}}
		}
		return nil
	})
}

// buckets are those of this schema.
var buckets = []Bucket{Cases, Events, Documents, Drafts, Choices, Settings, Outbox, Certificates, Cards, Holders, Photos, expiry}
