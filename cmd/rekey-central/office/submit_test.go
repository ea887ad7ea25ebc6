package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/data/datatest"
	"rekey/cmd/rekey-central/officetest"
)

func TestSeenVersion(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		o := open(t, database)
		s := submission(t)
		stale := func(err error, version int64) {
			t.Helper()
			var e *VersionError
			if KindOf(err) != KindStale || !errors.As(err, &e) || e.Version != version {
				t.Errorf("got %v, want version %d", err, version)
			}
		}
		_, err := o.Submit(t.Context(), client, "k0", 1, s)
		stale(err, 0)
		first := submit(t, o, client, s)
		corrected := s
		corrected.Holder = "Ayşe Deneme"
		_, err = o.Submit(t.Context(), client, "k1", 7, corrected)
		stale(err, 1)
		second, err := o.Submit(t.Context(), client, "k1", 1, corrected)
		if err != nil || second.Created || second.Case.Version != 2 || second.Case.Holder != "Ayşe Deneme" {
			t.Errorf("%v %+v", err, second)
		}
		if again, err := o.Submit(t.Context(), client, "k1", 1, corrected); err != nil || again.Case.Version != 2 {
			t.Errorf("the answer given before: %v %+v", err, again)
		}
		if again := submit(t, o, client, s); !again.Created || again.Case.Version != first.Case.Version {
			t.Errorf("the first answer: %+v", again)
		}
		if _, err := o.Submit(t.Context(), client, "k1", AnyVersion, s); KindOf(err) != KindKeyReused {
			t.Errorf("got %v", err)
		}
		if _, err := o.Submit(t.Context(), other, "k1", 9, s); KindOf(err) != KindConflict {
			t.Errorf("another owner: %v", err)
		}
		_, err = o.Approve(t.Context(), officer, s.ID, 1)
		stale(err, 2)
		if _, err := o.Approve(t.Context(), client, s.ID, AnyVersion); KindOf(err) != KindNotFound {
			t.Errorf("approved by its owner: %v", err)
		}
		if _, err := o.Approve(t.Context(), officer, s.ID, 2); err != nil {
			t.Error(err)
		}
	})
}

func TestMissingDocuments(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		o := open(t, database)
		mine, theirs := sent(t, o, client, central.DocScan, "mine"), sent(t, o, other, central.DocScan, "theirs")
		none := central.Document{Kind: central.DocScan, Name: "none", SHA256: officetest.Sum([]byte("none")), Size: 4}
		s := submission(t, mine, theirs, none)
		_, err := o.Submit(t.Context(), client, "k", AnyVersion, s)
		var missing *MissingError
		if !errors.As(err, &missing) || fmt.Sprint(missing.SHA256) != fmt.Sprint([]string{theirs.SHA256, none.SHA256}) {
			t.Errorf("got %v", err)
		}
		if _, err := o.Case(t.Context(), officer, s.ID); KindOf(err) != KindNotFound {
			t.Errorf("a refused submission left a case: %v", err)
		}
		sent(t, o, client, central.DocScan, "theirs")
		s.Documents = s.Documents[:2]
		if _, err := o.Submit(t.Context(), client, "k", AnyVersion, s); err != nil { // the same key
			t.Error(err)
		}
		s = submission(t, mine)
		s.Documents[0].Size++
		if _, err := o.Submit(t.Context(), client, "k2", AnyVersion, s); KindOf(err) != KindInvalid {
			t.Errorf("got %v", err)
		}
	})
}

func TestAddDocuments(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		o := open(t, database)
		clerk := Caller{Account: "a1", Owner: "org/mill", Role: central.RoleClerk, Organisation: "mill"}
		handler := Caller{Account: "a2", Owner: "org/mill", Role: central.RoleDocumentHandler, Organisation: "mill"}
		request := sent(t, o, clerk, central.DocRequest, "request")
		id := submit(t, o, clerk, submission(t, request)).Case.ID
		scan := sent(t, o, handler, central.DocScan, "scan")
		for range 2 {
			r, err := o.AddDocuments(t.Context(), handler, "k", id, []central.Document{scan, request})
			if err != nil || r.Created || r.Case.Version != 2 || len(r.Case.Documents) != 2 || r.Case.Documents[1] != scan || r.Case.State != central.StateReceived {
				t.Errorf("%v %+v", err, r)
			}
		}
		for name, c := range map[string]struct {
			who  Caller
			key  string
			docs []central.Document
			want Kind
		}{
			"another owner": {other, "k", []central.Document{scan}, KindNotFound},
			"officer":       {officer, "k", []central.Document{scan}, KindInvalid},
			"used key":      {handler, "k", []central.Document{scan}, KindKeyReused},
			"none":          {handler, "k2", nil, KindInvalid},
			"not sent":      {handler, "k2", []central.Document{{Kind: central.DocScan, Name: "x", SHA256: officetest.Sum([]byte("x")), Size: 1}}, KindMissing},
		} {
			if _, err := o.AddDocuments(t.Context(), c.who, c.key, id, c.docs); KindOf(err) != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := o.Approve(t.Context(), officer, id, 2); err != nil {
			t.Fatal(err)
		}
		late := sent(t, o, clerk, central.DocReceipt, "receipt")
		if r, err := o.AddDocuments(t.Context(), clerk, "k3", id, []central.Document{late}); err != nil || r.Case.State != central.StateApproved || r.Case.Version != 4 {
			t.Errorf("%v %+v", err, r)
		}
		if _, err := o.Issue(t.Context(), officer, id, 4, certify); err != nil {
			t.Fatal(err)
		}
		newer := sent(t, o, clerk, central.DocRequest, "another request")
		if _, err := o.AddDocuments(t.Context(), clerk, "k4", id, []central.Document{newer}); KindOf(err) != KindConflict {
			t.Errorf("got %v", err)
		}
	})
}

// certify is an issuer that only appends a sign to the request.
func certify(_ central.Case, request []byte) ([]byte, error) {
	return append(append([]byte{}, request...), '!'), nil
}

// Everybody sees its own, also when one owner's name begins with another's.
func TestOwnLists(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		o := open(t, database)
		mill := Caller{Owner: "org/mill", Role: central.RoleClerk}
		mills := Caller{Owner: "org/mill/b", Role: central.RoleClerk}
		nobody := Caller{Role: central.RoleHolder}
		want := map[Caller]int{client: 3, other: 2, mill: 4, mills: 1, nobody: 0, officer: 10}
		for who, n := range want {
			if who.Officer() {
				continue
			}
			for range n {
				id := submit(t, o, who, submission(t)).Case.ID
				if _, err := o.Approve(t.Context(), officer, id, AnyVersion); err != nil {
					t.Fatal(err)
				}
			}
		}
		for who, n := range want {
			for _, limit := range []int{1, 3, 100} {
				seen, pages := 0, 0
				for after, more := "", true; more; pages++ {
					list, err := o.Cases(t.Context(), who, after, central.StateApproved, limit)
					if err != nil {
						t.Fatal(err)
					}
					seen += len(list.Cases)
					after, more = list.Next, list.Next != ""
				}
				if seen != n || pages > max(1, (n+limit-1)/limit) {
					t.Errorf("%q sees %d on %d pages of %d, want %d", who.Owner, seen, pages, limit, n)
				}
			}
			if list, err := o.Cases(t.Context(), who, "", central.StateIssued, 5); err != nil || len(list.Cases) != 0 {
				t.Errorf("%v %v", list, err)
			}
			if page, err := o.Changes(t.Context(), who, 0); err != nil || !who.Officer() && len(page.Changes) != n {
				t.Errorf("%q: %d changes, %v", who.Owner, len(page.Changes), err)
			}
		}
		if _, err := o.Submit(t.Context(), nobody, "k", AnyVersion, submission(t)); KindOf(err) != KindInvalid {
			t.Errorf("handed in by nobody: %v", err)
		}
		if _, err := o.Changes(t.Context(), client, 11); KindOf(err) != KindCursor {
			t.Errorf("got %v", err)
		}
	})
}

// Answers go after 30 days and not before; the cases stay.
func TestOldAnswersGo(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		o := open(t, database)
		start := time.Now()
		at := start
		o.clock = func() time.Time { return at }
		old := submission(t)
		submit(t, o, client, old)
		answers := func() (n int) {
			err := o.db.View(t.Context(), func(tx data.Tx) error {
				n = 0
				return tx.Scan(data.Answers, nil, nil, func([]byte, []byte) (bool, error) { n++; return false, nil })
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		at = start.Add(keepAnswers - time.Minute)
		for range sweepEvery {
			submit(t, o, client, submission(t))
		}
		if n := answers(); n != sweepEvery+1 {
			t.Errorf("%d answers a minute before", n)
		}
		at = start.Add(keepAnswers + time.Minute)
		for range sweepEvery {
			submit(t, o, client, submission(t))
		}
		if n := answers(); n != 2*sweepEvery {
			t.Errorf("%d answers a minute after", n)
		}
		again, err := o.Submit(t.Context(), client, "k-"+old.ID, AnyVersion, old) // the case itself still says that it is a repetition
		if err != nil || again.Created || again.Case.Version != 1 {
			t.Errorf("%v %+v", err, again)
		}
		// In small steps all the way round.
		at = start.Add(3 * keepAnswers)
		var from []byte
		for range 2*sweepEvery/10 + 2 {
			if from, err = o.dropAnswers(context.Background(), from, 10); err != nil {
				t.Fatal(err)
			}
		}
		if n := answers(); n != 0 || from != nil {
			t.Errorf("%d answers are left", n)
		}
	})
}

// What was written before this schema has no time of its own: the case's counts.
func TestOldAnswersOfSchema1(t *testing.T) {
	o := open(t, "")
	add := func(key string, at time.Time) {
		value, err := json.Marshal(map[string]any{"content": [32]byte{}, "receipt": Receipt{Case: central.Case{UpdatedAt: at}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := o.db.Update(t.Context(), func(tx data.Tx) error { return tx.Put(data.Answers, []byte(key), value) }); err != nil {
			t.Fatal(err)
		}
	}
	add("a/old", time.Now().Add(-keepAnswers-time.Hour))
	add("a/young", time.Now().Add(-keepAnswers+time.Hour))
	if _, err := o.dropAnswers(t.Context(), nil, 10); err != nil {
		t.Fatal(err)
	}
	err := o.db.View(t.Context(), func(tx data.Tx) error {
		old, err := tx.Get(data.Answers, []byte("a/old"))
		young, err2 := tx.Get(data.Answers, []byte("a/young"))
		if old != nil || young == nil {
			t.Errorf("old %q, young %q", old, young)
		}
		return errors.Join(err, err2)
	})
	if err != nil {
		t.Error(err)
	}
}
