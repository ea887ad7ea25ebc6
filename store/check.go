package store

import (
	"encoding/json"
	"fmt"
	"strings"

	"go.etcd.io/bbolt"
)

// Report is what Check found.
type Report struct {
	Schema   uint64         `json:"schema"`
	Size     int64          `json:"size"`   // bytes of the file
	Values   map[Bucket]int `json:"values"` // how many
	Problems []Problem      `json:"problems"`
}

// Problem is one thing that is wrong. Its text has no name and no number of a person.
type Problem struct {
	Bucket Bucket `json:"bucket,omitempty"`
	Text   string `json:"text"`
}

// Clean says that nothing is wrong.
func (r Report) Clean() bool { return len(r.Problems) == 0 }

// mostProblems is where a report ends.
const mostProblems = 200

func (r *Report) add(b Bucket, format string, args ...any) {
	if len(r.Problems) < mostProblems {
		r.Problems = append(r.Problems, Problem{b, fmt.Sprintf(format, args...)})
	}
}

// Check looks at everything, in one read transaction: the pages of the file, whether each value opens and is what it should be, whether
// each document is what its name says, whether the documents that cases, photos, certificates and the outbox speak of are there, and whether the
// register's order is whole. The error is one of the disk.
func (s *Store) Check() (Report, error) {
	r := Report{Schema: schema, Values: map[Bucket]int{}, Problems: []Problem{}}
	err := s.run("check", func(db *bbolt.DB) error {
		return db.View(func(btx *bbolt.Tx) error {
			tx := &Tx{tx: btx, box: s.box}
			r.Size = btx.Size()
			for err := range btx.Check() {
				r.add("", "pages: %v", err)
			}
			if !r.Clean() {
				return nil // what follows could not be trusted
			}
			for _, b := range buckets {
				s.checkBucket(tx, b, &r)
			}
			if rows, all := r.Values[expiry], r.Values[Certificates]; rows != all {
				r.add(Certificates, "%d certificates and %d rows in the order of expiry", all, rows)
			}
			return nil
		})
	})
	return r, err
}

func (s *Store) checkBucket(tx *Tx, b Bucket, r *Report) {
	_ = tx.tx.Bucket([]byte(b)).ForEach(func(stored, sealed []byte) error {
		r.Values[b]++
		id := string(stored)
		if b.hides() || b == expiry {
			id = fmt.Sprintf("%x", stored)
		}
		key, plain, err := tx.unseal(b, stored, sealed)
		switch {
		case err != nil:
			r.add(b, "%s cannot be read", id)
		case b == Documents:
			if matches(key, plain) != nil {
				r.add(b, "%s is not what its name says", id)
			}
		case b == expiry:
			if _, err := tx.row(stored); err != nil {
				r.add(b, "%s: no certificate", id)
			}
		case b == Certificates:
			var c Certificate
			if decode(b, plain, &c) != nil || c.Fingerprint != key || tx.tx.Bucket([]byte(expiry)).Get(expiryKey(c.NotAfter, stored)) == nil {
				r.add(b, "%s is not in the order of expiry", id)
			}
			checkDocuments(tx, b, id, []string{c.Document}, r)
		default:
			checkValue(tx, b, key, id, plain, r)
		}
		return nil
	})
}

// refers is what the store itself reads of the values: which documents and which case they speak of. It is part of the schema.
type refers struct {
	Case      string       `json:"case"`
	Key       string       `json:"key"`
	SHA256    string       `json:"sha256"`
	Documents []documentOf `json:"documents"`
	Body      struct {     // of what waits in the outbox
		SHA256    string       `json:"sha256"`
		Document  string       `json:"document"`
		Documents []documentOf `json:"documents"`
	} `json:"body"`
}

type documentOf struct {
	SHA256 string `json:"sha256"`
}

func checkValue(tx *Tx, b Bucket, key, id string, plain []byte, r *Report) {
	if !json.Valid(plain) {
		r.add(b, "%s is no JSON", id)
		return
	}
	var v refers
	switch b {
	case Cases, Events, Outbox, Photos:
		if err := json.Unmarshal(plain, &v); err != nil {
			r.add(b, "%s cannot be understood", id)
			return
		}
	default:
		return
	}
	switch {
	case b == Events && !tx.Has(Cases, strings.SplitN(key, "/", 2)[0]):
		r.add(b, "%s belongs to no case", id)
	case b == Outbox && v.Key == "":
		r.add(b, "%s has no idempotency key", id)
	case b == Outbox && v.Case != "" && !tx.Has(Cases, v.Case):
		r.add(b, "%s belongs to no case", id)
	}
	names := []string{v.Body.SHA256, v.Body.Document}
	if b == Photos {
		names = append(names, v.SHA256)
	}
	for _, d := range append(v.Documents, v.Body.Documents...) {
		names = append(names, d.SHA256)
	}
	checkDocuments(tx, b, id, names, r)
}

func checkDocuments(tx *Tx, b Bucket, id string, names []string, r *Report) {
	for _, name := range names {
		if name != "" && !tx.Has(Documents, name) {
			r.add(b, "%s speaks of document %s, which is not there", id, name)
		}
	}
}
