package app_test

import (
	"strings"
	"testing"
	"time"

	"rekey/app"
	"rekey/app/procedure"
	"rekey/cmd/rekey-demo/stage"
)

func TestDraftIsFilledInFromTheCertificate(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "")
	draft, err := d.NewDraft(t.Context(), strings.ToUpper(d.fingerprint[:12]), "", "renewal")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"surname": "Щукина", "given_name": "Ёлка Юрьевна", "snils": "11223344595", "basis": "Устав", "city": "Образцовск", "phone": ""}
	for field, value := range want {
		if draft.Details[field] != value {
			t.Errorf("%s is %q, want %q", field, draft.Details[field], value)
		}
	}
	if draft.Fingerprint != d.fingerprint || draft.Procedure != "ru-vipnet-tfoms" || draft.Route != "transport" || draft.KeyAlgorithm != "ec-p256" {
		t.Errorf("draft: %s", asJSON(t, draft))
	}
	// The same question finds the same draft, also after a new start of the program.
	draft.Page = 3
	if err := d.SaveDraft(draft); err != nil {
		t.Fatal(err)
	}
	d.open()
	again, err := d.NewDraft(t.Context(), d.fingerprint, "", "renewal")
	if last, ok := d.OpenDraft(); err != nil || again.ID != draft.ID || again.Page != 3 || !ok || last.ID != draft.ID {
		t.Errorf("%v: another draft: %s", err, asJSON(t, again))
	}
	if err := d.DropDraft(draft.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok := d.OpenDraft(); ok {
		t.Error("the dropped draft is still there")
	}
}

// What was typed last time need not be typed again; what the certificate says cannot be changed by it.
func TestDraftRemembersTheLastCase(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "")
	first := d.draft()
	first.Details["position"], first.Details["basis"] = "И. о. главного врача", "  Приказ  №\t7 "
	c, err := d.Start(first)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Details["basis"]; got != "Приказ № 7" {
		t.Errorf("blanks that nobody meant were kept: %q", got)
	}
	next := d.draft()
	if next.ID == first.ID || next.Details["position"] != "И. о. главного врача" || next.Details["phone"] == "" || next.Details["surname"] != "Щукина" {
		t.Errorf("draft: %s", asJSON(t, next))
	}
}

func TestDraftsThatCannotBe(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "")
	for name, row := range map[string]struct {
		fingerprint, procedure, reason string
		want                           app.Kind
	}{
		"no such certificate": {strings.Repeat("0", 64), "", "renewal", app.NoCard},
		"too short":           {d.fingerprint[:7], "", "renewal", app.NoCard},
		"no fingerprint":      {"", "", "renewal", app.NoCard},
		"no such procedure":   {d.fingerprint, "xx", "renewal", app.NotFound},
		"no such reason":      {d.fingerprint, "", "boredom", app.BadInput},
	} {
		_, err := d.NewDraft(t.Context(), row.fingerprint, row.procedure, row.reason)
		if app.KindOf(err) != row.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, ok := d.OpenDraft(); ok {
		t.Error("a draft was left")
	}
}

// Each line changes one thing in a good draft.
func TestStartChecksEverythingOnceMore(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*app.Draft)
		says   string // "": it starts
	}{
		"as it is":                      {func(*app.Draft) {}, ""},
		"СНИЛС as people write it":      {func(f *app.Draft) { f.Details["snils"] = "112-233-445 95" }, ""},
		"blanks":                        {func(f *app.Draft) { f.Details["surname"] = " Щукина " }, ""},
		"another surname":               {func(f *app.Draft) { f.Details["surname"] = "Шукина" }, "surname: differs from the certificate (Щукина)"},
		"another СНИЛС":                 {func(f *app.Draft) { f.Details["snils"] = "112-233-445 96" }, "snils: differs"},
		"no phone":                      {func(f *app.Draft) { f.Details["phone"] = " " }, "phone: must be filled in"},
		"no mail address":               {func(f *app.Draft) { f.Details["email"] = "priemnaya" }, "email: "},
		"endless":                       {func(f *app.Draft) { f.Details["street"] = strings.Repeat("ш", 501) }, "street: is too long"},
		"no such route":                 {func(f *app.Draft) { f.Route = "pigeon" }, `no route "pigeon"`},
		"no such reason":                {func(f *app.Draft) { f.Reason = "boredom" }, `no reason "boredom"`},
		"a key that is not allowed":     {func(f *app.Draft) { f.KeyAlgorithm = "rsa-2048" }, "no-key-algorithm"},
		"no key":                        {func(f *app.Draft) { f.KeyAlgorithm = "" }, "no-key-algorithm"},
		"a certificate that is nowhere": {func(f *app.Draft) { f.Fingerprint = strings.Repeat("0", 64) }, "no card in the readers"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, stage.Head(), 40, "")
			draft := d.draft()
			row.change(&draft)
			c, err := d.Start(draft)
			if row.says == "" && (err != nil || c.ID != draft.ID) {
				t.Fatalf("did not start: %v", err)
			}
			all, _ := d.Cases()
			if row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says) || len(all) > 0) {
				t.Errorf("%v, %d cases; want %q and none", err, len(all), row.says)
			}
		})
	}
}

func TestExpiredCertificateGoesOnPaperOnly(t *testing.T) {
	d := newDesk(t, stage.Doctor(), -3, "")
	draft, err := d.NewDraft(t.Context(), d.fingerprint, "", "renewal")
	if err != nil || draft.Route != "paper" {
		t.Fatalf("%v: route %q, want the one that is still open", err, draft.Route)
	}
	if err := d.FillIn(&draft, d.person.Details); err != nil {
		t.Fatal(err)
	}
	signed := draft
	signed.Route = "e-signed"
	plan, err := d.Plan(signed)
	if err != nil || plan.Blocked != "expired" {
		t.Errorf("%v: %+v", err, plan)
	}
	if _, err := d.Start(signed); app.KindOf(err) != app.Expired {
		t.Errorf("started: %v", err)
	}
	if plan, err := d.Plan(draft); err != nil || plan.Blocked != "" || plan.PINEntries != 0 || plan.Copies != 2 {
		t.Errorf("%v: %+v", err, plan)
	}
	c, err := d.Start(draft)
	if err != nil {
		t.Fatal(err)
	}
	if c = d.run(c.ID, ""); d.asked != 0 || state(c, procedure.Form) != "done" {
		t.Errorf("asked %d times, %s", d.asked, asJSON(t, c.Steps))
	}
}

// A case that was begun in time and signed too late: said, and nothing is signed.
func TestCertificateEndsBeforeTheSignature(t *testing.T) {
	d := newDesk(t, stage.Doctor(), 2, "")
	c := d.begin()
	d.now = func() time.Time { return time.Now().AddDate(0, 0, 3) }
	d.open()
	d.run(c.ID, app.Expired)
	if n := d.fake.Counts(); n.Signs != 0 || n.Logins != 0 {
		t.Errorf("%+v", n)
	}
}

func TestPlan(t *testing.T) {
	d := newDesk(t, stage.Doctor(), 23, "")
	draft := d.draft()
	for kind, fee := range map[string]string{"family-physician": "112.10", "physician": ""} {
		draft.Details["holder_kind"] = kind
		plan, err := d.Plan(draft)
		if err != nil || plan.PINEntries != 1 || plan.Blocked != "" {
			t.Errorf("%s: %v, %+v", kind, err, plan)
		}
		if (plan.Fee != nil) != (fee != "") || plan.Fee != nil && plan.Fee.Amount != fee {
			t.Errorf("%s pays %+v", kind, plan.Fee)
		}
	}
	head := newDesk(t, stage.Head(), 300, "")
	plan, err := head.Plan(head.draft())
	if err != nil || plan.PINEntries != 2 || strings.Join(plan.Warnings, " ") != "key-fallback early" { // the card has no GOST, which the office wants first
		t.Errorf("%v: %+v", err, plan)
	}
}

func TestCheckField(t *testing.T) {
	d := newDesk(t, stage.Doctor(), 23, "")
	draft := d.draft()
	for _, row := range []struct{ field, value, normal, rule string }{
		{"national_id", "100 000 001 46", "10000000146", ""},
		{"national_id", "١٠٠٠٠٠٠٠١٤٦", "10000000146", ""},
		{"national_id", "10000000147", "10000000147", "tckn.digit-11"},
		{"national_id", "", "", "required"},
		{"unit", "", "", ""},
		{"birth_date", "1.2.1980", "01.02.1980", ""},
		{"birth_date", "01/02/1980", "01.02.1980", ""},
		{"birth_date", "1980-02-01", "01.02.1980", ""},
		{"birth_date", "29.02.1979", "29.02.1979", "date"},
		{"birth_date", "31.12.1899", "31.12.1899", "date"},
		{"birth_date", "yesterday", "yesterday", "date"},
		{"holder_kind", "king", "king", "choice"},
		{"holder_kind", "physician", "physician", ""},
		{"address", " a  b \n\n c ", "a b\nc", ""},
		{"title", "a\nb", "a b", ""},
		{"title", "Iğdı\u0307r", "Iğdı\u0307r", ""},
		{"title", "I\u0307", "İ", ""},
		{"title", "a\xffb", "ab", ""},
		{"title", strings.Repeat("x", 1001), strings.Repeat("x", 1001), "too-long"},
		{"height", "2 m", "", "field"},
	} {
		got := d.CheckField(draft, row.field, row.value)
		if got.Normal != row.normal || got.Rule != row.rule || (got.Rule != "") != (got.Text != "") {
			t.Errorf("%s %q: %+v", row.field, row.value, got)
		}
	}
	if got := d.CheckField(app.Draft{Procedure: "none"}, "unit", "x"); got.Rule == "" {
		t.Error("a field of no procedure is fine")
	}
}

func TestPreviewAndFormsWithoutACard(t *testing.T) {
	d := newDesk(t, stage.Doctor(), 23, "")
	if pdf, err := d.Preview(d.draft()); err != nil || !strings.HasPrefix(string(pdf), "%PDF-") {
		t.Errorf("preview: %v", err)
	}
	for name, row := range map[string]struct {
		procedure, form string
		details         map[string]string
		want            app.Kind
	}{
		"empty":             {"tr-kamusm-nes", "application", nil, ""},
		"no such procedure": {"xx", "application", nil, app.NotFound},
		"no such form":      {"tr-kamusm-nes", "will", nil, app.NotFound},
		"a path":            {"tr-kamusm-nes", "../generic.application", nil, app.NotFound},
		"unknown field":     {"tr-kamusm-nes", "application", map[string]string{"height": "2"}, app.BadInput},
		"wrong number":      {"tr-kamusm-nes", "application", map[string]string{"national_id": "1"}, app.BadInput},
	} {
		_, err := d.FormFor(row.procedure, row.form, row.details, nil)
		if (err == nil) != (row.want == "") || err != nil && app.KindOf(err) != row.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
