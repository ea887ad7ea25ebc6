package data_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/data/datatest"
	"rekey/cmd/rekey-central/officetest"

	"github.com/jackc/pgx/v5"
)

const kill = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'rekey-central'"

// News of one server reaches the other, also news of a time in which the other's connection was broken.
func TestNewsOfAnotherServer(t *testing.T) {
	database := datatest.Database(t)
	here, _ := open(t, database)
	there, _ := open(t, database)
	told := func(n int) {
		t.Helper()
		update(t, there, func(tx data.Tx) error {
			tx.Tell()
			return data.PutJSON(tx, data.Cases, []byte("n"), n)
		})
		for {
			news := here.News()
			var got int
			if err := here.View(t.Context(), func(tx data.Tx) error {
				_, err := data.GetJSON(tx, data.Cases, []byte("n"), &got)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if got == n {
				return
			}
			select {
			case <-news:
			case <-t.Context().Done():
				t.Fatal("nobody woke the waiter")
			}
		}
	}
	// Who waits on a channel taken before is woken: by the news, not by chance.
	for n := range 3 {
		news := here.News()
		told(2*n + 1)
		<-news
		datatest.Do(t, database, kill)
		news = here.News()
		told(2*n + 2)
		<-news
	}
}

// Connections are killed all the time; what was reported as done was done once, and nothing else.
func TestKilledConnections(t *testing.T) {
	database := datatest.Database(t)
	db, _ := open(t, database)
	const writers, rounds = 4, 40
	var done, writing atomic.Int64
	var wait sync.WaitGroup
	writing.Store(writers)
	for w := range writers {
		wait.Go(func() {
			defer writing.Add(-1)
			for i := range rounds {
				err := db.Update(t.Context(), func(tx data.Tx) error {
					var sum int64
					if err := tx.Lock("sum"); err != nil {
						return err
					}
					if _, err := data.GetJSON(tx, data.Cases, []byte("sum"), &sum); err != nil {
						return err
					}
					n, err := tx.Next(data.Order)
					tx.Tell()
					return errors.Join(err, data.PutJSON(tx, data.Cases, []byte("sum"), sum+1), tx.Put(data.Order, data.Number(n), fmt.Append(nil, w, i)))
				})
				if err != nil {
					t.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	killer, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer killer.Close(context.Background())
	for last := int64(0); writing.Load() > 0; {
		if now := done.Load(); now < last+2*writers { // let them get on between two kills
			time.Sleep(time.Millisecond)
			continue
		}
		last = done.Load()
		if _, err := killer.Exec(t.Context(), kill); err != nil {
			t.Fatal(err)
		}
	}
	wait.Wait()
	update(t, db, func(tx data.Tx) error {
		sum, err := tx.Get(data.Cases, []byte("sum"))
		if err != nil {
			return err // a killed connection: this is run again
		}
		last, err := tx.Last(data.Order)
		if err == nil && (string(sum) != fmt.Sprint(done.Load()) || last != uint64(done.Load())) {
			t.Errorf("%d were done, the sum is %s and the number %d", done.Load(), sum, last)
		}
		return err
	})
}

// wire stands between a server and PostgreSQL and cuts the line when it is told.
type wire struct {
	real  string       // the socket behind
	eat   atomic.Bool  // the next words to PostgreSQL get lost, and the line breaks
	mute  atomic.Bool  // the next answer gets lost, and the line breaks
	drops atomic.Int64 // lines cut
}

func newWire(t *testing.T, database string) (*wire, string) {
	t.Helper()
	real := strings.TrimPrefix(strings.Fields(database)[0], "host=")
	w, dir := &wire{real: filepath.Join(real, ".s.PGSQL.5432")}, t.TempDir()
	l, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.serve(c)
		}
	}()
	return w, strings.Replace(database, real, dir, 1)
}

func (w *wire) serve(client net.Conn) {
	server, err := net.Dial("unix", w.real)
	if err != nil {
		client.Close()
		return
	}
	go w.carry(server, client, &w.eat)
	w.carry(client, server, &w.mute)
}

func (w *wire) carry(to, from net.Conn, cut *atomic.Bool) {
	defer to.Close()
	defer from.Close()
	room := make([]byte, 64<<10)
	for {
		n, err := from.Read(room)
		if n > 0 && cut.CompareAndSwap(true, false) {
			w.drops.Add(1)
			return
		}
		if err != nil {
			return
		}
		if _, err := io.Copy(to, bytes.NewReader(room[:n])); err != nil {
			return
		}
	}
}

// The line breaks at the commit: when it got lost, the transaction is run again; when only its answer did, it is not.
func TestLineBreaksAtCommit(t *testing.T) {
	database := datatest.Database(t)
	w, address := newWire(t, database)
	there, _ := open(t, database)
	for _, c := range []struct {
		name string
		cut  *atomic.Bool
		runs int
	}{{"commit lost", &w.eat, 2}, {"answer lost", &w.mute, 1}} {
		t.Run(c.name, func(t *testing.T) {
			db, _ := open(t, address)
			write := func(name string, once func()) error {
				return db.Update(t.Context(), func(tx data.Tx) error {
					n, err := tx.Next(data.Order)
					once()
					return errors.Join(err, tx.Put(data.Order, data.Number(n), []byte(name)))
				})
			}
			if err := write("first", func() {}); err != nil { // afterwards the statements are prepared: one answer ends a transaction
				t.Fatal(err)
			}
			listening(t, database)
			runs := 0
			err := write(c.name, func() {
				if runs++; runs == 1 {
					c.cut.Store(true)
				}
			})
			if err != nil || runs != c.runs || w.drops.Swap(0) != 1 {
				t.Errorf("%v; %d runs", err, runs)
			}
			kept := 0
			if err := there.View(t.Context(), func(tx data.Tx) error {
				return tx.Scan(data.Order, nil, nil, func(_, value []byte) (bool, error) {
					if string(value) == c.name {
						kept++
					}
					return false, nil
				})
			}); err != nil || kept != 1 {
				t.Errorf("kept %d times: %v", kept, err)
			}
		})
	}
}

// listening waits until both servers listen.
func listening(t *testing.T, database string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for n := 0; n < 2; {
		err := conn.QueryRow(t.Context(), "select count(*) from pg_stat_activity where datname = current_database() and state = 'idle' and query like 'listen%'").Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestFullDisk(t *testing.T) {
	database := datatest.Database(t)
	db, blobs := open(t, database)
	datatest.Do(t, database, `create function rekey.full() returns trigger language plpgsql as $$ begin raise exception 'full' using errcode = 'disk_full'; end $$`)
	datatest.Do(t, database, `create trigger full_disk before insert on rekey.records execute function rekey.full()`)
	datatest.Do(t, database, `create trigger full_disk before insert on rekey.parts execute function rekey.full()`)
	err := db.Update(t.Context(), func(tx data.Tx) error { return tx.Put(data.Cases, []byte("k"), []byte("v")) })
	if !data.IsFull(err) {
		t.Errorf("got %v", err)
	}
	if _, err := blobs.Put(t.Context(), officetest.Sum([]byte("x")), strings.NewReader("x"), 10); !data.IsFull(err) {
		t.Errorf("got %v", err)
	}
}

// Several servers may start on an empty database at once; one that does not know the tables refuses them.
func TestLayout(t *testing.T) {
	database := datatest.Database(t)
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			db, _, err := data.OpenPostgres(t.Context(), database, 0)
			if err != nil {
				t.Error(err)
				return
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	datatest.Do(t, database, "update rekey.layout set number = 99")
	if db, _, err := data.OpenPostgres(t.Context(), database, 0); err == nil {
		db.Close()
		t.Error("unknown tables were opened")
	}
}
