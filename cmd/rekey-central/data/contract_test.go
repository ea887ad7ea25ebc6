package data_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/data/datatest"
)

func TestMain(m *testing.M) { datatest.Main(m) }

// open gives an empty database with its documents.
func open(t *testing.T, database string) (data.DB, data.Blobs) {
	t.Helper()
	dir := t.TempDir()
	db, blobs, err := func() (data.DB, data.Blobs, error) {
		if database != "" {
			return data.OpenPostgres(t.Context(), database, 0)
		}
		db, err := data.OpenBolt(filepath.Join(dir, "test.db"))
		if err != nil {
			return nil, nil, err
		}
		blobs, err := data.OpenFiles(filepath.Join(dir, "documents"))
		return db, blobs, err
	}()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(blobs.Close(), db.Close()); err != nil {
			t.Error(err)
		}
	})
	return db, blobs
}

func update(t *testing.T, db data.DB, f func(data.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// keys lists what Scan gives.
func keys(t *testing.T, tx data.Tx, b data.Bucket, prefix, from string) []string {
	t.Helper()
	var out []string
	err := tx.Scan(b, []byte(prefix), []byte(from), func(key, value []byte) (bool, error) {
		if !bytes.Equal(value, []byte("of "+string(key))) {
			t.Errorf("%q has %q", key, value)
		}
		out = append(out, string(key))
		return false, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestValues(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		db, _ := open(t, database)
		key := []byte{0, 0xff, '/'}
		update(t, db, func(tx data.Tx) error {
			tx.Ahead(data.Cases, key, []byte("none"))
			before, err := tx.Get(data.Cases, key)
			if before != nil {
				t.Errorf("%q before it was put", before)
			}
			if err := errors.Join(err, tx.Put(data.Cases, key, []byte("one")), tx.Put(data.Meta, key, nil), tx.Put(data.Cases, []byte("gone"), []byte("x"))); err != nil {
				return err
			}
			if own, err := tx.Get(data.Cases, key); err != nil || string(own) != "one" {
				t.Errorf("own write: %q %v", own, err)
			}
			if err := errors.Join(tx.Delete(data.Cases, []byte("gone")), tx.Delete(data.Cases, []byte("never"))); err != nil {
				return err
			}
			if own, err := tx.Get(data.Cases, []byte("gone")); err != nil || own != nil {
				t.Errorf("own deletion: %q %v", own, err)
			}
			return tx.Lock("any")
		})
		err := db.View(t.Context(), func(tx data.Tx) error {
			one, err := tx.Get(data.Cases, key)
			empty, err2 := tx.Get(data.Meta, key)
			none, err3 := tx.Get(data.Cases, []byte("gone"))
			if string(one) != "one" || empty == nil || len(empty) != 0 || none != nil {
				t.Errorf("%q %q %q", one, empty, none)
			}
			return errors.Join(err, err2, err3)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// A value that is asked for ahead and changed before it comes is the changed one.
func TestAhead(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		db, _ := open(t, database)
		key := []byte("key")
		update(t, db, func(tx data.Tx) error { return tx.Put(data.Cases, key, []byte("old")) })
		update(t, db, func(tx data.Tx) error {
			tx.Ahead(data.Cases, key)
			if err := tx.Put(data.Cases, key, []byte("new")); err != nil {
				return err
			}
			got, err := tx.Get(data.Cases, key)
			if string(got) != "new" {
				t.Errorf("%q after a change", got)
			}
			if err := tx.Lock("late"); err != nil {
				return err
			}
			if got, err = tx.Get(data.Cases, key); string(got) != "new" {
				t.Errorf("%q after a lock", got)
			}
			got[0] = 'X' // the slice is ours
			if got, err = tx.Get(data.Cases, key); string(got) != "new" {
				t.Errorf("%q after the slice was changed", got)
			}
			return err
		})
	})
}

func TestScan(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		db, _ := open(t, database)
		var want []string
		update(t, db, func(tx data.Tx) error {
			for i := range 700 { // several pages
				key := fmt.Sprintf("a/%04d", i)
				want = append(want, key)
				if err := tx.Put(data.Changes, []byte(key), []byte("of "+key)); err != nil {
					return err
				}
			}
			for _, key := range []string{"a", "a.", "a0", "b\xff", "\xff", "\xff\xff/", "b\xff\x00"} {
				if err := tx.Put(data.Changes, []byte(key), []byte("of "+key)); err != nil {
					return err
				}
			}
			return tx.Put(data.Cases, []byte("a/0000"), []byte("of another bucket"))
		})
		look := func(tx data.Tx) error {
			if got := keys(t, tx, data.Changes, "a/", ""); !slices.Equal(got, want) {
				t.Errorf("%d keys, want %d", len(got), len(want))
			}
			if got := keys(t, tx, data.Changes, "a/", "a/0698"); !slices.Equal(got, want[698:]) {
				t.Errorf("from the middle: %q", got)
			}
			if got := keys(t, tx, data.Changes, "b", "a"); !slices.Equal(got, []string{"b\xff", "b\xff\x00"}) {
				t.Errorf("from before the prefix: %q", got)
			}
			if got := keys(t, tx, data.Changes, "\xff", ""); !slices.Equal(got, []string{"\xff", "\xff\xff/"}) {
				t.Errorf("to the end: %q", got)
			}
			if got := keys(t, tx, data.Changes, "", "b"); !slices.Equal(got, []string{"b\xff", "b\xff\x00", "\xff", "\xff\xff/"}) {
				t.Errorf("without a prefix: %q", got)
			}
			seen := 0
			return tx.Scan(data.Changes, []byte("a/"), nil, func(key, _ []byte) (bool, error) { // reading in between, and an end before the end
				_, err := tx.Get(data.Cases, key)
				seen++
				return seen == 300, err
			})
		}
		update(t, db, look)
		if err := db.View(t.Context(), look); err != nil {
			t.Error(err)
		}
		stop := errors.New("stop")
		if err := db.View(t.Context(), func(tx data.Tx) error {
			return tx.Scan(data.Changes, nil, nil, func([]byte, []byte) (bool, error) { return false, stop })
		}); !errors.Is(err, stop) {
			t.Errorf("got %v", err)
		}
	})
}

func TestRefusedKeepsNothing(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		db, _ := open(t, database)
		no, news := errors.New("no"), db.News()
		err := db.Update(t.Context(), func(tx data.Tx) error {
			tx.Tell()
			_, err := tx.Next(data.Order)
			return errors.Join(err, tx.Put(data.Cases, []byte("k"), []byte("v")), no)
		})
		if !errors.Is(err, no) {
			t.Errorf("got %v", err)
		}
		update(t, db, func(tx data.Tx) error {
			value, err := tx.Get(data.Cases, []byte("k"))
			last, err2 := tx.Last(data.Order)
			if value != nil || last != 0 {
				t.Errorf("%q %d", value, last)
			}
			return errors.Join(err, err2)
		})
		if database == "" { // a PostgreSQL's listener may wake once when it connects
			select {
			case <-news:
				t.Error("told")
			default:
			}
		}
	})
}

// An address with a password is told in no error.
func TestSecretAddress(t *testing.T) {
	for _, address := range []string{
		"postgres://rekey:hunter2@[broken/x",
		"postgres://rekey:hunter2@127.0.0.1:1/x?connect_timeout=1",
		"host=/nowhere user=rekey password='hunter2' dbname=x",
		"host=/nowhere password=hunter2 port=many",
		"hunter2",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		db, _, err := data.OpenPostgres(ctx, address, 0)
		cancel()
		if err == nil {
			db.Close()
			t.Errorf("%s was opened", address)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("told: %v", err)
		}
	}
}
