package office

import (
	"context"
	"encoding/binary"
	"errors"
	"strconv"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
)

// record is a case as it lies in the database.
type record struct {
	Client string       `json:"client"` // its owner
	Case   central.Case `json:"case"`
	Made   *made        `json:"made,omitempty"`
	Making *making      `json:"making,omitempty"`
}

// Case gives a case to its owner or to the officer; anybody else gets KindNotFound.
func (o *Office) Case(ctx context.Context, who Caller, id string) (central.Case, error) {
	r, err := o.look(ctx, who, id)
	return r.Case, wrap("read case", err)
}

// look reads a record outside of a transaction; the zero record with an error.
func (o *Office) look(ctx context.Context, who Caller, id string) (record, error) {
	var r record
	err := o.db.View(ctx, func(tx data.Tx) (err error) {
		r, err = find(tx, id)
		return err
	})
	if err == nil && !who.mayRead(r.Client) {
		err = noCase()
	}
	if err != nil {
		return record{}, err
	}
	return r, nil
}

// Cases gives a page of at most limit cases in order of arrival, oldest first: all of them to the officer, to others their own.
// after is the Next of the page before, or empty. state picks one state; empty means all.
func (o *Office) Cases(ctx context.Context, who Caller, after, state string, limit int) (central.CaseList, error) {
	const op = "list cases"
	last := uint64(0)
	if after != "" {
		var err error
		if last, err = strconv.ParseUint(after, 10, 63); err != nil {
			return central.CaseList{}, &Error{op, KindInvalid, errors.New("after: not a cursor of this list")}
		}
	}
	if limit < 1 {
		return central.CaseList{}, wrap(op, invalid("limit: want 1 or more"))
	}
	bucket, prefix := data.Order, []byte(nil)
	if !who.Officer() {
		bucket, prefix = data.Arrived, data.Key(who.Owner, nil)
	}
	var list central.CaseList
	err := o.db.View(ctx, func(tx data.Tx) error {
		list = central.CaseList{Cases: []central.Case{}}
		last := last
		for from := last + 1; ; {
			numbers, ids, err := arrivals(tx, bucket, prefix, from, limit+1)
			if err != nil {
				return err
			}
			tx.Ahead(data.Cases, ids...)
			for i, id := range ids {
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
				list.Cases, last = append(list.Cases, r.Case), numbers[i]
			}
			if len(ids) <= limit {
				return nil
			}
			from = numbers[len(numbers)-1] + 1
		}
	})
	return list, wrap(op, err)
}

// arrivals gives the next places of a list of cases, at most limit.
func arrivals(tx data.Tx, b data.Bucket, prefix []byte, from uint64, limit int) (numbers []uint64, ids [][]byte, err error) {
	err = numbered(tx, b, prefix, from, func(n uint64, id []byte) (bool, error) {
		numbers, ids = append(numbers, n), append(ids, id)
		return len(ids) == limit, nil
	})
	return numbers, ids, err
}

// numbered scans the numbered keys right below prefix. Another owner's name may begin with this one's: those keys are longer.
func numbered(tx data.Tx, b data.Bucket, prefix []byte, from uint64, f func(n uint64, value []byte) (bool, error)) error {
	start := append(append([]byte{}, prefix...), data.Number(from)...)
	return tx.Scan(b, prefix, start, func(key, value []byte) (bool, error) {
		if rest := key[len(prefix):]; len(rest) == 8 {
			return f(binary.BigEndian.Uint64(rest), value)
		}
		return false, nil
	})
}

func find(tx data.Tx, id string) (record, error) {
	var r record
	found, err := data.GetJSON(tx, data.Cases, []byte(id), &r)
	if err == nil && !found {
		err = noCase()
	}
	return r, err
}

func save(tx data.Tx, r record) error { return data.PutJSON(tx, data.Cases, []byte(r.Case.ID), r) }

func noCase() error { return &Error{"find", KindNotFound, errors.New("no such case")} }

func lockCase(tx data.Tx, id string) error { return tx.Lock("case/" + id) }
