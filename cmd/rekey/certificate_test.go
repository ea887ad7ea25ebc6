package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rekey/app/register"
	"rekey/cmd/rekey-demo/stage"
)

// The report for support and the certificate's details, from a real card.
func TestReportAndDetails(t *testing.T) {
	w := newWorld(t, stage.Head())
	type details struct {
		SHA256  string `json:"fingerprint_sha256"`
		Problem string
		Card    string
		Subject []struct{ Name, Value string }
		Chain   []struct{ Signed string }
		Key     struct{ ID string }
	}
	shown := decode[[]details](t, w.must(0, "", "certificate", "show", strings.ToUpper(w.card.Fingerprint), "--chain", w.office.CA(), "--json").out)
	if len(shown) != 1 || shown[0].SHA256 != w.card.Fingerprint || shown[0].Card != w.card.Serial || len(shown[0].Chain) != 2 || shown[0].Chain[0].Signed != "checked" {
		t.Fatalf("%+v", shown)
	}
	text := w.must(0, "", "certificate", "show", w.card.Fingerprint).out
	for _, a := range shown[0].Subject {
		if !strings.Contains(text, a.Value) {
			t.Errorf("the text does not show %s", a.Name)
		}
	}
	for _, args := range [][]string{{"readers", "--report"}, {"readers", "--report", "--json"}} {
		report := w.must(0, "", args...).out
		secrets := []string{w.card.Serial, w.card.Fingerprint, w.person.PIN, w.person.CardLabel, w.dir}
		for _, a := range shown[0].Subject {
			if len(a.Value) > 2 {
				secrets = append(secrets, a.Value)
			}
		}
		for _, secret := range secrets {
			if strings.Contains(report, secret) {
				t.Errorf("%v prints %q:\n%s", args, secret, report)
			}
		}
		if !strings.Contains(report, "libsofthsm2.so") || !strings.Contains(report, "filter") {
			t.Errorf("%v: %s", args, report)
		}
	}
	readers := decode[struct {
		Found  bool
		Layers []struct{ Layer, State string }
	}](t, w.must(0, "", "readers", "--json").out)
	if !readers.Found || len(readers.Layers) != 7 || readers.Layers[6].Layer != "filter" || readers.Layers[6].State != "ok" {
		t.Errorf("%+v", readers)
	}
}

// Files: the authority's certificate, a broken one, and what is none.
func TestCertificateOfAFile(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	r := w.must(0, "", "certificate", "show", w.office.CA(), "--json")
	var list []map[string]any
	if err := json.Unmarshal([]byte(r.out), &list); err != nil || len(list) != 1 || list[0]["purpose"] != "authority" {
		t.Errorf("%v %s", err, r.out)
	}
	for name, data := range map[string]string{"note.txt": "hello", "nothing.cer": ""} {
		path := filepath.Join(w.dir, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		w.must(1, "", "certificate", "show", path)
	}
	broken := filepath.Join(w.dir, "broken.cer")
	if err := os.WriteFile(broken, []byte{0x30, 0x82, 4, 0, 0x30, 0x03}, 0o600); err != nil {
		t.Fatal(err)
	}
	if r := w.must(0, "", "certificate", "show", broken); !strings.Contains(r.out, "Its end is missing.") {
		t.Errorf("says %s", r.out)
	}
	w.must(1, "", "certificate", "show", filepath.Join(w.dir, "absent.cer"))
	w.must(1, "", "certificate", "show", strings.Repeat("0", 64))
}

// The text is in the chosen language, from the sections down to the card; names and the JSON stay as they are.
func TestCertificateInRussian(t *testing.T) {
	w := newWorld(t, stage.Head())
	show := []string{"certificate", "show", w.card.Fingerprint, "--chain", w.office.CA()}
	russian := w.must(0, "", append(show, "--lang", "ru")...).out
	for _, want := range []string{"Владелец\n", "\n  Страна (2.5.4.6): RU", "Срок действия\n", "Действителен по: ", "Использование ключа", "неотрекаемость",
		"Цепочка сертификатов\n", "Подпись издателя проверена.", "\nКарта\n  Состояние: Текущий\n", "Закрытый ключ: ", w.card.Serial} {
		if !strings.Contains(russian, want) {
			t.Errorf("no %q in\n%s", want, russian)
		}
	}
	for _, english := range register.Words() {
		if len(english) > 8 && strings.Contains(russian, english) {
			t.Errorf("%q in\n%s", english, russian)
		}
	}
	json := func(lang string) string { return w.must(0, "", append(show, "--json", "--lang", lang)...).out }
	if en, ru := json("en"), json("ru"); en != ru || !strings.Contains(en, "The issuer's signature was checked.") {
		t.Errorf("the JSON depends on the language:\n%s\n%s", en, ru)
	}
}
