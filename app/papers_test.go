package app_test

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/cmd/rekey-demo/stage"
)

// samples are values that pass each kind of check. All numbers are test numbers.
var samples = map[string]string{
	"tckn": "10000000146", "iban": "TR330006100519786457841326", "inn": "0012345673", "snils": "11223344595", "ogrn": "1260000000006",
	"ogrnip": "300000000000000", "kpp": "001001001", "cccd": "001079000001", "mst": "0100109106", "ir-national-code": "0018465986",
	"ir-card-serial": "1G23456789", "ir-tracking-code": "ABC123456", "phone": "+90 532 000 00 00", "email": "kisi@kurum.example", "date": "14.03.1979",
}

// sample gives a value for a field, in the letters of the procedure's language.
func sample(p *procedure.Procedure, f procedure.Field) string {
	switch {
	case len(f.Choices) > 0:
		return f.Choices[0].ID
	case f.Check != "":
		return samples[f.Check]
	}
	return map[string]string{"tr": "ÇAĞLAYANÖRNEK Şişli", "ru": "Щукина Ёлка", "vi": "Nguyễn Thị Ứng", "fa": "گلناز پژوهش"}[p.Language] + map[bool]string{true: "Sample"}[p.Language == "en"]
}

// Every reason of every procedure gets as far as Rekey can go with what its own fields ask for, and every form comes to be.
func TestEveryProcedureMakesItsPapers(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "")
	for _, p := range d.Procedures() {
		for _, r := range p.Reasons {
			for _, route := range r.Routes {
				t.Run(strings.Join([]string{p.ID, r.ID, route.ID}, "/"), func(t *testing.T) { papers(t, d, p, r, route) })
			}
		}
	}
}

func papers(t *testing.T, d *desk, p *procedure.Procedure, r procedure.Reason, route procedure.Route) {
	fingerprint := d.fingerprint
	if r.WithoutCertificate && !route.ValidCertificate {
		fingerprint = ""
	}
	draft, err := d.NewDraft(t.Context(), fingerprint, p.ID, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	draft.Route, draft.CardSerial = route.ID, serial
	for _, f := range p.FieldsFor(r.ID) {
		if draft.Details[f.ID] == "" || f.ID == procedure.KindField {
			draft.Details[f.ID] = sample(p, f)
		}
	}
	if len(r.OnlyFor) > 0 {
		draft.Details[procedure.KindField] = r.OnlyFor[0]
	}
	if r.Rows != nil {
		for range max(r.Rows.Min, 2) {
			row := map[string]string{}
			for _, f := range r.Rows.Fields {
				row[f.ID] = sample(p, f)
			}
			draft.Rows = append(draft.Rows, row)
		}
	}
	c, err := d.Start(draft)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = d.Run(t.Context(), c.ID, d.ask()); err != nil {
		t.Fatal(err)
	}
	for _, s := range c.Steps { // what people do before the form can be made
		if s.What == procedure.Attach && slices.ContainsFunc(p.Documents, func(d procedure.Document) bool { return d.ID == "photo" }) {
			if c, err = d.Attach(c.ID, "photo", "photo.png", photo(t)); err != nil {
				t.Fatal(err)
			}
		}
		if s.What != procedure.Receive && c.MayMark(s.ID) == nil {
			if c, err = d.StepDone(c.ID, s.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	if c, err = d.Run(t.Context(), c.ID, d.ask()); err != nil {
		t.Fatal(err)
	}
	if !route.Has(procedure.Form, c.Details[procedure.KindField]) {
		return
	}
	if _, ok := c.Document(central.DocApplication); !ok && route.Form != "" {
		t.Errorf("no application form: %s", asJSON(t, c.Steps))
	}
	files, err := d.ExportTo(c.ID, t.TempDir())
	if err != nil || len(files) < len(route.Forms()) {
		t.Errorf("%v, %v", files, err)
	}
	if _, err := d.Cancel(c.ID); err != nil {
		t.Error(err)
	}
}

// photo is a small picture, as a scanner gives it.
func photo(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 40))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
