package form

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// pageTexts gives the printed lines of each page.
func pageTexts(t *testing.T, in Input) [][]string {
	t.Helper()
	pages, err := newLayout(in).pages()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for _, p := range pages {
		var lines []string
		for _, o := range p.ops {
			if o.kind == opText {
				lines = append(lines, o.text)
			}
		}
		all = append(all, lines)
	}
	return all
}

// TestSignatureStaysWithItsText grows the undertaking line by line over two pages: the signature place is once, on the
// last page, never without a line of what is signed, and a heading never ends a page.
func TestSignatureStaysWithItsText(t *testing.T) {
	in := turkish(t, testFonts(t))
	for words := 1; words < 900; words += 11 {
		in.Details["undertaking"] = strings.Repeat("sözleşme ", words)
		pages := pageTexts(t, in)
		last := strings.Join(pages[len(pages)-1], "\n")
		if !strings.Contains(last, "İmza") || !strings.Contains(last, "sözleşme") {
			t.Fatalf("%d words: the last page has\n%s", words, last)
		}
		total := 0
		for i, page := range pages {
			total += strings.Count(strings.Join(page, "\n"), "sözleşme")
			if end := page[len(page)-1]; i < len(pages)-1 && strings.HasPrefix(end, "TAAHHÜTNAME") {
				t.Fatalf("%d words: page %d ends with a heading", words, i+1)
			}
			if i > 0 && page[0] != "TAAHHÜTNAME (devamı)" && page[0] != "TAAHHÜTNAME" {
				t.Fatalf("%d words: page %d begins with %q", words, i+1, page[0])
			}
		}
		if total != words {
			t.Fatalf("%d words in, %d out", words, total)
		}
	}
}

// TestReasons: each reason crosses one box.
func TestReasons(t *testing.T) {
	in := turkish(t, testFonts(t))
	for reason, label := range map[string]string{
		"first-issue": "İlk başvuru", "renewal": "YENİLEME", "lost": "Kayıp/Çalıntı", "change": "Diğer", "recovery": "Diğer", "": "",
	} {
		in.Reason = reason
		lines := pageTexts(t, in)[0]
		crossed := ""
		for i, line := range lines {
			if line == "X" {
				crossed += lines[i+1]
			}
		}
		if crossed != label {
			t.Errorf("%q crosses %q, want %q", reason, crossed, label)
		}
	}
}

// TestCopies: every copy has its own mark on every page.
func TestCopies(t *testing.T) {
	in := turkish(t, testFonts(t))
	in.Copies = 3
	in.Details["undertaking"] = strings.Repeat("sözleşme ", 500)
	text := pdfText(t, render(t, in))
	for n := 1; n <= 3; n++ {
		for page := 1; page <= 2; page++ {
			if mark := fmt.Sprintf("%d. nüsha / 3 · sayfa %d/2", n, page); strings.Count(text, mark) != 1 {
				t.Errorf("%q is there %d times", mark, strings.Count(text, mark))
			}
		}
	}
}

// TestValuesAreNoTemplates: braces in a value are printed as they are.
func TestValuesAreNoTemplates(t *testing.T) {
	in := turkish(t, testFonts(t))
	in.Details["unit"] = `{{.Case}} (a) \ %s`
	if text := pdfText(t, render(t, in)); !strings.Contains(text, in.Details["unit"]) {
		t.Error(text)
	}
}

// TestSameGlyphTwice: letters that share a glyph (space and no-break space, Latin and Cyrillic twins) do not make the
// bytes depend on chance, and both come back as text.
func TestSameGlyphTwice(t *testing.T) {
	in := russian(t, testFonts(t))
	in.Details["organisation"] = "A\u00a0А B В Ё Ë e е «x\u00a0y» – — ‑"
	want := render(t, in)
	for range 20 {
		if !bytes.Equal(render(t, in), want) {
			t.Fatal("other bytes")
		}
	}
	judge(t, want, "qpdf", "--check", "PDF")
	if text := pdfText(t, want); !strings.Contains(text, "B В Ё Ë e е") {
		t.Error(text)
	}
}

func TestBrokenFonts(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"missing": {},
		"rubbish": {"NotoSans-Regular.ttf": {Data: []byte("no font")}, "NotoSans-Bold.ttf": {Data: nil}, "NotoSansMono-Regular.ttf": {Data: nil}},
	} {
		var e *Error
		if _, err := LoadFonts(files); !errors.As(err, &e) || e.Kind != KindFonts {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := LoadID(os.DirFS(t.TempDir()), "x"); err == nil {
		t.Error("a form that is not there")
	}
}
