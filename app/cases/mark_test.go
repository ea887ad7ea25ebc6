package cases_test

import (
	"errors"
	"testing"
	"time"

	"rekey/app/cases"
	"rekey/app/procedure"
)

// marking are the steps of three walks as life has them: who, what.
var marking = map[string][][2]string{
	"e-signed": {{"holder", procedure.Fill}, {"holder", procedure.Form}, {"holder", procedure.ESign}, {"holder", procedure.Pay}, {"holder", procedure.Send},
		{"office", procedure.Approve}, {"courier", procedure.Receive}},
	"paper": {{"holder", procedure.Fill}, {"holder", procedure.Form}, {"holder", procedure.Pay}, {"holder", procedure.Send}, {"holder", procedure.Print},
		{"holder", procedure.SignPaper}, {"holder", procedure.Deliver}, {"office", procedure.Approve}, {"courier", procedure.Receive}},
	"lost": {{"holder", procedure.Fill}, {"holder", procedure.Call}, {"holder", procedure.Form}, {"holder", procedure.Send}, {"office", procedure.Approve},
		{"authority", procedure.Await}, {"holder", procedure.Print}, {"holder", procedure.SignPaper}, {"holder", procedure.Pay}, {"holder", procedure.Deliver}},
	"photo": {{"clerk", procedure.Fill}, {"clerk", procedure.Attach}, {"clerk", procedure.Form}, {"clerk", procedure.Send}, {"clerk", procedure.Print}},
}

// A person marks a step only when it is its turn. What runs beside each other in life is possible beside each other.
func TestMayMark(t *testing.T) {
	for _, row := range []struct{ walk, done, may string }{ // done and may: a sign for each step, + yes
		{"e-signed", "+......", "......."},
		{"e-signed", "++.....", "...+..."}, // paying needs the form alone
		{"e-signed", "+++.+..", "...+..."}, // the office decides meanwhile
		{"e-signed", "+++.++.", "...+..."}, // approved, not paid: the new card is not received yet
		{"e-signed", "++++++.", "......+"},
		{"e-signed", "+++++..", "......."}, // paid and sent, not approved
		{"e-signed", "+++++!.", "......."}, // returned
		{"e-signed", "+++++++", "......."},
		{"paper", "++.......", "..+.+...."}, // printed although it is neither paid nor sent
		{"paper", "++.++....", "..+..+..."},
		{"paper", "++.+++...", "..+......"}, // not handed in before it is paid
		{"paper", "+++.++...", "......+.."}, // sending goes by itself, the paper on its own way
		{"paper", "+++++++..", "........."},
		{"lost", "+.........", ".+........"},
		{"lost", "++++......", ".........."}, // nothing after the office before the office
		{"lost", "+++++.....", ".....+...."},
		{"lost", "++++++....", "......+.+."},
		{"lost", "+.++++....", ".+......+."},
		{"lost", "+++++++++.", ".........+"},
		{"photo", "+....", "....."}, // the photo goes into the form: attached, not marked
		{"photo", "+++..", "....+"},
	} {
		c := cases.Case{ID: "c"}
		for i, s := range marking[row.walk] {
			state := map[byte]cases.StepState{'+': cases.Done, '.': cases.Pending, '!': cases.Failed}[row.done[i]]
			c.Steps = append(c.Steps, cases.Step{ID: "the-" + s[1], Who: s[0], What: s[1], State: state})
		}
		got := ""
		for _, s := range c.Steps {
			got += map[bool]string{true: "+", false: "."}[c.MayMark(s.ID) == nil]
		}
		if got != row.may {
			t.Errorf("%s %s: may mark %s, want %s", row.walk, row.done, got, row.may)
		}
		if c.MayMark("no such") == nil || c.MayMark("") == nil {
			t.Error("a step that is not there may be marked")
		}
		c.Cancelled = true
		for _, s := range c.Steps {
			if c.MayMark(s.ID) == nil {
				t.Errorf("%s of a case that was given up may be marked", s.ID)
			}
		}
	}
}

// A mark is taken back by an event of its own; what nobody marked by hand is not opened again.
func TestStepUndone(t *testing.T) {
	c, _, err := play(t, "opened", "form", "pay", "unpay")
	if err != nil || marks(c) != "+..+........" || c.Steps[5].At != (time.Time{}) || c.Events != 4 {
		t.Errorf("%v, %s, %+v", err, marks(c), c.Steps[5])
	}
	if c, _, err = play(t, "opened", "form", "pay", "unpay", "pay"); err != nil || marks(c) != "+..+.+......" {
		t.Errorf("marked again: %v, %s", err, marks(c))
	}
	for _, step := range []string{"pay", "form", "details", "approval", "no such", ""} {
		open, _, _ := play(t, "opened", "form", "queued", "sent", "approved")
		after, _, err := cases.Apply(open, cases.Event{Kind: cases.StepUndone, Step: step})
		if !errors.Is(err, cases.ErrOrder) || asJSON(t, after) != asJSON(t, open) {
			t.Errorf("%q: %v", step, err)
		}
	}
}

// What Rekey can do now ends where somebody else has to act.
func TestAhead(t *testing.T) {
	for _, row := range []struct {
		walk, done string
		want       string
	}{
		{"e-signed", "+......", "form e-sign send "}, {"e-signed", "+++....", "send "}, {"e-signed", "+++.+..", ""},
		{"lost", "+.........", "form send "}, {"photo", "+....", ""}, {"photo", "++...", "form send "},
	} {
		c := cases.Case{ID: "c"}
		for i, s := range marking[row.walk] {
			c.Steps = append(c.Steps, cases.Step{ID: s[1], Who: s[0], What: s[1], State: map[byte]cases.StepState{'+': cases.Done, '.': cases.Pending}[row.done[i]]})
		}
		got := ""
		for _, what := range c.Ahead(false) {
			got += what + " "
		}
		if got != row.want {
			t.Errorf("%s %s: %q, want %q", row.walk, row.done, got, row.want)
		}
	}
	installs := cases.Case{Steps: []cases.Step{{ID: "i", What: procedure.Install}, {ID: "s", What: procedure.Send}}}
	if installs.Ahead(false) != nil || len(installs.Ahead(true)) != 2 {
		t.Errorf("installing: %v, %v", installs.Ahead(false), installs.Ahead(true))
	}
}
