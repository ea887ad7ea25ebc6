package payment

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rekey/app/form"
)

var (
	asOf = time.Date(2019, 1, 3, 0, 0, 0, 0, time.UTC)
	made = time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
)

func nes() Spec {
	return Spec{
		Bank: "Ziraat Bankası", Branch: "Stad Şubesi – Adana", IBAN: "TR78 0001 0012 3138 0704 4450 01",
		Amount: "112.10", Currency: "TRY",
		Text: "{{.given_name}}-{{.surname}}-{{.national_id}}/ AÇIKLAMA = NES 3 YILLIK BAŞVURUSU",
		AsOf: asOf, Source: "Adana İl Sağlık Müdürlüğü duyurusu, 03.01.2019",
	}
}

func holder() map[string]string {
	return map[string]string{"given_name": " İpek  şule", "surname": "Işıkoğlu-çiğ", "national_id": "10000000146"}
}

// TestDescription: the seed wants "AD-SOYAD-TC/ AÇIKLAMA = NES 3 YILLIK BAŞVURUSU".
func TestDescription(t *testing.T) {
	for name, c := range map[string]struct {
		details map[string]string
		want    string
	}{
		"ordinary": {holder(), "İPEK ŞULE-IŞIKOĞLU-ÇİĞ-10000000146/ AÇIKLAMA = NES 3 YILLIK BAŞVURUSU"},
		"seed": {map[string]string{"given_name": "ad", "surname": "soyad", "national_id": "tc"},
			"AD-SOYAD-TC/ AÇIKLAMA = NES 3 YILLIK BAŞVURUSU"},
		"dots": {map[string]string{"given_name": "ıi", "surname": "s\u0327o", "national_id": "{{.x}}"},
			"Iİ-ŞO-{{.X}}/ AÇIKLAMA = NES 3 YILLIK BAŞVURUSU"},
	} {
		note, err := Make(nes(), c.details, made)
		if err != nil || note.Description != c.want {
			t.Errorf("%s: %q, %v", name, note.Description, err)
		}
	}
	other := nes()
	other.IBAN, other.Currency, other.Text = "GB29NWBK60161331926819", "GBP", "{{.surname}} fee"
	if note, err := Make(other, holder(), made); err != nil || note.Description != "Işıkoğlu-çiğ fee" {
		t.Errorf("a British account: %q, %v", note.Description, err)
	}
}

func TestBadPayments(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Spec, map[string]string)
		kind  string
		field string
	}{
		"iban digit":     {func(s *Spec, _ map[string]string) { s.IBAN = "TR780001001231380704445002" }, KindData, "iban"},
		"comma":          {func(s *Spec, _ map[string]string) { s.Amount = "112,10" }, KindData, "amount"},
		"negative":       {func(s *Spec, _ map[string]string) { s.Amount = "-1.00" }, KindData, "amount"},
		"zero":           {func(s *Spec, _ map[string]string) { s.Amount = "0.00" }, KindData, "amount"},
		"three places":   {func(s *Spec, _ map[string]string) { s.Amount = "1.105" }, KindData, "amount"},
		"exponent":       {func(s *Spec, _ map[string]string) { s.Amount = "1e3" }, KindData, "amount"},
		"currency":       {func(s *Spec, _ map[string]string) { s.Currency = "TL" }, KindData, "currency"},
		"no source":      {func(s *Spec, _ map[string]string) { s.Source = " " }, KindData, "source"},
		"no day":         {func(s *Spec, _ map[string]string) { s.AsOf = time.Time{} }, KindData, "as_of"},
		"no bank":        {func(s *Spec, _ map[string]string) { s.Bank = "" }, KindData, "bank"},
		"open template":  {func(s *Spec, _ map[string]string) { s.Text = "{{.surname" }, KindData, "text"},
		"empty text":     {func(s *Spec, _ map[string]string) { s.Text = "" }, KindData, "text"},
		"missing detail": {func(_ *Spec, d map[string]string) { delete(d, "surname") }, KindMissing, "surname"},
		"blank detail":   {func(_ *Spec, d map[string]string) { d["national_id"] = " \t" }, KindMissing, "national_id"},
	} {
		t.Run(name, func(t *testing.T) {
			spec, details := nes(), holder()
			c.spoil(&spec, details)
			_, err := Make(spec, details, made)
			var e *Error
			if !errors.As(err, &e) || e.Kind != c.kind || e.Field != c.field || !strings.Contains(err.Error(), c.field) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestMoney(t *testing.T) {
	for _, c := range []struct{ amount, currency, want string }{
		{"112.10", "TRY", "112,10 TL"}, {"1112.10", "TRY", "1.112,10 TL"}, {"999999999999.99", "TRY", "999.999.999.999,99 TL"},
		{"1080.00", "RUB", "1\u00a0080,00 руб."}, {"1112.10", "EUR", "1,112.10 EUR"}, {"0.05", "TRY", "0,05 TL"},
	} {
		if got := Money(c.amount, c.currency); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	for in, want := range map[string]string{"112.1": "112.10", "7": "7.00", "007.5": "7.50"} {
		if got, err := exact(in); err != nil || got != want {
			t.Errorf("%s: %q, %v", in, got, err)
		}
	}
}

func TestText(t *testing.T) {
	note, err := Make(nes(), holder(), made)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"tr", "ru", "en"} {
		want, err := os.ReadFile(filepath.Join("testdata", "payment."+lang+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if got := note.Text(lang); got != string(want) {
			t.Errorf("%s:\n%s", lang, got)
		}
	}
	if note.Text("fa") != note.Text("en") || note.Text("tr-TR") != note.Text("tr") {
		t.Error("another language gets English, a region its language")
	}
}

func TestPDF(t *testing.T) {
	fonts, err := form.LoadFonts(os.DirFS(filepath.Join("..", "..", "assets", "fonts")))
	if err != nil {
		t.Fatal(err)
	}
	note, err := Make(nes(), holder(), made)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"tr", "ru", "en"} {
		pdf, err := note.PDF(fonts, lang)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := note.PDF(fonts, lang); err != nil || !bytes.Equal(pdf, again) {
			t.Error("other bytes the second time", err)
		}
		file := filepath.Join(t.TempDir(), "payment.pdf")
		if err := os.WriteFile(file, pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		run(t, "qpdf", "--check", file)
		if out := run(t, "pdfinfo", file); !strings.Contains(out, "Pages:           1\n") {
			t.Error(out)
		}
		text := run(t, "pdftotext", "-layout", file, "-")
		for _, want := range []string{note.Description, "TR78 0001 0012 3138 0704 4450 01", note.IBAN, "112,10 TL", "2019",
			inLanguage(lang).check, inLanguage(lang).asOf, note.Source, "Stad Şubesi – Adana"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", lang, want, text)
			}
		}
	}
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}
