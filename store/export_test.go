package store

import (
	"encoding/binary"

	"go.etcd.io/bbolt"
)

// WithRing gives a test a keyring of its own.
func WithRing(o Options, ring interface {
	Get(service, user string) (string, error)
	Set(service, user, password string) error
}) Options {
	o.keyring = ring
	return o
}

// Schema is the version that this program writes.
func Schema() uint64 { return schema }

// CheckPages is the look at a file before bbolt sees it.
var CheckPages = checkPages

// MakeNewer writes a schema of the future.
func MakeNewer(path string) error {
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(meta)).Put([]byte(versionKey), binary.BigEndian.AppendUint64(nil, schema+1))
	})
}
