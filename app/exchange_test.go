package app_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"rekey/app"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/cmd/rekey-demo/stage"
)

// proxy stands before the real office; spoil may answer in its place, or after it (then the client sees nothing of its answer).
func proxy(t *testing.T, to string, spoil func(w http.ResponseWriter, r *http.Request, office http.Handler)) string {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	behind := httputil.NewSingleHostReverseProxy(target)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { spoil(w, r, behind) }))
	t.Cleanup(s.Close)
	return s.URL
}

// bodyHas says whether the body of a request has this text; the body can be read again.
func bodyHas(r *http.Request, text string) bool {
	data, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(data))
	return bytes.Contains(data, []byte(text))
}

func TestOfficeAwayAndBack(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "http://127.0.0.1:1") // nobody listens there
	c := d.run(d.begin().ID, "")
	if state(c, procedure.Send) == "done" {
		t.Fatal("sent to nobody")
	}
	for range 3 {
		if r := d.sync(app.Offline); r.Waiting != 1 {
			t.Errorf("%d wait, want 1", r.Waiting)
		}
		d.run(c.ID, "")
	}
	if view, err := d.Look(t.Context()); err != nil || view.Outbox.Waiting != 1 || view.Outbox.LastError != string(app.Offline) || !view.Outbox.Configured {
		t.Errorf("%v: %+v", err, view.Outbox)
	}
	d.central = office.URL
	d.open()
	if r := d.sync(""); r.Sent != 1 || r.Waiting != 0 {
		t.Errorf("%+v", r)
	}
	if r := d.sync(""); r.Sent != 0 {
		t.Errorf("sent again: %+v", r)
	}
	if c = d.stored(c.ID); state(c, procedure.Send) != "done" || len(held(t, c.ID)) != 1 || d.fake.Counts().Generates != 1 {
		t.Errorf("%s", asJSON(t, c.Steps))
	}
	d.rebuilds(c.ID)
}

// The office has taken the case in, but its answer never arrives: there is one case in the end, and it is told once.
func TestLostAnswersOfTheOffice(t *testing.T) {
	for _, lose := range []string{"HEAD /v1/documents/", "PUT /v1/documents/", "POST /v1/cases", "GET /v1/changes"} {
		t.Run(lose, func(t *testing.T) {
			var lost atomic.Int32
			address := proxy(t, office.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
				if strings.HasPrefix(r.Method+" "+r.URL.Path, lose) && lost.Add(1) <= 2 {
					behind.ServeHTTP(httptest.NewRecorder(), r)
					if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
						conn.Close()
					}
					return
				}
				behind.ServeHTTP(w, r)
			})
			d := newDesk(t, stage.Head(), 40, address)
			c := d.run(d.begin().ID, "")
			for n := 0; state(c, procedure.Send) != "done" || n < 3; n++ {
				if n == 6 {
					t.Fatal("never sent")
				}
				_, _ = d.Sync(t.Context())
				c = d.stored(c.ID)
			}
			d.sync("")
			if at := held(t, c.ID); len(at) != 1 || at[0].Version != 1 || lost.Load() < 2 {
				t.Errorf("the office holds %s", asJSON(t, at))
			}
			d.rebuilds(c.ID)
		})
	}
}

// What each answer to a submission means for the case, the outbox and the next try.
func TestAnswersToASubmission(t *testing.T) {
	refuse := func(status int, media, body string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", media)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	for name, row := range map[string]struct {
		answer  func(http.ResponseWriter)
		want    app.Kind
		waiting int
	}{
		"500":           {refuse(500, "text/plain", "boom"), app.ServerAnswer, 1},
		"429":           {refuse(429, central.MediaProblem, `{"title":"slowly"}`), app.ServerAnswer, 1},
		"a portal":      {refuse(200, "text/html", "<html>"), app.ServerAnswer, 1},
		"truncated":     {refuse(201, "application/json", `{"id":`), app.ServerAnswer, 1},
		"another case":  {refuse(201, "application/json", `{"id":"00000000-0000-7000-8000-000000000000"}`), app.ServerAnswer, 1},
		"redirect":      {refuse(307, "text/html", ""), app.ServerAnswer, 1},
		"refused":       {refuse(422, central.MediaProblem, `{"detail":"holder: want one line"}`), app.Refused, 0},
		"conflict":      {refuse(409, central.MediaProblem, `{"detail":"the case is issued"}`), app.Refused, 0},
		"lost document": {refuse(422, central.MediaProblem, `{"missing":["00"]}`), app.ServerAnswer, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var spoiling atomic.Bool
			spoiling.Store(true)
			posts := atomic.Int32{}
			address := proxy(t, office.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
				if r.Method == http.MethodPost {
					posts.Add(1)
					if spoiling.Load() {
						row.answer(w)
						return
					}
				}
				behind.ServeHTTP(w, r)
			})
			d := newDesk(t, stage.Head(), 40, address)
			c := d.begin()
			if want := row.want; want == app.Refused {
				d.run(c.ID, want)
			} else {
				d.run(c.ID, "")
			}
			box, err := d.Look(t.Context())
			if err != nil || box.Outbox.Waiting != row.waiting || box.Outbox.LastError != string(row.want) {
				t.Errorf("%v: %+v", err, box.Outbox)
			}
			c = d.stored(c.ID)
			if state(c, procedure.Send) == "done" || (c.Why != "") != (row.want == app.Refused) {
				t.Errorf("why %q, %s", c.Why, asJSON(t, c.Steps))
			}
			if row.want == app.Refused { // not again by itself
				d.sync("")
				if n := posts.Load(); n != 1 {
					t.Errorf("sent %d times", n)
				}
			}
			spoiling.Store(false)
			if c = d.run(c.ID, ""); state(c, procedure.Send) != "done" || len(held(t, c.ID)) != 1 {
				t.Errorf("not sent when the office was well again: %s", asJSON(t, c.Steps))
			}
			d.rebuilds(c.ID)
		})
	}
}

// A case that is refused does not hold up the others, nor the news.
func TestOneRefusedCaseDoesNotStopTheOthers(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "")
	bad, good := d.run(d.begin().ID, ""), d.run(d.beginOther().ID, "")
	d.central = proxy(t, office.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		if r.Method == http.MethodPost && bodyHas(r, bad.ID) {
			problem(w, 422, "no")
			return
		}
		behind.ServeHTTP(w, r)
	})
	d.open()
	if r := d.sync(app.Refused); r.Sent != 1 || r.Waiting != 0 {
		t.Errorf("%+v", r)
	}
	if bad = d.stored(bad.ID); bad.Why != "no" || len(held(t, bad.ID)) != 0 || len(held(t, good.ID)) != 1 {
		t.Errorf("why %q", bad.Why)
	}
}

func TestRetryAfterIsKept(t *testing.T) {
	var asked atomic.Int32
	now := time.Now()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1); asked.Load() == 1 {
			w.Header().Set("Retry-After", "60")
			problem(w, 429, "slowly")
			return
		}
		answerJSON(w, central.Changes{})
	}))
	defer s.Close()
	d := newDesk(t, stage.Head(), 40, s.URL)
	d.now = func() time.Time { return now }
	d.open()
	d.sync(app.ServerAnswer)
	d.sync(app.ServerAnswer)
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times within the minute", n)
	}
	now = now.Add(61 * time.Second)
	d.sync("")
}

func TestSlowOffice(t *testing.T) {
	over := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-over:
		}
	}))
	t.Cleanup(func() { close(over); s.Close() })
	d := newDesk(t, stage.Head(), 40, s.URL)
	d.timeout = 200 * time.Millisecond
	d.open()
	start := time.Now()
	c := d.run(d.begin().ID, "")
	if d.sync(app.Offline); time.Since(start) > 20*time.Second || state(c, procedure.Send) == "done" {
		t.Errorf("%v, %s", time.Since(start), asJSON(t, c.Steps))
	}
}

func TestAddressesThatCannotBe(t *testing.T) {
	for _, address := range []string{"office", "http://office.example", "https://user:word@office.example"} {
		d := newDesk(t, stage.Head(), 40, address)
		d.sync(app.BadInput)
		c := d.begin()
		d.run(c.ID, app.BadInput)
		d.central = office.URL
		d.open()
		if c = d.run(c.ID, ""); state(c, procedure.Send) != "done" || d.fake.Counts().Generates != 1 {
			t.Errorf("%s: %s", address, asJSON(t, c.Steps))
		}
	}
}

// A document of one case is damaged on the disk: said, kept waiting, and the other case goes out.
func TestDamagedDocumentStopsOnlyItsCase(t *testing.T) {
	for name, damage := range map[string]func(b *bbolt.Bucket, key []byte) error{
		"lost":    func(b *bbolt.Bucket, key []byte) error { return b.Delete(key) },
		"changed": func(b *bbolt.Bucket, key []byte) error { return b.Put(key, make([]byte, 100)) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, stage.Head(), 40, "")
			bad, good := d.run(d.begin().ID, ""), d.run(d.beginOther().ID, "")
			form, _ := bad.Document(central.DocApplication)
			d.App.Close()
			db, err := bbolt.Open(filepath.Join(d.dir, "store", "rekey.db"), 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Update(func(tx *bbolt.Tx) error { return damage(tx.Bucket([]byte("documents")), []byte(form.SHA256)) }); err != nil {
				t.Fatal(err)
			}
			db.Close()
			d.central = office.URL
			d.open()
			if r := d.sync(app.StoreDamaged); r.Sent != 1 || r.Waiting != 1 {
				t.Errorf("%+v", r)
			}
			if len(held(t, bad.ID)) != 0 || len(held(t, good.ID)) != 1 {
				t.Error("the wrong case went out")
			}
			if _, err := d.ExportTo(bad.ID, filepath.Join(d.dir, "out")); app.KindOf(err) != app.StoreDamaged {
				t.Errorf("export: %v", err)
			}
		})
	}
}
