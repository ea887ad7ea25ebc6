package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"

	"rekey/store/fold"
)

func encode(v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, &Error{"write", IO, err}
	}
	return plain, nil
}

// change is what a transaction did to one row of the register. An empty text: the row is gone.
type change struct {
	key, text string
	tx        uint64
}

// manyChanges is how many rows may differ from the block before it is built anew.
const manyChanges = 2000

// search is the register's text in memory: one block for all rows, because one scan of 12 MB is fast where
// 100 000 small values are not. It is built at the first search and follows the transactions after that.
type search struct {
	mu    sync.Mutex
	built bool
	keys  [][rowKey]byte // in the order of expiry
	ends  []int          // of each row in text
	text  []byte         // folded, each row ends with a line end
	later map[string]change
	seen  uint64 // the last transaction that changed the register
}

// follow takes over what a transaction has changed, in whichever order transactions arrive here.
func (x *search) follow(changes []change) {
	if len(changes) == 0 {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.seen = max(x.seen, changes[0].tx)
	if !x.built {
		return
	}
	for _, c := range changes {
		if old, ok := x.later[c.key]; !ok || old.tx <= c.tx {
			x.later[c.key] = c
		}
	}
	if len(x.later) > manyChanges {
		x.drop()
	}
}

func (x *search) drop() { x.built, x.keys, x.ends, x.text, x.later = false, nil, nil, nil, nil }

// forget begins anew: another file has other numbers of transactions.
func (x *search) forget() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.drop()
	x.seen = 0
}

// FindCertificates gives the certificates that have every word of the text somewhere in holder, serial number, card, issuer, purpose or
// at the beginning of the fingerprint, in the order of expiry: at most n, after the first skip. total counts all.
// The first call after Open builds the block of text (100 000 rows: 0.1 to 0.2 s); see Options.Warm.
func (s *Store) FindCertificates(text string, skip, n int) (page []Certificate, total int, err error) {
	words := strings.Fields(fold.Fold(text))
	err = s.View(func(tx *Tx) error {
		keys, err := s.search.find(tx, words)
		if err != nil {
			return err
		}
		total = len(keys)
		for _, key := range keys[min(skip, total):min(skip+n, total)] {
			c, err := tx.row([]byte(key))
			if err != nil {
				return err
			}
			page = append(page, c)
		}
		return nil
	})
	return page, total, err
}

func (x *search) find(tx *Tx, words []string) ([]string, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.built {
		if err := x.build(tx); err != nil {
			x.drop()
			return nil, err
		}
	}
	if x.seen > uint64(tx.tx.ID()) {
		defer x.drop() // built from an older state: right for this transaction, not for the next
	}
	found := x.scan(words)
	for key, c := range x.later {
		if c.text != "" && hasAll([]byte(c.text), words) {
			found = append(found, key)
		}
	}
	if len(x.later) > 0 {
		slices.Sort(found)
	}
	// A transaction that this one does not see yet may be in the block, and one that it sees may be missing for a moment.
	rows := tx.tx.Bucket([]byte(expiry))
	if len(x.later) > 0 {
		found = slices.DeleteFunc(found, func(key string) bool { return rows.Get([]byte(key)) == nil })
	}
	return found, nil
}

// scan looks for the longest word in the whole block, and for the others in the rows where it is.
func (x *search) scan(words []string) (found []string) {
	take := func(row int) {
		if key := string(x.keys[row][:]); len(x.later) == 0 {
			found = append(found, key)
		} else if _, changed := x.later[key]; !changed {
			found = append(found, key)
		}
	}
	if len(words) == 0 {
		for row := range x.keys {
			take(row)
		}
		return found
	}
	longest := []byte(slices.MaxFunc(words, func(a, b string) int { return cmp.Compare(len(a), len(b)) }))
	for at, row := 0, 0; ; at, row = x.ends[row], row+1 {
		i := bytes.Index(x.text[at:], longest)
		if i < 0 {
			return found
		}
		ahead, _ := slices.BinarySearch(x.ends[row:], at+i+1)
		row += ahead
		begin := 0
		if row > 0 {
			begin = x.ends[row-1]
		}
		if len(words) == 1 || hasAll(x.text[begin:x.ends[row]], words) {
			take(row)
		}
	}
}

func hasAll(row []byte, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !bytes.Contains(row, []byte(w)) })
}

// build opens every row, on all processors.
func (x *search) build(tx *Tx) error {
	type row struct{ key, sealed []byte }
	var rows []row
	c := tx.tx.Bucket([]byte(expiry)).Cursor()
	for k, sealed := c.First(); k != nil; k, sealed = c.Next() {
		if len(k) != rowKey {
			return &Error{"read " + string(expiry), Damaged, errors.New("a row without a certificate")}
		}
		rows = append(rows, row{k, sealed})
	}
	type block struct {
		text []byte
		ends []int
		err  error
	}
	parts := slices.Collect(slices.Chunk(rows, max(1, len(rows)/runtime.GOMAXPROCS(0)+1)))
	blocks := make([]block, len(parts))
	var wg sync.WaitGroup
	for i, part := range parts {
		wg.Go(func() {
			b := &blocks[i]
			b.err = guard(func() (err error) {
				for _, r := range part {
					if b.text, err = tx.box.openTo(b.text, place(expiry, string(r.key)), r.sealed); err != nil {
						return err
					}
					b.text = append(b.text, '\n')
					b.ends = append(b.ends, len(b.text))
				}
				return nil
			})
		})
	}
	wg.Wait()
	x.drop()
	x.keys, x.ends = make([][rowKey]byte, len(rows)), make([]int, 0, len(rows))
	for i, r := range rows {
		x.keys[i] = [rowKey]byte(r.key)
	}
	for _, b := range blocks {
		if b.err != nil {
			return b.err
		}
		for _, end := range b.ends {
			x.ends = append(x.ends, len(x.text)+end)
		}
		x.text = append(x.text, b.text...)
	}
	x.built, x.later = true, map[string]change{}
	return nil
}
