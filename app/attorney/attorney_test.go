package attorney

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
)

const sample = "ON_EMCHD_20260901_00000000-0000-4000-8000-000000000001.xml"

func load(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", sample))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func parse(t testing.TB, xml string) Attorney {
	t.Helper()
	a, err := Parse([]byte(xml))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestEverythingIsRead(t *testing.T) {
	a := parse(t, load(t))
	if a.Number != "00000000-0000-4000-8000-000000000001" || a.Internal != "МЧД-1" || a.Kind != "1" || a.PassingOn != "1" || a.Joint != "1" || a.Redelegation {
		t.Errorf("%+v", a)
	}
	if shown(a.Issued) != "01.09.2026" || shown(a.Until) != "31.08.2027" || !strings.HasPrefix(a.Registry, "https://m4d.nalog.gov.ru/") {
		t.Errorf("%v %v %s", a.Issued, a.Until, a.Registry)
	}
	if a.Grantor != (Organisation{"ООО «Учебная больница»", "0001012344", "010001001", "1000000001231"}) {
		t.Errorf("%+v", a.Grantor)
	}
	if len(a.Heads) != 1 || a.Heads[0].Name() != "Щукина Шарлотта Ивановна" || a.Heads[0].SNILS != "112-233-445 95" {
		t.Errorf("%+v", a.Heads)
	}
	if len(a.Representatives) != 1 || a.Representatives[0].Name() != "Ёлкин Пётр Ильич" || a.Representatives[0].INN != "000105432142" {
		t.Errorf("%+v", a.Representatives)
	}
	if len(a.Powers) != 1 || a.Powers[0].Code != "00.001" || len(a.Powers[0].Limits) != 1 || a.Powers[0].Limits[0].Value != "до 100 рублей" {
		t.Errorf("%+v", a.Powers)
	}
}

func TestWindows1251IsTheSame(t *testing.T) {
	text := strings.Replace(load(t), `encoding="UTF-8"`, `encoding="windows-1251"`, 1)
	encoded, err := charmap.Windows1251.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	if a := parse(t, encoded); a.Representatives[0].Name() != "Ёлкин Пётр Ильич" || a.Grantor.Name != "ООО «Учебная больница»" {
		t.Errorf("%+v", a)
	}
}

func TestHostileAndForeignFilesAreRefused(t *testing.T) {
	good := load(t)
	for what, bad := range map[string]string{
		"empty":         "",
		"text":          "Доверенность",
		"HTML":          "<html><body>404</body></html>",
		"other format":  strings.ReplaceAll(good, "urn://x-artefacts/EMCHD_1", "urn:fns:mchd:002"),
		"entities":      strings.Replace(good, "<Доверенность", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Доверенность`, 1),
		"unknown one":   strings.Replace(good, "Главный врач", "&a;", 1),
		"cut off":       good[:len(good)/2],
		"two terms":     strings.Replace(good, "<СвДоверит ", `<СвДов НомДовер="x"/><СвДоверит `, 1),
		"twice":         strings.Replace(good, `ВидДовер="1"`, `ВидДовер="1" ВидДовер="2"`, 1),
		"deep":          strings.Replace(good, "<Документ>", "<Документ>"+strings.Repeat("<а>", 100)+strings.Repeat("</а>", 100), 1),
		"two roots":     good + strings.TrimPrefix(good, `<?xml version="1.0" encoding="UTF-8"?>`),
		"no body":       regexp.MustCompile(`(?s)<Довер>.*</Довер>`).ReplaceAllString(good, ""),
		"too long":      good + strings.Repeat(" ", mostBytes),
		"UTF-16 claims": strings.Replace(good, "UTF-8", "UTF-16", 1),
	} {
		if _, err := Parse([]byte(bad)); err == nil {
			t.Errorf("%s was read", what)
		} else if len(err.Error()) > 300 {
			t.Errorf("%s: a long error", what)
		}
	}
}

// What stands in another namespace cannot pass for the real thing.
func TestOtherNamespacesDoNotCount(t *testing.T) {
	a := parse(t, strings.Replace(load(t), "<СвУпПред ", `<x:СвУпПред xmlns:x="urn:x"><x:Пред/></x:СвУпПред><СвУпПред `, 1))
	if len(a.Representatives) != 1 {
		t.Errorf("%+v", a.Representatives)
	}
}

var day = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func facts() Facts {
	return Facts{INN: "0001012344", Holder: Person{Last: "Ёлкин", First: "Пётр", Middle: "Ильич", INN: "000105432142", SNILS: "00000000100"}, Now: day}
}

func ids(findings []Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, f.ID)
	}
	return all
}

func TestChecksComeInTheirOrder(t *testing.T) {
	got := Check(parse(t, load(t)), facts())
	want := []string{
		"attorney.format.ok", "attorney.guid.ok", "attorney.dates.ok", "attorney.grantor.ok", "attorney.representative.inn",
		"attorney.powers.unknown-code", "attorney.redelegation.none", "attorney.signature.missing", "attorney.registry.offline",
	}
	if !slices.Equal(ids(got), want) || !Good(got) {
		t.Errorf("%v", ids(got))
	}
}

func TestFindings(t *testing.T) {
	for _, c := range []struct {
		id     string
		state  State
		change func(*Attorney, *Facts)
	}{
		{"attorney.format.version", Failed, func(a *Attorney, _ *Facts) { a.Format = "5.02" }},
		{"attorney.format.file-id", Warning, func(a *Attorney, _ *Facts) { a.FileID = "power" }},
		{"attorney.guid.form", Failed, func(a *Attorney, _ *Facts) { a.Number = "17" }},
		{"attorney.guid.other-file", Warning, func(a *Attorney, _ *Facts) { a.Number = "00000000-0000-4000-8000-000000000002" }},
		{"attorney.dates.missing", Failed, func(a *Attorney, _ *Facts) { a.Until = time.Time{} }},
		{"attorney.dates.order", Failed, func(a *Attorney, _ *Facts) { a.Until = a.Issued.AddDate(0, 0, -1) }},
		{"attorney.dates.early", Failed, func(_ *Attorney, f *Facts) { f.Now = time.Date(2026, 8, 31, 20, 59, 0, 0, time.UTC) }},
		{"attorney.dates.ok", Passed, func(_ *Attorney, f *Facts) { f.Now = time.Date(2026, 8, 31, 21, 0, 0, 0, time.UTC) }}, // midnight in Moscow
		{"attorney.dates.ok", Passed, func(_ *Attorney, f *Facts) { f.Now = time.Date(2027, 8, 16, 12, 0, 0, 0, time.UTC) }},
		{"attorney.dates.soon", Warning, func(_ *Attorney, f *Facts) { f.Now = time.Date(2027, 8, 17, 12, 0, 0, 0, time.UTC) }},
		{"attorney.dates.soon", Warning, func(_ *Attorney, f *Facts) { f.Now = time.Date(2027, 8, 31, 20, 59, 0, 0, time.UTC) }},
		{"attorney.dates.expired", Failed, func(_ *Attorney, f *Facts) { f.Now = time.Date(2027, 8, 31, 21, 0, 0, 0, time.UTC) }},
		{"attorney.grantor.missing", Failed, func(a *Attorney, _ *Facts) { a.Grantor = Organisation{} }},
		{"attorney.grantor.check-digits", Failed, func(a *Attorney, _ *Facts) { a.Grantor.INN = "0001012345" }},
		{"attorney.grantor.check-digits", Failed, func(a *Attorney, _ *Facts) { a.Grantor.INN = "000101234502" }},
		{"attorney.grantor.other", Failed, func(_ *Attorney, f *Facts) { f.INN = "0000000000" }},
		{"attorney.grantor.ok", Passed, func(_ *Attorney, f *Facts) { f.INN = "000001012344" }}, // as in old certificates
		{"attorney.grantor.not-compared", Unknown, func(_ *Attorney, f *Facts) { f.INN = "" }},
		{"attorney.representative.missing", Failed, func(a *Attorney, _ *Facts) { a.Representatives = nil }},
		{"attorney.representative.other", Failed, func(_ *Attorney, f *Facts) { f.Holder.INN = "000101234502" }},
		{"attorney.representative.snils", Passed, func(a *Attorney, _ *Facts) { a.Representatives[0].INN = "" }},
		{"attorney.representative.other", Failed, func(_ *Attorney, f *Facts) { f.Holder.INN, f.Holder.SNILS = "", "112-233-445 95" }},
		{"attorney.representative.name", Warning, func(_ *Attorney, f *Facts) { f.Holder = Person{Last: "ЁЛКИН Пётр  ильич"} }},
		{"attorney.representative.other-letters", Warning, func(_ *Attorney, f *Facts) { f.Holder = Person{Last: "Елкин Петр Ильич"} }},
		{"attorney.representative.other", Failed, func(_ *Attorney, f *Facts) {
			f.Holder = Person{Last: "Елкина", First: "Пётр", Middle: "Ильич"}
		}},
		{"attorney.representative.not-compared", Unknown, func(_ *Attorney, f *Facts) { f.Holder = Person{} }},
		{"attorney.representative.inn", Passed, func(a *Attorney, _ *Facts) { a.Representatives = append([]Person{{INN: "1"}}, a.Representatives...) }},
		{"attorney.powers.missing", Failed, func(a *Attorney, _ *Facts) { a.Powers = nil }},
		{"attorney.powers.text", Warning, func(a *Attorney, _ *Facts) { a.PowerText = "всё" }},
		{"attorney.powers.ok", Passed, func(_ *Attorney, f *Facts) { f.Powers = []string{"00.001"} }},
		{"attorney.powers.joint", Warning, func(a *Attorney, _ *Facts) { a.Representatives = append(a.Representatives, Person{}) }},
		{"attorney.redelegation.allowed", Warning, func(a *Attorney, _ *Facts) { a.PassingOn = "3" }},
		{"attorney.redelegation.unknown-code", Warning, func(a *Attorney, _ *Facts) { a.PassingOn = "" }},
		{"attorney.redelegation.passed-on", Warning, func(a *Attorney, _ *Facts) { *a = Attorney{Format: "EMCHD_1", FileID: a.FileID, Redelegation: true} }},
		{"attorney.signature.form", Failed, func(_ *Attorney, f *Facts) { f.Signature = []byte("no") }},
	} {
		a, f := parse(t, load(t)), facts()
		c.change(&a, &f)
		all := Check(a, f)
		i := slices.Index(ids(all), c.id)
		if i < 0 || all[i].State != c.state || Good(all) == (c.state == Failed) {
			t.Errorf("%s: %v", c.id, all)
		}
	}
}

func TestEveryFindingHasBothTexts(t *testing.T) {
	source := ""
	for _, name := range []string{"check.go", "signature.go"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source += string(data)
	}
	for _, m := range regexp.MustCompile(`"(attorney\.[a-z]+\.[a-z-]+)"`).FindAllStringSubmatch(source, -1) {
		if texts[m[1]] == [2]string{} {
			t.Errorf("%s has no text", m[1])
		}
	}
	for _, id := range IDs() {
		f := Finding{ID: id, Args: map[string]string{"name": "{inn}", "inn": "0001012344"}}
		if f.Russian() == "" || f.English() == "" || f.Russian() == f.English() {
			t.Errorf("%s: %q %q", id, f.Russian(), f.English())
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(load(f)), []byte("MII"))
	f.Add([]byte(`<Доверенность xmlns="urn://x-artefacts/EMCHD_1"><Документ><Передов/></Документ></Доверенность>`), []byte{0x30, 0x80})
	f.Fuzz(func(t *testing.T, data, signature []byte) {
		a, err := Parse(data)
		if err != nil {
			return
		}
		for _, finding := range Check(a, Facts{Now: day, File: data, Signature: signature}) {
			if finding.English() == "" || finding.Russian() == "" {
				t.Errorf("%s has no text", finding.ID)
			}
		}
	})
}
