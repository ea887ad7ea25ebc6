package cases_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"rekey/app/calendar"
	"rekey/app/cases"
	"rekey/app/procedure"
)

var noon = time.Date(2026, 4, 29, 12, 0, 0, 0, time.UTC)

// route has one step of every kind that an event can do.
func route() procedure.Route {
	var r procedure.Route
	for _, s := range [][3]string{
		{"details", "head", procedure.Fill}, {"key", "head", procedure.MakeKey}, {"request", "head", procedure.Request}, {"form", "head", procedure.Form},
		{"sign", "head", procedure.ESign}, {"pay", "head", procedure.Pay}, {"send", "head", procedure.Send}, {"stamp", "head", "sign-paper"},
		{"approval", "office", procedure.Approve}, {"issue", "authority", procedure.Issue}, {"install", "head", procedure.Install}, {"choose", "head", procedure.Choose},
	} {
		r.Steps = append(r.Steps, procedure.Step{ID: s[0], Who: s[1], What: s[2]})
	}
	return r
}

// events are one of each, as they come in a life without trouble.
func events() map[string]cases.Event {
	doc := func(kind string) *cases.Document { return &cases.Document{Kind: kind, Name: kind, SHA256: kind} }
	return map[string]cases.Event{
		"opened":    {Kind: cases.Opened, Open: &cases.Case{ID: "c", Details: map[string]string{"phone": "1"}, Steps: cases.Steps(route(), "")}},
		"intended":  {Kind: cases.KeyIntended, KeyID: []byte{1}, Algorithm: "ec-p256"},
		"next-set":  {Kind: cases.KeyIntended, KeyID: []byte{1}, Algorithm: "ec-p384"},
		"other-key": {Kind: cases.KeyIntended, KeyID: []byte{2}, Algorithm: "ec-p384"},
		"made":      {Kind: cases.KeyMade, SPKI: []byte{2}},
		"request":   {Kind: cases.Filed, Document: doc("request"), Step: procedure.Request},
		"form":      {Kind: cases.Filed, Document: doc("application"), Step: procedure.Form},
		"signed":    {Kind: cases.Filed, Document: doc("application-signed"), Step: procedure.ESign},
		"note":      {Kind: cases.Filed, Document: doc("payment")},
		"stamp":     {Kind: cases.StepDone, Step: "stamp"},
		"pay":       {Kind: cases.StepDone, Step: "pay"},
		"unpay":     {Kind: cases.StepUndone, Step: "pay"},
		"queued":    {Kind: cases.Queued},
		"sent":      {Kind: cases.Sent},
		"refused":   {Kind: cases.Refused, Why: "no"},
		"received":  {Kind: cases.Decided, Office: "received"},
		"approved":  {Kind: cases.Decided, Office: "approved"},
		"returned":  {Kind: cases.Decided, Office: "returned", Why: "stamp"},
		"issued":    {Kind: cases.Decided, Office: "issued"},
		"corrected": {Kind: cases.Corrected, Details: map[string]string{"phone": "2"}},
		"overtaken": {Kind: cases.Conflicted, Office: "approved", Version: 4},
		"crossed":   {Kind: cases.Conflicted, Office: "returned", Why: "stamp", Version: 3},
		"installed": {Kind: cases.Installed, Fingerprint: "new"},
		"chosen":    {Kind: cases.Chosen, Fingerprint: "new"},
	}
}

// play applies events by name, one second apart.
func play(t *testing.T, names ...string) (cases.Case, []cases.Effect, error) {
	t.Helper()
	var c cases.Case
	var effects []cases.Effect
	for i, name := range names {
		e, ok := events()[name]
		if !ok {
			t.Fatalf("no event %q", name)
		}
		e.Case, e.Seq, e.At = "c", i+1, noon.Add(time.Duration(i)*time.Second)
		var err error
		if c, effects, err = cases.Apply(c, e); err != nil {
			if i < len(names)-1 {
				t.Fatalf("%s: %v", name, err)
			}
			return c, effects, err
		}
	}
	return c, effects, nil
}

// The last event of each line meets the case that the others have made.
func TestApply(t *testing.T) {
	for _, row := range []struct {
		events  []string
		err     error
		effects string
		states  string // of all steps: . pending, + done, ! failed
	}{
		{[]string{"opened"}, nil, "[]", "+..........."},
		{[]string{"sent"}, cases.ErrNotOpened, "[]", ""},
		{[]string{"opened", "opened"}, cases.ErrOpened, "[]", "+..........."},
		{[]string{"opened", "intended"}, nil, "[]", "+..........."},
		{[]string{"opened", "intended", "intended"}, cases.ErrOrder, "[]", "+..........."},
		{[]string{"opened", "intended", "next-set"}, nil, "[]", "+..........."},
		{[]string{"opened", "intended", "other-key"}, cases.ErrOrder, "[]", "+..........."},
		{[]string{"opened", "intended", "made", "next-set"}, cases.ErrOrder, "[]", "++.........."},
		{[]string{"opened", "made"}, cases.ErrOrder, "[]", "+..........."},
		{[]string{"opened", "intended", "made"}, nil, "[]", "++.........."},
		{[]string{"opened", "intended", "made", "made"}, cases.ErrOrder, "[]", "++.........."},
		{[]string{"opened", "request"}, nil, "[]", "+.+........."},
		{[]string{"opened", "form"}, nil, "[]", "+..+........"},
		{[]string{"opened", "signed"}, nil, "[]", "+...+......."},
		{[]string{"opened", "note"}, nil, "[]", "+..........."},
		{[]string{"opened", "pay"}, nil, "[]", "+....+......"},
		{[]string{"opened", "stamp"}, nil, "[]", "+......+...."},
		{[]string{"opened", "stamp", "stamp"}, cases.ErrOrder, "[]", "+......+...."},
		{[]string{"opened", "queued"}, nil, "[submit]", "+..........."},
		{[]string{"opened", "queued", "sent"}, nil, "[]", "+.....+....."},
		{[]string{"opened", "queued", "refused"}, nil, "[]", "+..........."},
		{[]string{"opened", "queued", "sent", "received"}, nil, "[notify-holder]", "+.....+....."},
		{[]string{"opened", "queued", "sent", "approved"}, nil, "[notify-holder]", "+.....+.+..."},
		{[]string{"opened", "queued", "sent", "issued"}, nil, "[notify-holder]", "+.....+.++.."},
		{[]string{"opened", "queued", "sent", "returned"}, nil, "[notify-holder]", "+.....+.!..."},
		{[]string{"opened", "corrected"}, cases.ErrOrder, "[]", "+..........."},
		{[]string{"opened", "approved", "corrected"}, cases.ErrOrder, "[]", "+.......+..."},
		{[]string{"opened", "intended", "made", "request", "form", "signed", "pay", "queued", "sent", "stamp", "returned", "corrected"}, nil, "[]", "++...+.+...."},
		{[]string{"opened", "returned", "corrected", "approved"}, nil, "[notify-holder]", "+.......+..."},
		{[]string{"opened", "queued", "overtaken"}, nil, "[notify-holder]", "+.....+.+..."},
		{[]string{"opened", "queued", "sent", "returned", "corrected", "queued", "crossed"}, nil, "[submit notify-holder]", "+..........."},
		{[]string{"opened", "queued", "sent", "returned", "corrected", "queued", "crossed", "sent"}, nil, "[]", "+.....+....."},
		{[]string{"opened", "installed"}, cases.ErrOrder, "[]", "+..........."},
		{[]string{"opened", "intended", "made", "installed"}, nil, "[]", "++........+."},
		{[]string{"opened", "intended", "made", "chosen"}, cases.ErrOrder, "[]", "++.........."},
		{[]string{"opened", "intended", "made", "installed", "chosen"}, nil, "[set-current]", "++........++"},
	} {
		c, effects, err := play(t, row.events...)
		if !errors.Is(err, row.err) || fmt.Sprint(effects) != row.effects || marks(c) != row.states {
			t.Errorf("%v: %v, %v, %s; want %v, %s, %s", row.events, err, effects, marks(c), row.err, row.effects, row.states)
		}
	}
}

func marks(c cases.Case) string {
	s := ""
	for _, step := range c.Steps {
		s += map[cases.StepState]string{cases.Pending: ".", cases.Done: "+", cases.Failed: "!"}[step.State]
	}
	return s
}

func TestBrokenEventsAreRefused(t *testing.T) {
	open, _, _ := play(t, "opened")
	intended, _, _ := play(t, "opened", "intended")
	installed, _, _ := play(t, "opened", "intended", "made", "installed")
	for _, row := range []struct {
		to cases.Case
		e  cases.Event
	}{
		{cases.Case{}, cases.Event{Kind: cases.Opened}},
		{cases.Case{}, cases.Event{Kind: cases.Opened, Open: &cases.Case{}}},
		{open, cases.Event{Kind: "dreamt"}},
		{open, cases.Event{}},
		{open, cases.Event{Kind: cases.KeyIntended}},
		{intended, cases.Event{Kind: cases.KeyMade}},
		{open, cases.Event{Kind: cases.Filed, Step: procedure.Form}},
		{open, cases.Event{Kind: cases.StepDone, Step: "no such"}},
		{open, cases.Event{Kind: cases.StepDone}},
		{installed, cases.Event{Kind: cases.Installed, Fingerprint: "another"}},
		{installed, cases.Event{Kind: cases.Chosen, Fingerprint: "another"}},
	} {
		after, effects, err := cases.Apply(row.to, row.e)
		if err == nil || len(effects) > 0 || asJSON(t, after) != asJSON(t, row.to) {
			t.Errorf("%+v: %v, %v", row.e, err, effects)
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// No sequence of events, however mad, panics, changes the case given, or does a step twice that nobody has opened again;
// and the case comes out the same when it is made again from what was kept of the events.
func TestAnySequence(t *testing.T) {
	var names []string
	for name := range events() {
		names = append(names, name)
	}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		var c cases.Case
		var kept []string
		for i := range 60 {
			e := events()[names[r.IntN(len(names))]]
			if i == 0 {
				e = events()["opened"]
			}
			e.Case, e.Seq, e.At = "c", c.Events+1, noon.Add(time.Duration(i)*time.Hour)
			before := asJSON(t, c)
			after, _, err := cases.Apply(c, e)
			if asJSON(t, c) != before {
				t.Fatalf("seed %d: %s changed its input", seed, e.Kind)
			}
			if err != nil {
				if asJSON(t, after) != before {
					t.Fatalf("seed %d: refused %s and changed the case", seed, e.Kind)
				}
				continue
			}
			for j := range c.Steps {
				was, is := c.Steps[j], after.Steps[j]
				if was.State == cases.Done && !is.At.Equal(was.At) && e.Kind != cases.Corrected && e.Kind != cases.StepUndone && e.Office != "returned" {
					t.Fatalf("seed %d: %s did step %s again", seed, e.Kind, is.ID)
				}
				if (is.State == cases.Done) == is.At.IsZero() {
					t.Fatalf("seed %d: step %s is %s at %v", seed, is.ID, is.State, is.At)
				}
			}
			kept = append(kept, asJSON(t, e))
			c = after
		}
		var again cases.Case
		for _, line := range kept {
			var e cases.Event
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
			var err error
			if again, _, err = cases.Apply(again, e); err != nil {
				t.Fatalf("seed %d: from its events: %v", seed, err)
			}
		}
		if asJSON(t, again) != asJSON(t, c) || c.Events != len(kept) {
			t.Fatalf("seed %d: from its events the case is %s, it was %s", seed, asJSON(t, again), asJSON(t, c))
		}
	}
}

func TestDeadlines(t *testing.T) {
	t.Setenv("TZ", "UTC")
	days, err := calendar.Load(os.DirFS("../../assets"), "calendars")
	if err != nil {
		t.Fatal(err)
	}
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	for _, row := range []struct {
		what string
		from time.Time
		d    procedure.Deadline
		want time.Time
	}{
		{"two working days over the May holiday and a week-end", day(2026, 4, 30), procedure.Deadline{Working: 2}, day(2026, 5, 5)},
		{"Victory Day on a Saturday: Monday the 11th is off", day(2026, 5, 8), procedure.Deadline{Working: 1}, day(2026, 5, 12)},
		{"a week", day(2026, 4, 30), procedure.Deadline{Days: 7}, day(2026, 5, 7)},
		{"a month", day(2026, 1, 31), procedure.Deadline{Months: 1}, day(2026, 2, 28)},
		{"over New Year", day(2026, 12, 30), procedure.Deadline{Days: 7}, day(2027, 1, 6)},
	} {
		row.d.From = "send"
		steps := []procedure.Step{{ID: "send"}, {ID: "wait", Deadline: &row.d}, {ID: "free"}}
		c := cases.Case{Steps: []cases.Step{{ID: "send"}, {ID: "wait"}, {ID: "free"}}}
		if got := cases.WithDeadlines(c, steps, days["RU"]); !got.Steps[1].Due.IsZero() {
			t.Errorf("%s: runs before its cause", row.what)
		}
		c.Steps[0].State, c.Steps[0].At = cases.Done, row.from.Add(12*time.Hour)
		got := cases.WithDeadlines(c, steps, days["RU"])
		if due := got.Steps[1].Due; due.Format(time.DateOnly) != row.want.Format(time.DateOnly) {
			t.Errorf("%s: %s, want %s", row.what, due.Format(time.DateOnly), row.want.Format(time.DateOnly))
		}
		if !got.Steps[2].Due.IsZero() || !c.Steps[1].Due.IsZero() {
			t.Errorf("%s: a step without a deadline, or the input, was changed", row.what)
		}
	}
}

func TestStepsOfAHolder(t *testing.T) {
	r := procedure.Route{Steps: []procedure.Step{{ID: "a"}, {ID: "pay", OnlyFor: []string{"family-physician"}}}}
	if n := len(cases.Steps(r, "manager")); n != 1 {
		t.Errorf("manager: %d steps", n)
	}
	if n := len(cases.Steps(r, "family-physician")); n != 2 {
		t.Errorf("family physician: %d steps", n)
	}
}
