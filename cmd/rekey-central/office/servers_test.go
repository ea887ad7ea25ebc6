package office

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/data/datatest"
	"rekey/cmd/rekey-central/officetest"

	"github.com/jackc/pgx/v5"
)

// servers gives two servers of one database, or twice the one that a folder can have.
func servers(t *testing.T, database string) [2]*Office {
	t.Helper()
	one := open(t, database)
	if database == "" {
		return [2]*Office{one, one}
	}
	return [2]*Office{one, open(t, database)}
}

func TestDecisionWakesTheOtherServer(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		both := servers(t, database)
		id := submit(t, both[0], client, submission(t)).Case.ID
		got := make(chan central.Changes)
		go func() {
			for {
				news := both[1].News()
				page, err := both[1].Changes(t.Context(), client, 0)
				if err != nil || len(page.Changes) > 0 {
					got <- page
					return
				}
				<-news
			}
		}()
		if _, err := both[0].Return(t.Context(), officer, id, 1, "the scan cannot be read"); err != nil {
			t.Fatal(err)
		}
		if page := <-got; len(page.Changes) != 1 || page.Changes[0].Case != id || page.Changes[0].Why == "" {
			t.Errorf("%+v", page)
		}
		if err := both[1].Healthy(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestFiftyTimesTheSame(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		both := servers(t, database)
		s := submission(t, sent(t, both[0], client, central.DocRequest, "request"))
		var wait sync.WaitGroup
		var created atomic.Int64
		for i := range 50 {
			wait.Go(func() {
				key := fmt.Sprintf("key %d", i%5) // some with the same key too
				r, err := both[i%2].Submit(t.Context(), client, key, AnyVersion, s)
				if err != nil || r.Case.Version != 1 {
					t.Errorf("%v %+v", err, r)
				}
				if r.Created {
					created.Add(1)
				}
			})
		}
		wait.Wait()
		list, err := both[1].Cases(t.Context(), officer, "", "", 100)
		if err != nil || len(list.Cases) != 1 {
			t.Errorf("%d cases, %v", len(list.Cases), err)
		}
		if n := created.Load(); n < 1 || n > 10 { // one key says "created" each time that it comes
			t.Errorf("created %d times", n)
		}
	})
}

// A reader who goes on from the newest cursor that it has seen never skips a decision.
func TestFeedHasNoGaps(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		both := servers(t, database)
		const cases = 40
		var ids []string
		for range cases {
			ids = append(ids, submit(t, both[0], client, submission(t)).Case.ID)
		}
		var wait sync.WaitGroup
		for i, id := range ids {
			wait.Go(func() {
				if _, err := both[i%2].Approve(t.Context(), officer, id, AnyVersion); err != nil {
					t.Error(err)
				}
			})
		}
		for r := range 3 {
			wait.Go(func() {
				seen, after := map[string]bool{}, int64(0)
				for len(seen) < cases {
					news := both[r%2].News()
					page, err := both[r%2].Changes(t.Context(), client, after)
					if err != nil {
						t.Error(err)
						return
					}
					for _, c := range page.Changes {
						if c.Cursor != after+1 {
							t.Errorf("%d comes after %d", c.Cursor, after)
						}
						seen[c.Case], after = true, c.Cursor
					}
					if len(page.Changes) == 0 {
						select {
						case <-news:
						case <-t.Context().Done():
							return
						}
					}
				}
			})
		}
		wait.Wait()
	})
}

// However many officers press the button on however many servers, one certificate is made.
func TestOneCertificate(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		both := servers(t, database)
		id := approved(t, both[0], "request")
		var asked atomic.Int64
		var wait sync.WaitGroup
		for i := range 10 {
			wait.Go(func() {
				c, err := both[i%2].Issue(t.Context(), officer, id, AnyVersion, func(c central.Case, request []byte) ([]byte, error) {
					n := asked.Add(1)
					if _, err := rsa.GenerateKey(rand.Reader, 2048); err != nil { // work that takes as long as a card's: time for others to come
						return nil, err
					}
					return fmt.Appendf(request, "certificate %d", n), nil
				})
				if err != nil || c.State != central.StateIssued || len(c.FromCA) != 1 || c.Version != 3 {
					t.Errorf("%v %+v", err, c)
				}
			})
		}
		wait.Wait()
		if n := asked.Load(); n != 1 {
			t.Errorf("%d certificates were made", n)
		}
		page, err := both[0].Changes(t.Context(), client, 0)
		if err != nil || len(page.Changes) != 2 {
			t.Errorf("%+v %v", page, err)
		}
	})
}

// A server that fell between making and issuing: the certificate that was made is the one that is issued, unless another request came.
func TestCertificateOutlivesTheServer(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		o := open(t, database)
		never := func(central.Case, []byte) ([]byte, error) { return nil, errors.New("asked again") }
		fall := func(id, request string) {
			t.Helper()
			if _, err := o.make(t.Context(), officer, id, AnyVersion, officetest.Sum([]byte(request)), []byte(request), certify); err != nil {
				t.Fatal(err)
			}
		}
		id := approved(t, o, "one")
		fall(id, "one")
		scan := sent(t, o, client, central.DocScan, "scan") // meanwhile
		if _, err := o.AddDocuments(t.Context(), client, "k", id, []central.Document{scan}); err != nil {
			t.Fatal(err)
		}
		c, err := o.Issue(t.Context(), officer, id, AnyVersion, never)
		if err != nil || c.State != central.StateIssued || c.FromCA[0].SHA256 != officetest.Sum([]byte("one!")) {
			t.Errorf("%v %+v", err, c)
		}
		id = approved(t, o, "two")
		fall(id, "two")
		newer := sent(t, o, client, central.DocRequest, "three")
		if _, err := o.AddDocuments(t.Context(), client, "k2", id, []central.Document{newer}); err != nil {
			t.Fatal(err)
		}
		c, err = o.Issue(t.Context(), officer, id, AnyVersion, certify)
		if err != nil || c.FromCA[0].SHA256 != officetest.Sum([]byte("three!")) {
			t.Errorf("%v %+v", err, c)
		}
	})
}

// Connections are killed while cases come in: each that was answered is there once, in both lists.
func TestKilledWhileSubmitting(t *testing.T) {
	database := datatest.Database(t)
	both := servers(t, database)
	const clients, each = 4, 12
	var wait sync.WaitGroup
	var done, running atomic.Int64
	running.Store(clients)
	for i := range clients {
		wait.Go(func() {
			defer running.Add(-1)
			who := Caller{Owner: fmt.Sprint("owner", i), Role: central.RoleHolder}
			for range each {
				s := submission(t)
				for { // like the outbox: the same key until there is an answer
					r, err := both[i%2].Submit(t.Context(), who, "k-"+s.ID, AnyVersion, s)
					if err == nil && r.Created {
						break
					}
					if err == nil || t.Context().Err() != nil {
						t.Errorf("%v %+v", err, r)
						return
					}
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
	for last := int64(0); running.Load() > 0; {
		var n int
		if now := done.Load(); now >= last+clients {
			last = now
			err = killer.QueryRow(t.Context(), "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()").Scan(&n)
		} else {
			err = killer.Ping(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	wait.Wait()
	for _, b := range []data.Bucket{data.Order, data.Arrived, data.Cases, data.Answers} {
		n := 0
		for try := 0; ; try++ { // the last kill may have left dead connections
			n = 0
			err := both[0].db.View(t.Context(), func(tx data.Tx) error {
				n = 0
				return tx.Scan(b, nil, nil, func([]byte, []byte) (bool, error) { n++; return false, nil })
			})
			if err == nil {
				break
			}
			if try == 5 {
				t.Fatal(err)
			}
		}
		if n != clients*each {
			t.Errorf("%s has %d, want %d", b, n, clients*each)
		}
	}
}

// Another package's decision comes into the feed within its own transaction, or not at all.
func TestTell(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		o := open(t, database)
		no := errors.New("no")
		for _, refuse := range []error{no, nil} {
			err := o.DB().Update(t.Context(), func(tx data.Tx) error {
				return errors.Join(Tell(tx, client.Owner, central.Change{Kind: "receipt", ID: "r1", State: central.Accepted}), refuse)
			})
			if !errors.Is(err, refuse) {
				t.Errorf("got %v", err)
			}
		}
		page, err := o.Changes(t.Context(), client, 0)
		if err != nil || len(page.Changes) != 1 || page.Next != 1 {
			t.Fatalf("%+v %v", page, err)
		}
		if c := page.Changes[0]; c.Kind != "receipt" || c.ID != "r1" || c.State != central.Accepted || c.At.IsZero() {
			t.Errorf("%+v", c)
		}
	})
}
