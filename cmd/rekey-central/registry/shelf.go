package registry

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

// shelf is one kind of records: where the stamp is in a value. The values lie in the bucket under owner "/" ID;
// data.Index has bucket "/" ID "/" owner for each, so that the officer finds them without knowing the owner.
type shelf[T any] struct {
	bucket data.Bucket
	stamp  func(*T) *central.Stamp
	alone  bool // an ID is one owner's only: made by chance, not derived from something that several may have
}

func (s shelf[T]) lock(tx data.Tx, id string) error { return tx.Lock(string(s.bucket) + "/" + id) }

func (s shelf[T]) index(id, owner string) []byte {
	return []byte(string(s.bucket) + "/" + id + "/" + owner)
}

func (s shelf[T]) read(tx data.Tx, owner, id string) (v T, found bool, err error) {
	found, err = data.GetJSON(tx, s.bucket, data.Key(owner, []byte(id)), &v)
	return v, found, err
}

// owners lists who has a record of this ID.
func (s shelf[T]) owners(tx data.Tx, id string) (all []string, err error) {
	prefix := s.index(id, "")
	err = tx.Scan(data.Index, prefix, nil, func(key, _ []byte) (bool, error) {
		all = append(all, string(key[len(prefix):]))
		return false, nil
	})
	return all, err
}

// whose tells which owner's record a caller means: its own, or the one that the officer names, or the only one there is.
func (s shelf[T]) whose(tx data.Tx, who office.Caller, of, id string) (string, error) {
	if !who.Officer() {
		return who.Owner, nil
	}
	if of != "" {
		return of, nil
	}
	all, err := s.owners(tx, id)
	switch {
	case err != nil:
		return "", err
	case len(all) == 0:
		return "", nothing()
	case len(all) > 1:
		return "", conflict("%d owners have told about this; say which with ?owner=", len(all))
	}
	return all[0], nil
}

// write puts the next state in place of what is there. What is the same but for the stamp is not written again.
func (s shelf[T]) write(tx data.Tx, owner, id string, seen int64, now time.Time, next change[T]) (v T, created bool, err error) {
	var old *T
	before := central.Stamp{}
	was, found, err := s.read(tx, owner, id)
	if err != nil {
		return v, false, err
	}
	if found {
		old, before = &was, *s.stamp(&was)
	}
	if seen != AnyVersion && seen != before.Version {
		return v, false, &office.Error{Op: "write", Kind: office.KindStale, Err: &office.VersionError{Version: before.Version, Seen: seen}}
	}
	if !found && s.alone {
		if all, err := s.owners(tx, id); err != nil || len(all) > 0 {
			return v, false, join(err, conflict("this ID is taken; make a new one"))
		}
	}
	if v, err = next(tx, owner, old); err != nil {
		return v, false, err
	}
	*s.stamp(&v) = before
	if same, err := equal(old, &v); err != nil || same {
		return v, false, err
	}
	*s.stamp(&v) = central.Stamp{Version: before.Version + 1, UpdatedAt: now}
	key := data.Key(owner, []byte(id))
	if !found {
		if err := tx.Put(data.Index, s.index(id, owner), key); err != nil {
			return v, false, err
		}
	}
	return v, !found, data.PutJSON(tx, s.bucket, key, v)
}

// equal compares as JSON: that is what is kept.
func equal[T any](a, b *T) (bool, error) {
	one, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	other, err := json.Marshal(b)
	return bytes.Equal(one, other), err
}

func join(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// show tells the officer whose a record is, and nobody else.
func (s shelf[T]) show(who office.Caller, owner string, v *T) {
	if who.Officer() {
		s.stamp(v).Owner = owner
	}
}

// page gives at most limit records in the order of their IDs: a caller's own, all to the officer. What it ends with is the ID, with
// the owner behind it for the officer.
func (s shelf[T]) page(tx data.Tx, who office.Caller, after string, limit int) (page central.Page[T], err error) {
	page.Items = []T{}
	add := func(owner, cursor string, v T) {
		s.show(who, owner, &v)
		page.Items, page.Next = append(page.Items, v), cursor
	}
	more := false
	if who.Officer() {
		more, err = s.pageOfAll(tx, after, limit, add)
	} else {
		err = s.walk(tx, who, after, func(owner, id string, v T) (bool, error) {
			if more = len(page.Items) == limit; !more {
				add(owner, id, v)
			}
			return more, nil
		})
	}
	if !more {
		page.Next = ""
	}
	return page, err
}

// pageOfAll goes by the index: there the records of all owners are in the order of their IDs.
func (s shelf[T]) pageOfAll(tx data.Tx, after string, limit int, add func(owner, cursor string, v T)) (more bool, err error) {
	prefix := []byte(string(s.bucket) + "/")
	var cursors []string
	var keys [][]byte
	err = tx.Scan(data.Index, prefix, past(prefix, after), func(key, record []byte) (bool, error) {
		if more = len(keys) == limit; !more {
			cursors, keys = append(cursors, string(key[len(prefix):])), append(keys, record)
		}
		return more, nil
	})
	if err != nil {
		return false, err
	}
	tx.Ahead(s.bucket, keys...)
	for i, key := range keys {
		var v T
		if _, err := data.GetJSON(tx, s.bucket, key, &v); err != nil {
			return false, err
		}
		_, owner, _ := strings.Cut(cursors[i], "/")
		add(owner, cursors[i], v)
	}
	return more, nil
}

// walk visits a caller's own records after an ID, in the order of IDs; for the officer those of everybody, owner by owner.
func (s shelf[T]) walk(tx data.Tx, who office.Caller, after string, f func(owner, id string, v T) (stop bool, err error)) error {
	var prefix, from []byte
	if !who.Officer() {
		prefix = data.Key(who.Owner, nil)
		from = past(prefix, after)
	}
	return tx.Scan(s.bucket, prefix, from, func(key, value []byte) (bool, error) {
		slash := bytes.LastIndexByte(key, '/') // an ID has none
		owner, id := string(key[:slash]), string(key[slash+1:])
		if !who.Officer() && owner != who.Owner { // whose name goes on where this one ends
			return false, nil
		}
		var v T
		if err := json.Unmarshal(value, &v); err != nil {
			return true, err
		}
		return f(owner, id, v)
	})
}

// past is the first key after the one that a page has ended with; nil: from the beginning.
func past(prefix []byte, after string) []byte {
	if after == "" {
		return nil
	}
	return append(append(bytes.Clone(prefix), after...), 0)
}
