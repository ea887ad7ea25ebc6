package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/cmd/rekey-demo/stage"
)

// elsewhere is another machine of the same holder.
func (d *desk) elsewhere() *central.Client {
	d.t.Helper()
	c, err := central.New(central.Options{Address: office.URL, Key: d.Setting("client-key")})
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(c.Close)
	return c
}

// returned sends a case that the office returns, and mends it with the office out of reach.
func (d *desk) returned() cases.Case {
	d.t.Helper()
	c := d.run(d.begin().ID, "")
	officeSays(d.t, "return", c.ID, "--why", "the telephone is missing")
	d.sync("")
	if c = d.stored(c.ID); !c.Returned() || c.Version != 2 {
		d.t.Fatalf("version %d, %s", c.Version, c.Office)
	}
	d.central = "http://127.0.0.1:1"
	d.open()
	if _, err := d.Correct(c.ID, map[string]string{"phone": "+7 495 000-00-77"}); err != nil {
		d.t.Fatal(err)
	}
	return d.run(c.ID, "")
}

// handsIn corrects the case on the other machine.
func (d *desk) handsIn(c cases.Case, phone string) central.Case {
	d.t.Helper()
	other := d.elsewhere()
	theirs, err := other.Case(d.t.Context(), c.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	s := theirs.Submission
	s.Details["phone"] = phone
	after, err := other.Submit(d.t.Context(), s, c.ID+"-elsewhere", theirs.Version)
	if err != nil {
		d.t.Fatal(err)
	}
	return after
}

func (d *desk) backToTheOffice() {
	d.t.Helper()
	d.central = office.URL
	d.open()
}

// conflict gives the one event of a conflict.
func (d *desk) conflict(id string) cases.Event {
	d.t.Helper()
	all, err := d.Events(id)
	if err != nil {
		d.t.Fatal(err)
	}
	var found []cases.Event
	for _, e := range all {
		if e.Kind == cases.Conflicted {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		d.t.Fatalf("%d conflicts", len(found))
	}
	return found[0]
}

// While our correction waited, another machine has corrected the case and the office has approved that: the office's word holds, ours is
// kept, and nothing is sent over it.
func TestOfficeDecidesBetween(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, office.URL)
	c := d.returned()
	d.handsIn(c, "+7 495 000-00-88")
	officeSays(t, "approve", c.ID)
	d.backToTheOffice()
	d.sync("")
	c = d.stored(c.ID)
	if c.Office != central.StateApproved || c.Version != 4 || c.Has(procedure.Send) || c.Has(procedure.Approve) || len(c.Conflicts) != 1 || c.Conflicts[0].Again {
		t.Errorf("%s", asJSON(t, c))
	}
	if c.Details["phone"] != "+74950000077" {
		t.Errorf("ours is lost: %v", c.Details["phone"])
	}
	e := d.conflict(c.ID)
	theirs, ours := decode[central.Case](t, e.Theirs), decode[central.Submission](t, e.Ours)
	if theirs.Details["phone"] != "+7 495 000-00-88" || theirs.State != central.StateApproved || ours.Details["phone"] != c.Details["phone"] {
		t.Errorf("kept: %s and %s", e.Theirs, e.Ours)
	}
	if at := held(t, c.ID); len(at) != 1 || at[0].Version != 4 || at[0].Details["phone"] != "+7 495 000-00-88" {
		t.Errorf("the office holds %s", asJSON(t, at))
	}
	officeSays(t, "issue", c.ID)
	d.sync("")
	if c = d.run(c.ID, ""); c.New == "" {
		t.Errorf("%s", asJSON(t, c.Steps))
	}
	d.rebuilds(c.ID)
}

// While our correction waited, another machine has corrected the case; the office has not looked at it yet: ours goes again, on top of
// that version.
func TestCorrectionGoesAgainOnTopOfTheOfficesVersion(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, office.URL)
	c := d.returned()
	d.handsIn(c, "+7 495 000-00-88")
	d.backToTheOffice()
	d.sync("")
	c = d.stored(c.ID)
	if len(c.Conflicts) != 1 || !c.Conflicts[0].Again || c.Version != 4 || c.Has(procedure.Send) {
		t.Errorf("%s", asJSON(t, c))
	}
	if at := held(t, c.ID); len(at) != 1 || at[0].Version != 4 || at[0].State != central.StateReceived || at[0].Details["phone"] != "+74950000077" {
		t.Errorf("the office holds %s", asJSON(t, at))
	}
	d.conflict(c.ID)
	d.rebuilds(c.ID)
}

// The answer to a correction is lost, and the office forgets that it has seen the key: it holds exactly what we send, so it is no conflict.
func TestOwnCorrectionIsNoConflict(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, office.URL)
	c := d.returned()
	n := 0
	d.central = proxy(t, office.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		if r.Method != http.MethodPost {
			behind.ServeHTTP(w, r)
			return
		}
		n++
		r.Header.Set("Idempotency-Key", fmt.Sprintf("%s-%d", c.ID, n))
		if n > 1 {
			behind.ServeHTTP(w, r)
			return
		}
		behind.ServeHTTP(httptest.NewRecorder(), r)
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.Close()
		}
	})
	d.open()
	_, _ = d.Sync(t.Context())
	d.sync("")
	if c = d.stored(c.ID); len(c.Conflicts) != 0 || c.Version != 3 || c.Has(procedure.Send) || n != 2 {
		t.Errorf("version %d, %d tries, %s", c.Version, n, asJSON(t, c.Conflicts))
	}
	d.rebuilds(c.ID)
}

func decode[T any](t *testing.T, data []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
