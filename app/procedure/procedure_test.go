package procedure_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"rekey/app/procedure"
)

func files() fs.FS { return os.DirFS("../../assets") }

func TestEmbeddedProceduresLoad(t *testing.T) {
	all, err := procedure.Load(files(), "procedures")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"tr-kamusm-nes":   {"renewal", "first-issue", "lost", "damaged-reader", "damaged-card", "undelivered"},
		"ru-vipnet-tfoms": {"renewal", "revocation"},
		"ru-taxcom-tus":   {"renewal", "first-issue", "revocation"},
		"vn-vgca-bhxh":    {"renewal", "change", "first-issue", "first-issue-organisation", "revocation", "recovery"},
		"ir-tamin-photo":  {"photo", "photo-receipt", "photo-scan", "mismatch"},
		"generic":         {"renewal", "first-issue", "change", "lost"},
	}
	if len(all) != len(want) {
		t.Fatalf("%d procedures", len(all))
	}
	for _, p := range all {
		for _, reason := range want[p.ID] {
			if _, ok := p.Reason(reason); !ok {
				t.Errorf("%s has no %s", p.ID, reason)
			}
		}
	}
}

func TestCertificateFindsItsProcedure(t *testing.T) {
	all, err := procedure.Load(files(), "procedures")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]procedure.Traits{
		"tr-kamusm-nes":   {Policies: []string{"1.2.3", "2.16.792.1.2.1.1.5.7.1.1"}, Country: "TR"},
		"ru-vipnet-tfoms": {Subject: []string{"2.5.4.3", "1.2.643.100.1", "1.2.643.100.4"}, Country: "RU"},
		"ru-taxcom-tus":   {Subject: []string{"2.5.4.3", "1.2.643.100.1", "1.2.643.100.4"}, Country: "RU", Issuer: "ООО «ТАКСКОМ»"},
		"vn-vgca-bhxh":    {Country: "VN", Issuer: "Ban Cơ yếu Chính phủ"},
		"generic":         {Subject: []string{"2.5.4.3"}, Country: "RU"},
	}
	for want, traits := range tests {
		if got := procedure.For(all, traits); got == nil || got.ID != want {
			t.Errorf("traits %v: got %v, want %s", traits, got, want)
		}
	}
}

func TestMistakesAreRefusedWithTheirPlace(t *testing.T) {
	good, err := fs.ReadFile(files(), "procedures/ru-vipnet-tfoms.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, want string }{
		{"unknown key", "reminder_days:", "reminder_day:", `unknown key "reminder_day"`},
		{"unknown act", "what: install}", "what: instal}", "unknown what"},
		{"unknown person", "who: authority", "who: somebody", "unknown who"},
		{"two steps of one name", "id: request, who", "id: key, who", "an ID of its own"},
		{"deadline from nowhere", "from: issue", "from: never", "deadline from"},
		{"two ways to count", "days: 7", "days: 7\n              months: 1", "one of days"},
		{"no source", "\n              source: \"ТФОМС АО, инструкция по плановой смене ключа ViPNet: within a week of the certificate's creation\"", "", "needs its source"},
		{"no algorithm", "key_algorithms: [\"gost2012-256/CryptoPro-A\", \"gost2012-256/CryptoPro-XchA\", \"gost2012-256/tc26-256-B\", ec-p256]", "key_algorithms: []", "key_algorithms"},
		{"no copies", "copies: 1 # seed 001", "copies: 0", "copies"},
		{"form that is not there", "form: application", "form: apply", "unknown form"},
		{"further form that is not there", "also: [letter, certificate-paper]", "also: [lettre]", "unknown form"},
		{"text without English", "title:\n  en: Planned", "title:\n  tr: Planned", "without English"},
		{"text in no language", "  ru: УЦ ТФОМС", "  xx: УЦ ТФОМС", "unknown language"},
		{"unknown check", "check: snils", "check: snil", "unknown check"},
		{"fixed from nowhere", "check: snils, from: \"1.2.643.100.3\"", "check: snils", "from nowhere"},
		{"doubt without words", "  doubt: our own choice;", "  #", "say why"},
		{"unknown document", "document: scan", "document: scam", "unknown document"},
		{"unknown contact", "contact: subject", "contact: nobody", "unknown contact"},
		{"signature without a valid certificate", "valid_certificate: true # domain [2.5]", "valid_certificate: false", "valid_certificate"},
		{"clerk makes the key", "{id: key, who: head", "{id: key, who: clerk", "only the holder"},
		{"no YAML", "fields:", "fields: [", ""},
	}
	for _, tt := range tests {
		i := strings.Index(string(good), tt.old)
		if i < 0 {
			t.Fatalf("%s: nothing replaced", tt.name)
		}
		line := strings.Count(string(good[:i]), "\n") + 1
		bad := strings.Replace(string(good), tt.old, tt.new, 1)
		_, err := procedure.Parse("x.yaml", []byte(bad))
		var problems procedure.Problems
		if !errors.As(err, &problems) || !strings.HasPrefix(err.Error(), "x.yaml:") || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		// A missing key stands at what should hold it, a few lines above or below; these two stand at the step that needs it.
		elsewhere := tt.name == "no algorithm" || tt.name == "signature without a valid certificate"
		if p := problems[0]; tt.want != "" && !elsewhere && (p.Line < line-4 || p.Line > line+4) {
			t.Errorf("%s: line %d, changed was line %d: %s", tt.name, p.Line, line, p.Text)
		}
	}
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	bad := "id: x\nlanguage: en\ntitle: {en: X}\nreasons:\n  - id: renewal\n    label: {en: R}\n    routes:\n      - id: a\n        label: {en: A}\n        steps:\n          - {id: s, who: nobody, what: fill}\n          - {id: t, who: holder, what: nothing}\nfees:\n  - {reason: gone, amount: free, currency: TRY}\n"
	_, err := procedure.Parse("x.yaml", []byte(bad))
	for _, want := range []string{"x.yaml:11: step s: unknown who", "x.yaml:12: step t: unknown what", "x.yaml:14: fee for the unknown reason", "x.yaml:14: amount free", "x.yaml:14: needs its source"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
	for _, odd := range []string{"", "a: b", "[1]", "id: x\n---\nid: y\n", "\x00", strings.Repeat("a", 2<<20)} {
		if _, err := procedure.Parse("x.yaml", []byte(odd)); err == nil || !strings.HasPrefix(err.Error(), "x.yaml:") {
			t.Errorf("%.20q: %v", odd, err)
		}
	}
}

// TestTurkeyAsTheSeedSaysIt: who pays, how much, which routes are left when the certificate has expired.
func TestTurkeyAsTheSeedSaysIt(t *testing.T) {
	p := load(t, "tr-kamusm-nes")
	for _, c := range []struct{ reason, kind, want string }{
		{"first-issue", "family-physician", "147.50"}, {"renewal", "family-physician", "112.10"}, {"renewal", "manager", ""}, {"first-issue", "physician", ""},
		{"lost", "manager", "147.50"}, {"lost", "family-physician", "147.50"},
	} {
		if f, ok := p.Fee(c.reason, c.kind); f.Amount != c.want || ok != (c.want != "") {
			t.Errorf("%s %s: %q", c.reason, c.kind, f.Amount)
		}
	}
	renewal, _ := p.Reason("renewal")
	for _, r := range renewal.Routes {
		if r.ValidCertificate != (r.ID == "e-signed") || r.Copies != 2 || r.Has(procedure.Pay, "manager") || !r.Has(procedure.Pay, "family-physician") {
			t.Errorf("route %+v", r)
		}
	}
	if pay := p.PaymentFor("lost"); pay.Counter == "" || pay.IBAN != "" || p.PaymentFor("renewal").IBAN == "" {
		t.Errorf("payment %+v", pay)
	}
	if f, _ := p.Field("holder_kind"); len(f.Choices) != 3 {
		t.Errorf("kinds %+v", f.Choices)
	}
	if fields := p.FieldsFor("undelivered"); len(fields) != 5 {
		t.Errorf("fields %+v", fields)
	}
	if f, ok := p.Field("lost_date"); !ok || f.Check != "date" {
		t.Errorf("field %+v", f)
	}
	for days, want := range map[int]procedure.Window{120: procedure.TooEarly, 90: procedure.Due, 1: procedure.Due, 0: procedure.Due, -1: procedure.TooLate} {
		if got := p.Windows.At(days); got != want {
			t.Errorf("%d days: %s", days, got)
		}
	}
}

func TestVietnamWantsOneToManyRows(t *testing.T) {
	p := load(t, "vn-vgca-bhxh")
	columns := map[string]int{"mau-01": 11, "mau-02": 6, "mau-04": 7, "mau-05": 9, "mau-06": 4}
	for _, r := range p.Reasons {
		for _, route := range r.Routes {
			if r.Rows == nil || r.Rows.Min != 1 || len(r.Rows.Fields) != columns[route.Form] {
				t.Errorf("%s: %s has %d columns", r.ID, route.Form, len(r.Rows.Fields))
			}
		}
		if r.For("department") != (r.ID == "revocation") {
			t.Errorf("a department without a seal: %s", r.ID)
		}
	}
	if f, _ := p.Field("contact_email"); f.Refused("a@GMAIL.com") == "" || f.Refused("a@vss.gov.vn") != "" {
		t.Error("private mail is taken")
	}
}

func load(t *testing.T, id string) *procedure.Procedure {
	t.Helper()
	data, err := fs.ReadFile(files(), "procedures/"+id+".yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := procedure.Parse(id+".yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
