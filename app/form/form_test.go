package form

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rekey/app/identity"
)

var update = flag.Bool("update", false, "write the golden texts again")

// samples are the forms with ordinary values; want is the number of pages.
func samples(t *testing.T) map[string]struct {
	in   Input
	want int
} {
	fonts := testFonts(t)
	signed, blank, rsa := turkish(t, fonts), turkish(t, fonts), russian(t, fonts)
	signed.Route = RouteESigned
	blank.Details, blank.Certificate, blank.Reason, blank.Case, blank.Copies = nil, nil, "", "", 1
	rsa.KeyAlgorithm = "RSA 2048"
	rsa.PublicKey, rsa.KeyFingerprint = rsaKey(t)
	cover := persianForm(t, fonts, "cover-sheet")
	cover.Photo = photograph(t, 900, 1200)
	vi06 := vietnamese(t, fonts, "06", 60)
	vi06.Copies = 2
	return map[string]struct {
		in   Input
		want int
	}{
		"tr-lost":           {loss(t, fonts), 1},
		"tr-checklist":      {checklist(t, fonts), 1},
		"ru-status":         {russianForm(t, fonts, "ru-vipnet-tfoms.status-change", 1), 1},
		"ru-taxcom-status":  {russianForm(t, fonts, "ru-taxcom-tus.status-change", 1), 1},
		"ru-taxcom":         {russianForm(t, fonts, "ru-taxcom-tus.application", 1), 1},
		"ru-certificate":    {certificatePaper(t, fonts, "ru-vipnet-tfoms.certificate-paper"), 4},
		"ru-taxcom-paper":   {certificatePaper(t, fonts, "ru-taxcom-tus.certificate-paper"), 4},
		"ru-letter":         {letter(t, fonts, "ru-vipnet-tfoms.letter"), 1},
		"ru-taxcom-letter":  {letter(t, fonts, "ru-taxcom-tus.letter"), 1},
		"vi-01":             {vietnamese(t, fonts, "01", 60), 9},
		"vi-02":             {vietnamese(t, fonts, "02", 1), 1},
		"vi-04":             {vietnamese(t, fonts, "04", 3), 1},
		"vi-05":             {vietnamese(t, fonts, "05", 2), 2},
		"vi-06":             {vi06, 6},
		"fa-cover":          {cover, 1},
		"fa-cover-no-photo": {persianForm(t, fonts, "cover-sheet"), 1},
		"fa-referral":       {persianForm(t, fonts, "referral"), 1},
		"tr-paper":          {turkish(t, fonts), 2},
		"tr-e-signed":       {signed, 2},
		"tr-blank":          {blank, 1},
		"ru":                {russian(t, fonts), 1},
		"ru-rsa":            {rsa, 1},
		"generic":           {generic(t, fonts), 1},
	}
}

func TestForms(t *testing.T) {
	for name, s := range samples(t) {
		t.Run(name, func(t *testing.T) {
			pdf := render(t, s.in)
			if again := render(t, s.in); !bytes.Equal(pdf, again) {
				t.Error("the same input gives other bytes")
			}
			judge(t, pdf, "qpdf", "--check", "PDF")
			if got := info(t, pdf, "Pages"); got != strconv.Itoa(s.want) {
				t.Errorf("%s pages, want %d", got, s.want)
			}
			if got := info(t, pdf, "Title"); got != s.in.Form.Title {
				t.Errorf("title %q", got)
			}
			if got := info(t, pdf, "Page size"); !strings.Contains(got, "A4") {
				t.Errorf("page size %q", got)
			}
			if bytes.Contains(pdf, []byte("/AcroForm")) || !bytes.Contains(pdf, []byte("/Lang("+s.in.Form.Language+")")) {
				t.Error("form fields, or no language")
			}
			allEmbedded(t, pdf)
			insideMargins(t, pdf, s.in)
			golden(t, name, pdfText(t, pdf))
		})
	}
}

func allEmbedded(t *testing.T, pdf []byte) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(judge(t, pdf, "pdffonts", "PDF")), "\n")
	if len(lines) < 4 {
		t.Errorf("fonts: %v", lines)
	}
	for _, line := range lines[2:] {
		if cols := strings.Fields(line); cols[len(cols)-5] != "yes" || cols[len(cols)-3] != "yes" {
			t.Errorf("not embedded, or no way back to text: %s", line)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the text is not that of %s:\n%s", file, got)
	}
}

func TestWhatMustBeOnTheForms(t *testing.T) {
	all := samples(t)
	for name, want := range map[string][]string{
		"tr-paper": {"Nitelikli Elektronik Sertifika", "Başvuru Formu ve Taahhütnamesi", "İpek Şule", "Işıkoğlu", "YENİLEME",
			"1. nüsha / 2 · sayfa 1/1", "2. nüsha / 2 · sayfa 1/1", "Yok (yalnızca NES)", "3 Yıl", "ıslak imza", "2026-000147",
			"doğrulanmamıştır", "taahhütname metni"},
		"tr-e-signed": {"elektronik olarak imzalanır", "Sertifika sahibi: İPEK ŞULE IŞIKOĞLU", "4f:02:9a:11:7c:d8:03:e5"},
		"ru": {"«Щёлоковская районная", "Ёлкина»", "плановая смена ключа", "«Руководитель организации»", "«Владелец сертификата»",
			"М.П.", "112-233-445 95", "00 Примерная область, г. Щёлоково, ул. Объездная, д. 1", "Заявка на изготовление сертификата", "транспортный модуль", identity.Groups(all["ru"].in.KeyFingerprint, 4)},
		"generic": {identity.Groups(all["generic"].in.KeyFingerprint, 4), "copy 1 of 1", "sign by hand"},
	} {
		text := pdfText(t, render(t, all[name].in))
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q", name, w)
			}
		}
		if strings.Contains(text, "SÖZCÜK") {
			t.Errorf("%s: the security word is printed", name)
		}
	}
	signed := pdfText(t, render(t, all["tr-e-signed"].in))
	for _, no := range []string{"ıslak", "teslim edilir"} {
		if strings.Contains(signed, no) {
			t.Errorf("the e-signed form asks for ink: %q", no)
		}
	}
}

// TestLongValues: names of 300 letters, an address of ten lines, an undertaking of three pages, words without
// spaces: everything is there, nothing beyond the margins.
func TestLongValues(t *testing.T) {
	fonts := testFonts(t)
	for name, in := range map[string]Input{"tr": turkish(t, fonts), "ru": russian(t, fonts), "generic": generic(t, fonts)} {
		t.Run(name, func(t *testing.T) {
			for key := range in.Details {
				in.Details[key] = long("Ğş"+strings.ReplaceAll(key, "_", "")+"Щё", 300)
			}
			in.Details["address"] = "bir\niki\nüç\ndört\nbeş\naltı\nyedi\nsekiz\ndokuz\non"
			in.Details["undertaking"] = long("taahhüt", 9000)
			in.Details["email"] = strings.Repeat("a.b_İ", 200)
			in.Details["authority"] = strings.Repeat("ТФОМС ", 900)
			in.Certificate["holder"] = long("Sahip", 300)
			in.Copies = 1
			pdf := render(t, in)
			judge(t, pdf, "qpdf", "--check", "PDF")
			insideMargins(t, pdf, in)
			text := plain(judge(t, pdf, "pdftotext", "PDF", "-"))
			for key, value := range in.Details {
				if !strings.Contains(sources(in.Form), "."+key) {
					continue
				}
				for line := range strings.SplitSeq(value, "\n") {
					checkAll(t, key, text, line)
				}
			}
		})
	}
}

// plain drops what wrapping changes.
func plain(s string) string { return strings.Join(strings.Fields(s), "") }

// checkAll wants each word of a value as often as the value has it.
func checkAll(t *testing.T, key, text, value string) {
	t.Helper()
	first := strings.Fields(value)[0]
	if len(first) > 300 { // broken at any place: count one of its letters
		first = "İ"
	}
	if got, want := strings.Count(text, first), strings.Count(plain(value), first); got < want {
		t.Errorf("%s: %q is there %d times, want %d", key, short(first), got, want)
	}
}

// sources is all text of the form's file.
func sources(f *Form) string {
	data, _ := os.ReadFile(filepath.Join(assets, "forms", f.ID+".yaml"))
	return string(data)
}

func TestMissingValueIsALine(t *testing.T) {
	in := turkish(t, testFonts(t))
	count := func() (dots int) {
		pages, err := newLayout(in).pages()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pages {
			for _, o := range p.ops {
				if o.kind == opDots {
					dots++
				}
			}
		}
		return dots
	}
	before := count()
	delete(in.Details, "phone")
	in.Details["address"] = "  "
	if got := count() - before; got != 3 { // one for the telephone, two for the address
		t.Errorf("%d more dotted lines, want 3", got)
	}
}

func TestSignaturePlaces(t *testing.T) {
	fonts := testFonts(t)
	doc, err := Make(turkish(t, fonts))
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Places) != 2 || doc.Places[0].Page != 1 || doc.Places[1].Page != 2 || doc.Places[1].Copy != 2 || doc.Pages != 2 {
		t.Fatalf("places %+v", doc.Places)
	}
	for _, p := range doc.Places {
		if l := newLayout(Input{}); p.X < l.pageW/2 || p.Y < l.pageH*0.7 || p.X+p.W > marginLeft+l.frameW || p.Y+p.H > frameTop+l.frameH {
			t.Errorf("the place for the signature is not at the bottom right: %+v", p)
		}
	}
	doc, err = Make(russian(t, fonts))
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Places) != 2 || doc.Places[0].ID != "head" || doc.Places[1].ID != "owner" || doc.Places[0].X >= doc.Places[1].X {
		t.Errorf("places %+v", doc.Places)
	}
}

func TestBadInput(t *testing.T) {
	fonts := testFonts(t)
	for name, c := range map[string]struct {
		spoil func(*Input)
		kind  string
		names string
	}{
		"copies":      {func(in *Input) { in.Copies = 0 }, KindInput, "0 copies"},
		"date":        {func(in *Input) { in.Date = time.Time{} }, KindInput, "no date"},
		"route":       {func(in *Input) { in.Route = "pigeon" }, KindInput, "pigeon"},
		"fingerprint": {func(in *Input) { in.KeyFingerprint = "xyz" }, KindInput, "fingerprint"},
		"no form":     {func(in *Input) { in.Form = nil }, KindInput, "no form"},
		"no fonts":    {func(in *Input) { in.Fonts = nil }, KindInput, "no fonts"},
		"case":        {func(in *Input) { in.Case = strings.Repeat("9", 101) }, KindInput, "100"},
		"letter":      {func(in *Input) { in.Details["unit"] = "aile 😀" }, KindLetter, "U+1F600"},
		"chinese":     {func(in *Input) { in.Details["unit"] = "漢" }, KindLetter, "U+6F22"},
		"photograph":  {func(in *Input) { in.Photo = []byte("no picture") }, KindInput, "photograph"},
		"rows":        {func(in *Input) { in.Rows = make([]map[string]string, maxRows+1) }, KindInput, "2001 rows"},
	} {
		t.Run(name, func(t *testing.T) {
			in := turkish(t, fonts)
			c.spoil(&in)
			pdf, err := Render(in)
			var e *Error
			if pdf != nil || !errors.As(err, &e) || e.Kind != c.kind || !strings.Contains(err.Error(), c.names) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestManyAtOnce: one Fonts, many goroutines, the same bytes.
func TestManyAtOnce(t *testing.T) {
	fonts := testFonts(t)
	var wg sync.WaitGroup
	for _, in := range []Input{russian(t, fonts), persianForm(t, fonts, "cover-sheet"), vietnamese(t, fonts, "01", 20)} {
		want := render(t, in)
		for range 8 {
			wg.Go(func() {
				if got, err := Render(in); err != nil || !bytes.Equal(got, want) {
					t.Errorf("other bytes, or %v", err)
				}
			})
		}
	}
	wg.Wait()
}
