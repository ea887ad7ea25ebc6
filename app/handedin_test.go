package app_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/cmd/rekey-demo/stage"
)

// Whatever is done here, the office learns nothing of a holder before it is handed a case of that holder; then it learns all at once.
func TestNothingOfAHolderGoesBeforeTheCase(t *testing.T) {
	f := newFeed(t)
	d := newDesk(t, stage.Head(), 40, f.URL)
	c := d.begin()
	if err := d.Choose(t.Context(), d.fingerprint, d.ask()); err != nil {
		t.Fatal(err)
	}
	if r := d.sync(""); r.Waiting != 0 || len(f.put) != 0 {
		t.Fatalf("before the case: %+v, %v", d.outbox(), f.put)
	}
	d.run(c.ID, "")
	d.sync("")
	var kinds []string
	for _, p := range f.put {
		kind, _, _ := strings.Cut(p, "/")
		kinds = append(kinds, kind)
	}
	if slices.Sort(kinds); !slices.Equal(kinds, []string{"cards", "certificates", "holders"}) || len(f.submitted) != 1 || d.outbox().Waiting != 0 {
		t.Errorf("with the case: %v, %+v", f.put, d.outbox())
	}
	d.rebuilds(c.ID)
}

// A case of a revocation that is given up before the office has it revokes nothing.
func TestCancelledRevocationIsNotAskedFor(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "http://127.0.0.1:1")
	c := d.beginRevocation()
	if d.run(c.ID, ""); d.outbox().Waiting == 0 {
		t.Fatal("nothing waits")
	}
	if _, err := d.Cancel(c.ID); err != nil {
		t.Fatal(err)
	}
	if box := d.outbox(); box.Waiting != 0 {
		t.Errorf("still waits: %+v", box.Items)
	}
	d.backToTheOffice()
	d.sync("")
	if wishes, err := d.elsewhere().Revocations(t.Context(), ""); err != nil || len(wishes.Items) != 0 {
		t.Errorf("%v: %+v", err, wishes)
	}
}

// deaf stands before the real office, which hears everything; of what is posted to a path with this end the answer is lost while it is on.
func deaf(t *testing.T, end string, on *atomic.Bool) string {
	return proxy(t, office.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, end) && on.Load() {
			behind.ServeHTTP(httptest.NewRecorder(), r)
			problem(w, 500, "broken")
			return
		}
		behind.ServeHTTP(w, r)
	})
}

// The office has got a case, its answer was lost, and the case was given up: the office's word brings it back, and the feed goes on.
func TestGivenUpButTheOfficeHasIt(t *testing.T) {
	var lost atomic.Bool
	lost.Store(true)
	d := newDesk(t, stage.Head(), 40, deaf(t, "/cases", &lost))
	c := d.run(d.begin().ID, "")
	if _, err := d.Cancel(c.ID); err != nil {
		t.Fatal(err)
	}
	lost.Store(false)
	officeSays(t, "approve", c.ID)
	if r := d.sync(""); r.Pulled != 1 {
		t.Errorf("%+v", r)
	}
	c = d.stored(c.ID)
	if c.Cancelled || c.Office != central.StateApproved || state(c, procedure.Send) != "done" || len(c.Notes) != 1 || c.Notes[0].What != cases.NoteReopened {
		t.Errorf("%s", asJSON(t, c))
	}
	officeSays(t, "issue", c.ID)
	d.sync("")
	if c = d.run(c.ID, ""); c.New == "" {
		t.Errorf("%s", asJSON(t, c.Steps))
	}
	d.rebuilds(c.ID)
}

// The office has returned a case whose answer was lost here. What still waits of it is not taken for the correction.
func TestLostAnswerDoesNotSwallowTheCorrection(t *testing.T) {
	var lost atomic.Bool
	lost.Store(true)
	d := newDesk(t, stage.Head(), 40, deaf(t, "/cases", &lost))
	c := d.run(d.begin().ID, "")
	officeSays(t, "return", c.ID, "--why", "the telephone is missing")
	d.sync(app.ServerAnswer)
	if c = d.stored(c.ID); !c.Returned() || d.outbox().Waiting != 1 {
		t.Fatalf("%s, %+v", c.Office, d.outbox())
	}
	if _, err := d.Correct(c.ID, map[string]string{"phone": "+7 495 000-00-77"}); err != nil {
		t.Fatal(err)
	}
	lost.Store(false)
	d.sync("")
	if c = d.stored(c.ID); state(c, procedure.Send) == "done" {
		t.Error("the correction counts as sent")
	}
	d.run(c.ID, "")
	if at := held(t, c.ID); len(at) != 1 || at[0].Details["phone"] != "+74950000077" || len(d.stored(c.ID).Conflicts) != 0 {
		t.Errorf("the office holds %s", asJSON(t, at))
	}
	d.rebuilds(c.ID)
}

// A corrected case that the office has seen before cannot be given up.
func TestCorrectedCaseCannotBeCancelled(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, office.URL)
	c := d.returned()
	_, err := d.Cancel(c.ID)
	wantKind(t, err, app.BadInput)
}

// A scan that goes out just before a correction makes a new version at the office: that is nobody's conflict.
func TestOwnAdditionIsNoConflict(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, office.URL)
	c := d.run(d.begin().ID, "")
	var refuses atomic.Bool
	refuses.Store(true)
	d.central = proxy(t, office.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		if refuses.Load() && r.Method == http.MethodPost {
			problem(w, 500, "broken")
			return
		}
		behind.ServeHTTP(w, r)
	})
	d.open()
	if _, err := d.Attach(c.ID, central.DocScan, "form.pdf", []byte("%PDF-1.4\nscan\n%%EOF\n")); err != nil {
		t.Fatal(err)
	}
	officeSays(t, "return", c.ID, "--why", "the telephone is missing")
	d.sync(app.ServerAnswer)
	if _, err := d.Correct(c.ID, map[string]string{"phone": "+7 495 000-00-77"}); err != nil {
		t.Fatal(err)
	}
	d.run(c.ID, "")
	if box := d.outbox(); box.Waiting != 2 || box.Items[0].Kind != "addition" || box.Items[1].Kind != "case" {
		t.Fatalf("%+v", box.Items)
	}
	refuses.Store(false)
	d.sync("")
	if c = d.stored(c.ID); len(c.Conflicts) != 0 || c.Version != 4 || c.Has(procedure.Send) {
		t.Errorf("version %d, %s", c.Version, asJSON(t, c.Conflicts))
	}
	d.rebuilds(c.ID)
}

// The feed tells the version of a returned case: nobody asks for the case again.
func TestReturnedVersionComesWithTheFeed(t *testing.T) {
	var asked atomic.Int32
	d := newDesk(t, stage.Head(), 40, proxy(t, office.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/v1/cases/") {
			asked.Add(1)
		}
		behind.ServeHTTP(w, r)
	}))
	c := d.run(d.begin().ID, "")
	officeSays(t, "return", c.ID, "--why", "the telephone is missing")
	d.sync("")
	if c = d.stored(c.ID); !c.Returned() || c.Version != 2 || asked.Load() != 0 {
		t.Errorf("%s, version %d, asked %d times", c.Office, c.Version, asked.Load())
	}
}
