package data_test

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"

	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/data/datatest"
)

// Each writer reads under the lock, adds one and writes: none is lost. A later number is never seen before an earlier one.
func TestWritersTogether(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		db, _ := open(t, database)
		const writers, rounds = 8, 25
		var wait sync.WaitGroup
		for range writers {
			wait.Go(func() {
				for range rounds {
					err := db.Update(t.Context(), func(tx data.Tx) error {
						var sum int
						if err := tx.Lock("sum"); err != nil {
							return err
						}
						if _, err := data.GetJSON(tx, data.Cases, []byte("sum"), &sum); err != nil {
							return err
						}
						return data.PutJSON(tx, data.Cases, []byte("sum"), sum+1)
					})
					if err == nil {
						err = db.Update(t.Context(), func(tx data.Tx) error {
							n, err := tx.Next(data.Changes)
							tx.Tell()
							return errors.Join(err, tx.Put(data.Changes, data.Number(n), []byte("x")))
						})
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			follow(t, db, writers*rounds)
		}()
		wait.Wait()
		<-done
		update(t, db, func(tx data.Tx) error {
			sum, err := tx.Get(data.Cases, []byte("sum"))
			if string(sum) != fmt.Sprint(writers*rounds) {
				t.Errorf("sum is %s", sum)
			}
			return err
		})
	})
}

// follow reads numbers as they come, each time from the newest seen on, and misses none.
func follow(t *testing.T, db data.DB, count int) {
	seen := uint64(0)
	for seen < uint64(count) {
		news := db.News()
		before := seen
		err := db.View(t.Context(), func(tx data.Tx) error {
			return tx.Scan(data.Changes, nil, data.Number(seen+1), func(key, _ []byte) (bool, error) {
				if !bytes.Equal(key, data.Number(seen+1)) {
					return true, fmt.Errorf("%x comes after %d", key, seen)
				}
				seen++
				return false, nil
			})
		})
		if err != nil {
			t.Error(err)
			return
		}
		if seen == before {
			select {
			case <-news:
			case <-t.Context().Done():
				t.Errorf("nothing after %d", seen)
				return
			}
		}
	}
}

// A view does not change under its reader.
func TestViewStands(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		db, _ := open(t, database)
		put := func(v string) {
			update(t, db, func(tx data.Tx) error {
				return errors.Join(tx.Put(data.Cases, []byte("a"), []byte(v)), tx.Put(data.Meta, []byte("a"), []byte(v)))
			})
		}
		update(t, db, func(tx data.Tx) error { return tx.Put(data.Cases, []byte("room"), make([]byte, 1<<20)) }) // bbolt: a file that need not grow
		update(t, db, func(tx data.Tx) error { return tx.Delete(data.Cases, []byte("room")) })
		put("1")
		err := db.View(t.Context(), func(tx data.Tx) error {
			a, err := tx.Get(data.Cases, []byte("a"))
			put("2")
			b, err2 := tx.Get(data.Meta, []byte("a"))
			if string(a) != "1" || string(b) != "1" {
				t.Errorf("%s, then %s", a, b)
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Error(err)
		}
	})
}
