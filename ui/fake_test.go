package ui

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/token"
)

// fakeDesk is a Desk in memory with two cards: a Turkish doctor's and a Russian head's. Its rules are
// simple versions of the real ones; the real ones have their own tests.
type fakeDesk struct {
	mu         sync.Mutex
	now        time.Time
	procedures []*procedure.Procedure
	entries    []register.Entry
	readers    []token.Reader
	findings   []app.Finding
	begun      int // drafts
	drafts     map[string]app.Draft
	kept       []cases.Case
	settings   map[string]string
	chosen     string
	pins       []string // PINs that were given, in order
	given      [][]byte // PINs as they were given for a change
	right      string   // the PIN that the cards take
	tries      int
	office     bool // the office issues at once
	silent     bool // the cards do not tell how many tries are left
	late       bool // the case has gone on since the last mark
	dir        string
	changed    func()
	hold       chan struct{}                               // when set, Run waits for it before it ends
	saving     func(caseID string, d cases.Document) error // when set, it is asked before a document is saved
	away       []app.End                                   // of cards that are in no reader
}

var fakeNow = time.Date(2026, 11, 21, 9, 12, 0, 0, time.Local)

func newFake(t testing.TB) *fakeDesk {
	t.Helper()
	all, err := loadProcedures()
	if err != nil {
		t.Fatal(err)
	}
	d := &fakeDesk{now: fakeNow, procedures: all, drafts: map[string]app.Draft{}, settings: map[string]string{}, right: "246810", tries: 3, dir: t.TempDir()}
	d.entries = []register.Entry{doctor(), head(false)}
	for _, e := range d.entries {
		d.readers = append(d.readers, token.Reader{Module: e.Module, Name: e.Reader, Card: &token.Card{
			Serial: e.CardSerial, Label: e.CardLabel, Manufacturer: "SoftHSM project", PIN: token.PINState{Min: 4, Max: 16}}})
	}
	return d
}

func doctor() register.Entry {
	return register.Entry{Certificate: register.Certificate{
		Fingerprint: strings.Repeat("a1b2", 16), HolderName: "Ayşe Gül ÇAĞLAR", NationalID: "10000000146", Country: "TR", IssuerName: "Demo NES Sağlayıcısı v4",
		Subject:  []register.Attribute{{OID: "2.5.4.5", Value: "10000000146"}, {OID: "2.5.4.6", Value: "TR"}},
		NotAfter: fakeNow.AddDate(0, 0, 23), NotBefore: fakeNow.AddDate(-3, 0, 23), Purpose: register.PurposeSigning, KeyAlgorithm: "rsa-2048", Serial: "0a0b",
	}, CardSerial: "5f3a1c9e", CardLabel: "AKIS Dr. Çağlar", Reader: "ACS ACR39U", Module: "/usr/lib/softhsm/libsofthsm2.so", KeyOnCard: register.KeyYes, State: register.StateCurrent}
}

func head(fresh bool) register.Entry {
	e := register.Entry{Certificate: register.Certificate{
		Fingerprint: strings.Repeat("c3d4", 16), HolderName: "Щукина Наталья Юрьевна", Organisation: "ГБУЗ «Поликлиника № 0»", NationalID: "112-233-445 95", Country: "RU", IssuerName: "УЦ Демонстрационный",
		Subject:  []register.Attribute{{OID: "1.2.643.100.3", Value: "11223344595"}, {OID: "2.5.4.6", Value: "RU"}},
		NotAfter: fakeNow.AddDate(0, 0, 40), NotBefore: fakeNow.AddDate(-1, 0, 40), Purpose: register.PurposeSigning, KeyAlgorithm: "ec-p256", Serial: "0c0d",
	}, CardSerial: "77aa20b1", CardLabel: "Рутокен ЭЦП", Reader: "Aktiv Rutoken ECP", Module: "/usr/lib/softhsm/libsofthsm2.so", KeyOnCard: register.KeyYes, State: register.StateCurrent}
	if fresh {
		e.Fingerprint = strings.Repeat("e5f6", 16)
		e.NotBefore, e.NotAfter, e.State = fakeNow, fakeNow.AddDate(1, 3, 0), register.StateNew
	}
	return e
}

func (d *fakeDesk) Look(context.Context) (app.View, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := app.View{At: d.now, Entries: slices.Clone(d.entries), Findings: d.findings, Outbox: app.Outbox{Configured: true}}
	v.Snapshot.Readers = d.readers
	v.Snapshot.Modules = []token.ModuleState{{Path: "/usr/lib/softhsm/libsofthsm2.so", Readers: 2}, {Path: "/usr/lib/libakisp11.so", Kind: token.KindModuleLoad}}
	for i := range v.Entries {
		e := v.Entries[i]
		if e.State != register.StateCurrent {
			continue
		}
		h := app.Holder{Key: register.HolderKey(e.Certificate), Name: e.HolderName, Current: e, DaysLeft: e.DaysLeft(fakeNow)}
		h.Procedure = d.procedure(map[string]string{"TR": "tr-kamusm-nes", "RU": "ru-vipnet-tfoms"}[e.Country])
		h.Due = h.DaysLeft <= h.Procedure.Reminder
		for j := range v.Entries {
			if x := v.Entries[j]; x.State == register.StateNew && x.CardSerial == e.CardSerial {
				h.New = &x
			}
		}
		for _, c := range d.kept {
			if c.HolderKey == h.Key && !c.Closed() {
				h.Case = &c
			}
		}
		v.Holders = append(v.Holders, h)
	}
	return v, nil
}

// Ends are those of the cards that are in the readers, and of those that lie elsewhere.
func (d *fakeDesk) Ends() ([]app.End, error) {
	v, err := d.Look(context.Background())
	all := slices.Clone(d.away)
	for _, h := range v.Holders {
		newest := h.Current
		if h.New != nil {
			newest = *h.New
		}
		all = append(all, app.End{HolderKey: h.Key, Holder: h.Name, Fingerprint: newest.Fingerprint, NotAfter: newest.NotAfter, Open: h.Case != nil})
	}
	return all, err
}

func (d *fakeDesk) procedure(id string) *procedure.Procedure {
	for _, p := range d.procedures {
		if p.ID == id {
			return p
		}
	}
	return d.procedures[0]
}

func (d *fakeDesk) Watch(ctx context.Context, changed func()) {
	d.mu.Lock()
	d.changed = changed
	d.mu.Unlock()
	<-ctx.Done()
}

func (d *fakeDesk) Procedures() []*procedure.Procedure { return d.procedures }

func (d *fakeDesk) NewDraft(_ context.Context, fingerprint, procedureID, reason string) (app.Draft, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.begun++
	p := d.procedure(procedureID)
	r, _ := p.Reason(reason)
	draft := app.Draft{ID: fmt.Sprintf("draft-%d", d.begun), Procedure: p.ID, Reason: reason, Fingerprint: fingerprint, Details: map[string]string{}, UpdatedAt: d.now}
	if len(r.Routes) > 0 {
		draft.Route = r.Routes[0].ID
	}
	if len(p.Keys) > 0 {
		draft.KeyAlgorithm = p.Keys[0]
	}
	for _, f := range p.Fields {
		for _, e := range d.entries {
			for _, a := range e.Subject {
				if e.Fingerprint == fingerprint && a.OID == f.From {
					draft.Details[f.ID], draft.From = a.Value, app.FromCertificate
				}
			}
		}
	}
	d.drafts[draft.ID] = draft
	return draft, nil
}

func (d *fakeDesk) SaveDraft(x app.Draft) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.drafts[x.ID] = x
	return nil
}

func (d *fakeDesk) OpenDraft() (app.Draft, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, x := range d.drafts {
		if !x.Mends {
			return x, true
		}
	}
	return app.Draft{}, false
}

func (d *fakeDesk) DropDraft(id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.drafts, id)
	return nil
}

func (d *fakeDesk) CheckField(x app.Draft, field, value string) app.FieldCheck {
	f, _ := d.procedure(x.Procedure).Field(field)
	return checkFake(f, value)
}

func (d *fakeDesk) CheckCell(x app.Draft, row map[string]string, field string) app.FieldCheck {
	r, _ := d.procedure(x.Procedure).Reason(x.Reason)
	i := slices.IndexFunc(r.Rows.Fields, func(f procedure.Field) bool { return f.ID == field })
	return checkFake(r.Rows.Fields[i], row[field])
}

func (d *fakeDesk) checkRows(x app.Draft, rows []map[string]string) error {
	for i, row := range rows {
		for id := range row {
			if c := d.CheckCell(x, row, id); c.Rule != "" {
				return &app.Error{Op: "check rows", Kind: app.BadInput, Err: &app.CellError{Row: i + 1, Field: id, Check: c}}
			}
		}
	}
	return nil
}

func checkFake(f procedure.Field, value string) app.FieldCheck {
	switch {
	case f.Required && strings.TrimSpace(value) == "":
		return app.FieldCheck{Rule: "required", Text: "must be filled in"}
	case f.Check == "email" && value != "" && !strings.Contains(value, "@"):
		return app.FieldCheck{Rule: "email.at", Text: "needs an @"}
	}
	return app.FieldCheck{Normal: value}
}

func (d *fakeDesk) route(x app.Draft) procedure.Route {
	r, _ := d.procedure(x.Procedure).Reason(x.Reason)
	route, _ := r.Route(x.Route)
	return route
}

func (d *fakeDesk) Plan(x app.Draft) (app.Plan, error) {
	route, kind := d.route(x), x.Details["holder_kind"]
	p := app.Plan{Copies: route.Copies}
	for _, s := range route.Steps {
		if s.For(kind) {
			p.Steps = append(p.Steps, cases.Step{ID: s.ID, Who: s.Who, What: s.What, State: cases.Pending})
		}
	}
	for _, what := range []string{procedure.MakeKey, procedure.ESign, procedure.Install} {
		if route.Has(what, kind) {
			p.PINEntries++
		}
	}
	if fee, ok := d.procedure(x.Procedure).Fee(x.Reason, kind); ok {
		p.Fee, p.Warnings = &fee, []string{"fee-old"}
	}
	return p, nil
}

// Preview is a form of two pages.
func (d *fakeDesk) Preview(x app.Draft) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	for page := range 2 {
		pdf.AddPage()
		pdf.SetFont("Helvetica", "", 14)
		pdf.Text(20, 30, fmt.Sprintf("Application form, page %d of 2", page+1))
		pdf.Rect(20, 40, 170, 60, "D")
		pdf.Text(24, 50, x.Details["national_id"])
	}
	var b bytes.Buffer
	err := pdf.Output(&b)
	return b.Bytes(), err
}

func (d *fakeDesk) Start(x app.Draft) (cases.Case, error) {
	p, _ := d.Plan(x)
	if err := d.checkRows(x, x.Rows); err != nil {
		return cases.Case{}, &app.Error{Op: "start case", Kind: app.BadInput, Err: err}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	c := cases.Case{ID: "case-" + x.ID, Procedure: x.Procedure, Reason: x.Reason, Route: x.Route, Details: maps.Clone(x.Details), Steps: p.Steps, Current: x.Fingerprint, Rows: x.Rows, CardSerial: x.CardSerial, CreatedAt: d.now}
	for _, e := range d.entries {
		if e.Fingerprint == x.Fingerprint {
			c.Holder, c.HolderKey, c.CardSerial = e.HolderName, register.HolderKey(e.Certificate), e.CardSerial
		}
	}
	delete(d.drafts, x.ID)
	d.kept = append(d.kept, c)
	return c, nil
}
