package cases_test

import (
	"encoding/json"
	"testing"

	"rekey/app/cases"
)

// A case of an earlier version has its notes as texts.
func TestNotesOfAnEarlierVersion(t *testing.T) {
	var c cases.Case
	if err := json.Unmarshal([]byte(`{"id":"1","notes":["receipt accepted",{"what":"receipt-declined","why":"too little"}]}`), &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Notes) != 2 || c.Notes[0] != (cases.Note{Why: "receipt accepted"}) || c.Notes[1] != (cases.Note{What: cases.NoteReceiptDeclined, Why: "too little"}) {
		t.Errorf("%+v", c.Notes)
	}
	data, err := json.Marshal(c.Notes)
	if err != nil || string(data) != `[{"why":"receipt accepted"},{"what":"receipt-declined","why":"too little"}]` {
		t.Errorf("%s, %v", data, err)
	}
}

// What was refused and then sent all the same says nothing more of the refusal.
func TestSentClearsARefusal(t *testing.T) {
	c := cases.Case{ID: "1", Steps: []cases.Step{{ID: "send", What: "send"}}}
	for _, e := range []cases.Event{{Kind: cases.Refused, Why: "not readable"}, {Kind: cases.Sent, Version: 1}} {
		var err error
		if c, _, err = cases.Apply(c, e); err != nil {
			t.Fatal(err)
		}
	}
	if c.Why != "" || !c.AtOffice() {
		t.Errorf("%+v", c)
	}
}
