package app_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rekey/app"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/cmd/rekey-demo/stage"
	"rekey/store"
)

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Now()} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func (d *desk) outbox() app.Outbox {
	d.t.Helper()
	box, err := d.Outbox()
	if err != nil {
		d.t.Fatal(err)
	}
	return box
}

// What a program of schema 2 left waiting is sent, once, and its case knows it.
func TestWhatASchema2ProgramLeftIsSent(t *testing.T) {
	f := newFeed(t)
	d := newDesk(t, stage.Doctor(), 20, f.URL)
	d.Close()
	kept := filepath.Join(d.dir, "store")
	if err := os.RemoveAll(kept); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(kept, os.DirFS("../store/testdata/schema2")); err != nil {
		t.Fatal(err)
	}
	d.open()
	before, err := d.Cases()
	if box := d.outbox(); err != nil || len(before) != 1 || box.Waiting != 1 || box.Items[0].Kind != "case" || box.Items[0].Case != before[0].ID {
		t.Fatalf("%v: %+v", err, box)
	}
	if r := d.sync(""); r.Sent != 1 || r.Waiting != 0 {
		t.Errorf("%+v", r)
	}
	if len(f.submitted) != 1 || f.submitted[0].ID != before[0].ID || len(f.submitted[0].Documents) != 2 || state(d.stored(before[0].ID), procedure.Send) != "done" {
		t.Errorf("%s", asJSON(t, f.submitted))
	}
	d.rebuilds(before[0].ID)
}

// A failing thing is tried again after 2 s, 4 s, 8 s … 15 min, less what the jitter takes; this is kept on disk; the person may cut it
// short, the office's own wish for peace not.
func TestBackOff(t *testing.T) {
	now, limits := newClock(), []time.Duration{}
	var asked atomic.Int32
	answer := atomic.Pointer[string]{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			asked.Add(1)
			if wait := answer.Load(); wait != nil {
				w.Header().Set("Retry-After", *wait)
			}
			problem(w, 503, "later")
		case r.Method == http.MethodHead:
		default:
			answerJSON(w, central.Changes{})
		}
	}))
	t.Cleanup(s.Close)
	d := newDesk(t, stage.Head(), 40, "")
	d.central, d.now = s.URL, now.now
	d.jitter = func(limit time.Duration) time.Duration { limits = append(limits, limit); return limit / 2 }
	d.open()
	c := d.run(d.begin().ID, "")
	for n := range 12 {
		d.open() // a new start of the program knows it too
		it := d.outbox().Items[0]
		if it.Attempts != n+1 || !it.Next.Equal(now.now().Add(limits[len(limits)-1]/2).UTC()) || it.LastError != string(app.ServerAnswer) || it.Case != c.ID {
			t.Fatalf("after try %d: %+v", n+1, it)
		}
		d.sync(app.ServerAnswer) // the person does not wait
	}
	if n := asked.Load(); n != 13 {
		t.Errorf("asked %d times", n)
	}
	for i, limit := range limits {
		if want := min(15*time.Minute, 2*time.Second<<i); limit != want {
			t.Errorf("wait %d has the limit %v, want %v", i, limit, want)
		}
	}
	wait := "3000"
	answer.Store(&wait)
	d.sync(app.ServerAnswer)
	if next := d.outbox().Items[0].Next; next.Before(now.now().Add(3000*time.Second - time.Second)) {
		t.Errorf("Retry-After is not kept: %v", next.Sub(now.now()))
	}
	before := asked.Load()
	d.open()
	d.sync(app.ServerAnswer)
	if asked.Load() != before {
		t.Error("the office was asked although it wants peace")
	}
	now.move(3001 * time.Second)
	d.sync(app.ServerAnswer)
	if asked.Load() != before+1 {
		t.Error("the office was not asked when its time was over")
	}
}

// Nobody answers: the whole exchange waits, and nothing of what waits is blamed. Nor is it when the office does not know us.
func TestAwayIsNobodysFault(t *testing.T) {
	refuses := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { problem(w, 401, "this key is not known here") }))
	t.Cleanup(refuses.Close)
	strange := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(strange.Close)
	for kind, address := range map[app.Kind]string{app.Offline: "http://127.0.0.1:1", app.NotAdmitted: refuses.URL, app.Untrusted: strange.URL} {
		d := newDesk(t, stage.Head(), 40, address)
		c := d.run(d.begin().ID, "")
		for range 3 {
			d.sync(kind)
		}
		box := d.outbox()
		if box.LastError != string(kind) || box.Detail == "" || box.Waiting != 1 || box.Items[0].Attempts != 0 || box.Items[0].Refused != "" {
			t.Errorf("%s: %+v", kind, box)
		}
		if !box.Next.After(time.Now().Add(-time.Minute)) || d.stored(c.ID).Why != "" {
			t.Errorf("%s: %+v", kind, box)
		}
		d.central = office.URL
		d.open()
		if r := d.sync(""); r.Sent != 1 || d.outbox().LastError != "" {
			t.Errorf("%s: %+v", kind, r)
		}
	}
}

// Of eight lines the first hangs up and the second fails: the other six go out in the same round, four at a time at the most.
func TestOneBadLineHoldsUpNobody(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "")
	var ids []string
	for range 8 {
		c := d.run(d.begin().ID, "")
		ids = append(ids, c.ID)
		d.central = "http://127.0.0.1:1"
		d.open()
		if len(ids) < 8 {
			d.another(c.ID)
		}
	}
	var busy, most atomic.Int32
	d.central = proxy(t, office.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		if n := busy.Add(1); n > most.Load() {
			most.Store(n)
		}
		time.Sleep(5 * time.Millisecond) // long enough for the lines to meet
		busy.Add(-1)                     // before the answer: with that the client may begin the next line
		switch {
		case r.Method == http.MethodPost && bodyHas(r, ids[0]):
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				conn.Close()
			}
		case r.Method == http.MethodPost && bodyHas(r, ids[1]):
			problem(w, 500, "broken")
		default:
			behind.ServeHTTP(w, r)
		}
	})
	d.open()
	if r := d.sync(app.ServerAnswer); r.Sent != 6 || r.Waiting != 2 {
		t.Fatalf("%+v, %+v", r, d.outbox())
	}
	for i, id := range ids {
		if want := 1; i < 2 && len(held(t, id)) != 0 || i >= 2 && len(held(t, id)) != want {
			t.Errorf("case %d is held %d times", i, len(held(t, id)))
		}
	}
	if n := most.Load(); n < 2 || n > 4 {
		t.Errorf("%d at once", n)
	}
	for _, it := range d.outbox().Items {
		if it.Attempts != 1 || it.LastError == "" {
			t.Errorf("%+v", it)
		}
	}
}

// another takes the hold of an open case off its certificate, so that the next can begin: the clerk's next holder.
func (d *desk) another(id string) {
	d.t.Helper()
	d.Close()
	rename(d.t, filepath.Join(d.dir, "store"), id)
	d.open()
}

// A receipt and a scan that come after the case go as what they are, once, and after the case.
func TestWhatIsAttachedLater(t *testing.T) {
	f := newFeed(t)
	d := newDesk(t, stage.Doctor(), 20, "http://127.0.0.1:1")
	c := d.run(d.begin().ID, "")
	if _, err := d.Attach(c.ID, central.DocReceipt, "dekont.pdf", []byte("%PDF-1.4\nreceipt\n%%EOF\n")); err != nil {
		t.Fatal(err)
	}
	if box := d.outbox(); len(box.Items) != 2 || box.Items[0].Kind != "case" || box.Items[1].Kind != "receipt" {
		t.Fatalf("%+v", box.Items)
	}
	d.central = f.URL
	d.open()
	d.sync("")
	if len(f.submitted) != 1 || len(f.submitted[0].Documents) != 3 || len(f.receipts) != 1 || f.receipts[0].Case != c.ID || f.receipts[0].SHA256 == "" || f.receipts[0].Amount == "" {
		t.Fatalf("%s %s", asJSON(t, f.submitted), asJSON(t, f.receipts))
	}
	if _, err := d.Attach(c.ID, central.DocScan, "form.pdf", []byte("%PDF-1.4\nscan\n%%EOF\n")); err != nil {
		t.Fatal(err)
	}
	if d.sync(""); len(f.submitted) != 1 || len(f.added) != 1 || f.added[0].Documents[0].Kind != central.DocScan || len(f.receipts) != 1 {
		t.Errorf("%s %s", asJSON(t, f.added), asJSON(t, f.receipts))
	}
	d.rebuilds(c.ID)
}

// What the office refuses of the register is shown and not sent again by itself; the person may.
func TestRefusedReceiptWaitsForThePerson(t *testing.T) {
	f := newFeed(t)
	var posts atomic.Int32
	address := proxy(t, f.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		if strings.HasPrefix(r.URL.Path, "/v1/receipts") {
			if posts.Add(1) == 1 {
				problem(w, 422, "not readable")
				return
			}
		}
		behind.ServeHTTP(w, r)
	})
	d := newDesk(t, stage.Doctor(), 20, address)
	c := d.run(d.begin().ID, "")
	if _, err := d.Attach(c.ID, central.DocReceipt, "dekont.pdf", []byte("%PDF-1.4\nreceipt\n%%EOF\n")); err != nil {
		t.Fatal(err)
	}
	d.sync(app.Refused)
	box := d.outbox()
	if len(box.Items) != 1 || box.Items[0].Refused != "not readable" || !box.Next.IsZero() || d.stored(c.ID).Why != "" {
		t.Fatalf("%+v", box)
	}
	if d.sync(""); posts.Load() != 2 || d.outbox().Waiting != 0 {
		t.Errorf("%d posts, %+v", posts.Load(), d.outbox())
	}
}

// rename gives a case another certificate, so that it does not stand in the way of the next.
func rename(t *testing.T, dir, id string) {
	t.Helper()
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Update(func(tx *store.Tx) error {
		c, err := store.Get[map[string]any](tx, store.Cases, id)
		if err != nil {
			return err
		}
		c["current"] = "another"
		return store.Put(tx, store.Cases, id, c)
	}); err != nil {
		t.Fatal(err)
	}
}
