package payment

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rekey/app/form"
)

// russian is a payment to nobody: BIC and payee are of region 00, which does not exist.
func russian() Spec {
	return Spec{
		Payee: "ООО «Щёлоковский удостоверяющий центр»", Bank: "Банк «Объездной» г. Щёлоково", Account: "40703810800000000001", BIC: "040000987",
		Correspondent: "30101810800000000987", PayeeINN: "0012345673", Amount: "1500.5", Currency: "RUB",
		Text: "Оплата сертификата, {{.surname}} {{.given_name}}, без НДС", AsOf: asOf, Source: "Прейскурант 2026",
	}
}

func owner() map[string]string {
	return map[string]string{"surname": "Щукина", "given_name": "Юлия Артёмовна"}
}

const wantQR = "ST00012|Name=ООО «Щёлоковский удостоверяющий центр»|PersonalAcc=40703810800000000001|BankName=Банк «Объездной» г. Щёлоково" +
	"|BIC=040000987|CorrespAcc=30101810800000000987|Sum=150050|Purpose=Оплата сертификата, Щукина Юлия Артёмовна, без НДС|PayeeINN=0012345673"

// TestRussianQR reads the code back from the printed page with a decoder that is not ours.
func TestRussianQR(t *testing.T) {
	fonts, err := form.LoadFonts(os.DirFS(filepath.Join("..", "..", "assets", "fonts")))
	if err != nil {
		t.Fatal(err)
	}
	bars := russian()
	bars.Payee = "ООО «А|Б»"
	huge := russian()
	huge.Payee = strings.Repeat("Щ", 90)
	for name, c := range map[string]struct {
		spec Spec
		want string
	}{
		"ordinary": {russian(), wantQR},
		"bar":      {bars, strings.ReplaceAll(strings.ReplaceAll(wantQR, "|", "~"), "ООО «Щёлоковский удостоверяющий центр»", "ООО «А|Б»")},
		"long":     {huge, ""},
	} {
		t.Run(name, func(t *testing.T) {
			note, err := Make(c.spec, owner(), made)
			if err != nil || note.QR != c.want {
				t.Fatalf("%q, %v", note.QR, err)
			}
			pdf, err := note.PDF(fonts, "ru")
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "note.pdf")
			if err := os.WriteFile(file, pdf, 0o600); err != nil {
				t.Fatal(err)
			}
			run(t, "qpdf", "--check", file)
			text := run(t, "pdftotext", "-layout", file, "-")
			for _, want := range []string{note.Account, note.BIC, note.Correspondent, "1 500,50 руб.", note.Description} {
				if !strings.Contains(text, want) || !strings.Contains(strings.ReplaceAll(note.Text("ru"), "\u00a0", " "), want) {
					t.Errorf("no %q in\n%s", want, text)
				}
			}
			if c.want == "" {
				if note.NoQR != "Name" || !strings.Contains(text, "QR-кода для оплаты нет") {
					t.Errorf("no code, and nobody says why: %q\n%s", note.NoQR, text)
				}
				return
			}
			run(t, "pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", file, file)
			if got := strings.TrimSpace(run(t, "zbarimg", "-q", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", file+".png")); got != c.want {
				t.Errorf("scanned %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestRussianParts(t *testing.T) {
	for name, c := range map[string]struct {
		spoil   func(*Spec)
		missing string
	}{
		"no correspondent": {func(s *Spec) { s.Correspondent = "" }, "CorrespAcc"},
		"bank's name":      {func(s *Spec) { s.Bank = strings.Repeat("Б", 46) }, "BankName"},
		"purpose":          {func(s *Spec) { s.Text = strings.Repeat("п", 161) }, "Purpose"},
		"name":             {func(s *Spec) { s.Payee = strings.Repeat("a", 161) }, "Name"},
		"separator":        {func(s *Spec) { s.Text = "|~^#$*_" }, "separator"},
	} {
		spec := russian()
		c.spoil(&spec)
		if note, err := Make(spec, owner(), made); err != nil || note.QR != "" || note.NoQR != c.missing {
			t.Errorf("%s: %q, %q, %v", name, note.QR, note.NoQR, err)
		}
	}
	for field, spoil := range map[string]func(*Spec){
		"account":       func(s *Spec) { s.Account = "40703810800000000002" },
		"correspondent": func(s *Spec) { s.Correspondent = "30101810000000000987" },
		"payee_inn":     func(s *Spec) { s.PayeeINN = "0012345674" },
		"payee_kpp":     func(s *Spec) { s.PayeeKPP = "12" },
		"payee":         func(s *Spec) { s.Payee = " " },
		"currency":      func(s *Spec) { s.Currency = "TRY" },
		"iban":          func(s *Spec) { s.IBAN = nes().IBAN },
	} {
		spec := russian()
		spoil(&spec)
		_, err := Make(spec, owner(), made)
		var e *Error
		if !errors.As(err, &e) || e.Kind != KindData || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// TestCounter: a payment at a counter has the words as they are, and no account.
func TestCounter(t *testing.T) {
	spec := Spec{Bank: "Vakıfbank", Counter: "NES Elektronik İmza bedeli ödemek istiyorum.", Amount: "147.50", Currency: "TRY", AsOf: asOf, Source: "duyuru"}
	note, err := Make(spec, nil, made)
	if err != nil || note.Description != spec.Counter {
		t.Fatalf("%+v, %v", note, err)
	}
	if text := note.Text("tr"); !strings.Contains(text, "Banka şubesinde aynen şöyle söyleyiniz:\n"+spec.Counter) || strings.Contains(text, "IBAN") {
		t.Error(text)
	}
	spec.Counter = ""
	if _, err := Make(spec, nil, made); err == nil {
		t.Error("no way to pay, and no error")
	}
}
