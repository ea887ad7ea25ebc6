package office

import (
	"encoding/binary"
	"errors"
	"strconv"

	"go.etcd.io/bbolt"
	"rekey/app/central"
)

// Case gives a case to its owner or to the officer; anybody else gets KindNotFound.
func (o *Office) Case(who Caller, id string) (central.Case, error) {
	const op = "read case"
	var r record
	err := o.db.View(func(tx *bbolt.Tx) (err error) {
		r, err = find(tx, id)
		return err
	})
	if err == nil && !who.Officer && r.Client != who.Client {
		err = noCase()
	}
	if err != nil {
		return central.Case{}, wrap(op, err)
	}
	return r.Case, nil
}

// Cases gives a page of at most limit cases in order of arrival, oldest first. after is
// the Next of the page before, or empty. state picks one state; empty means all.
func (o *Office) Cases(after, state string, limit int) (central.CaseList, error) {
	const op = "list cases"
	start := uint64(0)
	if after != "" {
		n, err := strconv.ParseUint(after, 10, 63)
		if err != nil {
			return central.CaseList{}, &Error{op, KindInvalid, errors.New("after: not a cursor of this list")}
		}
		start = n
	}
	list := central.CaseList{Cases: []central.Case{}}
	err := o.db.View(func(tx *bbolt.Tx) error {
		last, cursor := uint64(0), tx.Bucket(bucketOrder).Cursor()
		for key, id := cursor.Seek(number(start + 1)); key != nil; key, id = cursor.Next() {
			r, err := find(tx, string(id))
			if err != nil {
				return err
			}
			if state != "" && r.Case.State != state {
				continue
			}
			if len(list.Cases) == limit {
				list.Next = strconv.FormatUint(last, 10)
				return nil
			}
			list.Cases = append(list.Cases, r.Case)
			last = binary.BigEndian.Uint64(key)
		}
		return nil
	})
	return list, wrap(op, err)
}

func find(tx *bbolt.Tx, id string) (record, error) {
	var r record
	found, err := get(tx.Bucket(bucketCases), []byte(id), &r)
	if err == nil && !found {
		err = noCase()
	}
	return r, err
}

func noCase() error { return &Error{"find", KindNotFound, errors.New("no such case")} }
