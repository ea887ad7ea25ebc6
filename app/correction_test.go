package app_test

import (
	"errors"
	"slices"
	"testing"

	"rekey/app"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/cmd/rekey-demo/stage"
	"rekey/store"
)

// A list for several holders comes back from the office: one cell is mended, and the office gets the whole list again. What was typed is kept
// over a new start, stands in nobody's way as a draft of a new case, and is gone once it is sent.
func TestReturnedListIsCorrected(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, office.URL)
	p := d.procedure("vn-vgca-bhxh")
	draft, err := d.NewDraft(t.Context(), "", p.ID, "recovery")
	if err != nil {
		t.Fatal(err)
	}
	r, _ := p.Reason("recovery")
	for _, f := range p.FieldsFor(r.ID) {
		draft.Details[f.ID] = sample(p, f)
	}
	draft.Details[procedure.KindField] = r.OnlyFor[0]
	for range 2 {
		row := map[string]string{}
		for _, f := range r.Rows.Fields {
			row[f.ID] = sample(p, f)
		}
		draft.Rows = append(draft.Rows, row)
	}
	c, err := d.Start(draft)
	if err != nil {
		t.Fatal(err)
	}
	c = d.run(c.ID, "")
	if _, err := d.Correction(c.ID); app.KindOf(err) != app.BadInput {
		t.Errorf("a correction of what was not returned: %v", err)
	}
	for _, step := range []string{procedure.Print, procedure.SignPaper} {
		if c, err = d.StepDone(c.ID, step); err != nil {
			t.Fatal(err)
		}
	}
	c = d.run(c.ID, "")
	officeSays(t, "return", c.ID, "--why", "Hàng 2")
	d.sync("")

	fix, err := d.Correction(c.ID)
	if err != nil || !fix.Mends || len(fix.Rows) != 2 {
		t.Fatalf("%+v, %v", fix, err)
	}
	fix.Rows = slices.Clone(fix.Rows)
	fix.Row, fix.RowAt = map[string]string{"device_number": "VGCA-0000"}, 1
	if err := d.SaveDraft(fix); err != nil {
		t.Fatal(err)
	}
	d.open()
	if again, err := d.Correction(c.ID); err != nil || again.Row["device_number"] != "VGCA-0000" || again.RowAt != 1 {
		t.Errorf("after a new start: %+v, %v", again, err)
	}
	if _, there := d.OpenDraft(); there {
		t.Error("a correction is a draft of a new case")
	}
	wrong := []map[string]string{c.Rows[0], {"device_number": "1", "certificate_name": "A", "organisation": "B", "email": "no-at"}}
	var cell *app.CellError
	if _, err := d.Correct(c.ID, nil, wrong...); !errors.As(err, &cell) || cell.Row != 2 || cell.Field != "email" || cell.Check.Rule != "email.at" {
		t.Errorf("a wrong cell: %v", err)
	}
	if got := d.CheckCell(fix, wrong[1], "email"); got.Rule != "email.at" {
		t.Errorf("the cell by itself: %+v", got)
	}
	if _, err := d.Correct(c.ID, nil, c.Rows...); app.KindOf(err) != app.BadInput {
		t.Errorf("nothing differs: %v", err)
	}
	second := map[string]string{}
	for k, v := range c.Rows[1] {
		second[k] = v
	}
	second["device_number"] = "VGCA-0000"
	if _, err := d.Correct(c.ID, nil, c.Rows[0], second); err != nil {
		t.Fatal(err)
	}
	d.kept(func(tx *store.Tx) error {
		if _, err := store.Get[app.Draft](tx, store.Drafts, c.ID); store.KindOf(err) != store.NotFound {
			t.Errorf("the draft of the correction is still there: %v", err)
		}
		return nil
	})
	c = d.run(c.ID, "")
	for _, s := range c.Steps {
		if (s.What == procedure.Print || s.What == procedure.SignPaper) && s.State != "done" {
			if c, err = d.StepDone(c.ID, s.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	c = d.run(c.ID, "")
	at := held(t, c.ID)
	if len(at) != 1 || at[0].State != central.StateReceived || len(at[0].Rows) != 2 || at[0].Rows[1]["device_number"] != "VGCA-0000" || at[0].Rows[0]["device_number"] != c.Rows[0]["device_number"] {
		t.Errorf("the office holds %s", asJSON(t, at))
	}
	d.rebuilds(c.ID)
}

// procedure finds one by its ID.
func (d *desk) procedure(id string) *procedure.Procedure {
	d.t.Helper()
	for _, p := range d.Procedures() {
		if p.ID == id {
			return p
		}
	}
	d.t.Fatalf("no procedure %s", id)
	return nil
}
