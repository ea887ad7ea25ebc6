package procedure_test

import (
	"reflect"
	"strings"
	"testing"

	"rekey/app/calendar"
	"rekey/app/procedure"
)

const overrideJSON = `{"procedure":"tr-kamusm-nes","as_of":"2026-01-01","source":"office",
 "fees":[{"reason":"renewal","holder_kind":"family-physician","amount":"1500.00","currency":"TRY"},{"reason":"lost","amount":"0","currency":"TRY"}],
 "payment":{"bank":"Test Bank","iban":"TR330006100519786457841326","text":"{{.given_name}} {{.national_id}}"},
 "windows":{"reminder_days":30},
 "copies":[{"form":"application","route":"paper","reason":"renewal","copies":1}],
 "contacts":[{"id":"kamusm","label":{"en":"Call centre"},"value":"444 0 000"}],
 "calendars":[{"country":"TR","years":{"2027":{"off":["03-09"]}}}]}`

const overrideYAML = `procedure: tr-kamusm-nes
as_of: 2018-01-01
source: office
fees: [{reason: renewal, holder_kind: family-physician, amount: "1.00", currency: TRY}]
windows: {reminder_days: 10}
copies: [{form: application, copies: 3}]
`

func parse(t *testing.T, text string) procedure.Override {
	t.Helper()
	o, err := procedure.ParseOverride("o", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestOverrideReplacesAndSaysAsOfWhen(t *testing.T) {
	p := load(t, "tr-kamusm-nes")
	before := load(t, "tr-kamusm-nes")
	newer, older := parse(t, overrideJSON), parse(t, overrideYAML)
	for _, order := range [][]procedure.Override{{newer, older}, {older, newer}} {
		n, errs := procedure.Apply(p, order)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		if f, _ := n.Fee("renewal", "family-physician"); f.Amount != "1500.00" || f.AsOf.Year() != 2026 || f.For["tr"] == "" {
			t.Errorf("fee %+v", f)
		}
		if _, ok := n.Fee("lost", "manager"); ok {
			t.Error("the fee that was ended is still asked for")
		}
		if n.Payment.Bank != "Test Bank" || n.Payment.Source != "office" || n.Reminder != 30 || n.Windows.AsOf.Year() != 2026 {
			t.Errorf("%+v %+v", n.Payment, n.Windows)
		}
		renewal, _ := n.Reason("renewal")
		paper, _ := renewal.Route("paper")
		signed, _ := renewal.Route("e-signed")
		if paper.Copies != 1 || paper.AsOf.Year() != 2026 || signed.Copies == 1 {
			t.Errorf("copies %d, %d", paper.Copies, signed.Copies)
		}
		first, _ := n.Reason("first-issue")
		if first.Routes[0].Copies != 2 {
			t.Errorf("an older override replaced the copies of a newer day: %d", first.Routes[0].Copies)
		}
		if c, _ := n.Contact("kamusm"); c.Value != "444 0 000" {
			t.Errorf("contact %+v", c)
		}
		if len(n.Replaced) == 0 || n.Replaced[len(n.Replaced)-1].AsOf.IsZero() {
			t.Errorf("%+v", n.Replaced)
		}
	}
	if !reflect.DeepEqual(p, before) {
		t.Error("Apply has changed the procedure given")
	}
	days, errs := procedure.ApplyCalendars(map[string]calendar.Calendar{}, []procedure.Override{newer})
	if len(errs) > 0 || !days["TR"].Known(2027) || days["TR"].Years[2027].Source != "office, 2026-01-01" {
		t.Errorf("%v %+v", errs, days)
	}
}

func TestWhatDoesNotFitIsLeftOutAndSaid(t *testing.T) {
	p := load(t, "tr-kamusm-nes")
	o := parse(t, `{"procedure":"tr-kamusm-nes","as_of":"2026-01-01","source":"office","fees":[{"reason":"party","amount":"1","currency":"TRY"}],
	 "payment":{"iban":"TR330006100519786457841326","text":"{{.secret}}"},"copies":[{"form":"poem","copies":1}],"windows":{"reminder_days":5}}`)
	n, errs := procedure.Apply(p, []procedure.Override{o, {Procedure: "generic"}})
	if len(errs) != 4 || n.Reminder != 5 || n.Payment.Bank != "Ziraat Bankası" {
		t.Errorf("%v", errs)
	}
}

func TestBadOverridesAreRefused(t *testing.T) {
	head := `{"procedure":"generic","as_of":"2026-01-01","source":"office"`
	for name, text := range map[string]string{
		"unknown key":      head + `,"fee":[]}`,
		"as_of in a fee":   head + `,"fees":[{"reason":"renewal","amount":"1","currency":"TRY","as_of":"2030-01-01"}]}`,
		"amount":           head + `,"fees":[{"reason":"renewal","amount":"-1","currency":"TRY"}]}`,
		"number as amount": head + `,"fees":[{"reason":"renewal","amount":1.5,"currency":"TRY"}]}`,
		"IBAN":             head + `,"payment":{"iban":"TR330006100519786457841327","text":"x"}}`,
		"template":         head + `,"payment":{"iban":"TR330006100519786457841326","text":"{{.a"}}`,
		"copies":           head + `,"copies":[{"form":"application","copies":1000}]}`,
		"window":           head + `,"windows":{"reminder_days":-1}}`,
		"no English":       head + `,"contacts":[{"id":"a","label":{"tr":"x"},"value":"1"}]}`,
		"no id":            head + `,"contacts":[{"label":{"en":"x"},"value":"1"}]}`,
		"direction":        head + `,"contacts":[{"id":"a","label":{"en":"x\u202e"},"value":"1"}]}`,
		"calendar":         head + `,"calendars":[{"country":"RU","years":{"2027":{"off":["13-40"]}}}]}`,
		"day":              `{"procedure":"generic","as_of":"1.1.2026","source":"office"}`,
		"no source":        `{"procedure":"generic","as_of":"2026-01-01"}`,
		"no procedure":     `{"as_of":"2026-01-01","source":"office"}`,
		"two values":       head + `}{}`,
		"not UTF-8":        "\xff",
		"YAML list":        "- a",
		"too large":        head + strings.Repeat(" ", 300<<10) + `}`,
		"long text":        `{"procedure":"generic","as_of":"2026-01-01","source":"` + strings.Repeat("x", 600) + `"}`,
	} {
		if _, err := procedure.ParseOverride("o.json", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), "o.json: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
