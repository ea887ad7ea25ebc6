package app_test

import (
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"rekey/app"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/cmd/rekey-demo/stage"
)

// The office is set back to an earlier day: the feed is read from its start, and nothing is taken twice.
func TestOfficeSetBack(t *testing.T) {
	f := newFeed(t)
	d := newDesk(t, stage.Head(), 40, f.URL)
	c := d.run(d.begin().ID, "")
	f.say(c.ID, central.StateApproved, "")
	f.say("0196a3f0-0000-7000-8000-000000000000", central.StateApproved, "") // of another machine
	f.say(c.ID, central.StateApproved, "")
	if r := d.sync(""); r.Pulled != 3 {
		t.Errorf("pulled %d", r.Pulled)
	}
	before := d.stored(c.ID)
	f.changes = f.changes[:1]
	d.sync("")
	if got := d.stored(c.ID); asJSON(t, got) != asJSON(t, before) {
		t.Errorf("old news were taken again: %s", asJSON(t, got))
	}
	if want := []string{"0", "0", "3", "0"}; !slices.Equal(f.asked, want) {
		t.Errorf("asked after %v, want %v", f.asked, want)
	}
	d.issue(f, c.ID)
	d.sync("")
	if c = d.run(c.ID, ""); c.New == "" {
		t.Error("the certificate that came afterwards was not installed")
	}
	d.rebuilds(c.ID)
}

// A document whose bytes are wrong is fetched again the next time; until then nothing of its change is kept.
func TestDocumentThatDoesNotMatchItsHash(t *testing.T) {
	f := newFeed(t)
	d := newDesk(t, stage.Head(), 40, f.URL)
	c := d.run(d.begin().ID, "")
	d.issue(f, c.ID)
	sum := f.changes[0].Documents[0].SHA256
	right := f.documents[sum]
	f.documents[sum] = []byte("rubbish")
	before := d.stored(c.ID)
	d.sync(app.ServerAnswer)
	delete(f.documents, sum)
	d.sync(app.ServerAnswer)
	if got := d.stored(c.ID); asJSON(t, got) != asJSON(t, before) {
		t.Errorf("half a change was kept: %s", asJSON(t, got))
	}
	f.documents[sum] = right
	if r := d.sync(""); r.Pulled != 1 {
		t.Errorf("pulled %d", r.Pulled)
	}
	d.finish(f, c.ID)
}

// The office dies between the sending and the news, and again before the certificate is fetched.
func TestOfficeIsKilled(t *testing.T) {
	o := stage.NewOffice(bin, filepath.Join(t.TempDir(), "office"))
	if err := o.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.Stop() })
	var killed atomic.Bool
	d := newDesk(t, stage.Head(), 40, proxy(t, o.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		if r.Method == http.MethodGet && killed.CompareAndSwap(false, true) {
			o.Kill()
		}
		behind.ServeHTTP(w, r)
	}))
	c := d.run(d.begin().ID, "")
	if !killed.Load() || state(c, procedure.Send) != "done" {
		t.Fatalf("killed %t, %s", killed.Load(), asJSON(t, c.Steps))
	}
	d.sync(app.ServerAnswer) // the proxy says 502
	restart := func() {
		if err := o.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		d.central = o.URL
		d.open()
	}
	restart()
	for _, decision := range []string{"approve", "issue"} {
		if _, err := o.Command(decision, c.ID); err != nil {
			t.Fatal(err)
		}
	}
	o.Kill()
	d.sync(app.Offline)
	restart()
	if all, err := o.Cases(); err != nil || len(all) != 1 {
		t.Errorf("%v: the office holds %d cases", err, len(all))
	}
	if r := d.sync(""); r.Pulled != 2 {
		t.Errorf("%+v", r)
	}
	if c = d.run(c.ID, ""); c.New == "" {
		t.Errorf("%s", asJSON(t, c.Steps))
	}
	d.rebuilds(c.ID)
}

// The office decides at once: the certificate is installed in the same run, with the same login.
func TestOfficeThatDecidesAtOnce(t *testing.T) {
	var id string
	address := proxy(t, office.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		behind.ServeHTTP(w, r)
		if r.Method == http.MethodPost {
			for _, decision := range []string{"approve", "issue"} {
				if _, err := office.Command(decision, id); err != nil {
					t.Error(err)
				}
			}
		}
	})
	d := newDesk(t, stage.Head(), 40, address)
	c := d.begin()
	id = c.ID
	if c = d.run(id, ""); c.New == "" || d.asked != 1 || d.fake.Counts().Logins != 1 {
		t.Errorf("asked %d times, %+v, %s", d.asked, d.fake.Counts(), asJSON(t, c.Steps))
	}
	d.rebuilds(id)
}

// The window runs a case while the watch keeps the office in step: each thing is done once.
func TestRunAndSyncAtTheSameTime(t *testing.T) {
	f := newFeed(t)
	d := newDesk(t, stage.Head(), 40, f.URL)
	c := d.begin()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 5 {
				_, _ = d.Sync(t.Context())
			}
		})
		all.Go(func() {
			if _, err := d.Run(t.Context(), c.ID, app.Ask{PIN: func(context.Context, app.PINQuestion) ([]byte, error) { return []byte(d.person.PIN), nil }}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	d.sync("")
	if n := d.fake.Counts(); n.Generates != 1 || len(f.submitted) != 1 || len(d.stored(c.ID).Documents) != 4 {
		t.Errorf("%+v, %d submissions, %s", n, len(f.submitted), asJSON(t, d.stored(c.ID).Documents))
	}
	d.rebuilds(c.ID)
}
