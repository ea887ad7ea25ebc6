package store

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"
)

// Bucket names a kind of values.
type Bucket string

// Buckets. Append only; a new one needs a new schema version.
const (
	Cases     Bucket = "cases"     // case ID → case
	Events    Bucket = "events"    // case ID / sequence → event
	Documents Bucket = "documents" // SHA-256 → bytes
	Drafts    Bucket = "drafts"    // draft ID → draft
	Choices   Bucket = "choices"   // holder key → fingerprint of the current certificate
	Settings  Bucket = "settings"  // name → value
	Outbox    Bucket = "outbox"    // sequence → what has to reach the central API
)

const (
	meta       = "meta"
	versionKey = "schema"
	schema     = 1
)

var buckets = []Bucket{Cases, Events, Documents, Drafts, Choices, Settings, Outbox}

// migrate brings the file to this schema. A step for each version will stand here in order.
func (s *Store) migrate() error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte(meta))
		if err != nil {
			return &Error{"migrate", IO, err}
		}
		if v := b.Get([]byte(versionKey)); len(v) == 8 && binary.BigEndian.Uint64(v) > schema {
			return &Error{"open", Newer, fmt.Errorf("schema %d, this program knows %d", binary.BigEndian.Uint64(v), schema)}
		}
		for _, name := range buckets {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return &Error{"migrate", IO, err}
			}
		}
		return b.Put([]byte(versionKey), binary.BigEndian.AppendUint64(nil, schema))
	})
}
