package form

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// scan reads the QR code of each page with a decoder that is not ours, from a picture as an office's scanner makes it.
func scan(t *testing.T, pdf []byte, crop ...string) []string {
	t.Helper()
	var found []string
	for _, name := range pages(t, pdf, t.TempDir(), 200, crop...) {
		out, err := exec.Command("zbarimg", "-q", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", name).Output()
		if err != nil {
			t.Fatalf("zbarimg: %v on %s", err, filepath.Base(name))
		}
		found = append(found, strings.TrimSuffix(string(out), "\n"))
	}
	return found
}

// TestScanFindsTheCase: every page of every form leads to its case, and says the digest that is printed beside the code.
func TestScanFindsTheCase(t *testing.T) {
	for name, s := range samples(t) {
		t.Run(name, func(t *testing.T) {
			s.in.Rows = s.in.Rows[:min(len(s.in.Rows), 12)]
			doc, err := Make(s.in)
			if err != nil {
				t.Fatal(err)
			}
			l := newLayout(s.in) // the rest of the page takes the decoder long
			dots := func(mm float64) string { return fmt.Sprint(int(mm / 25.4 * 200)) }
			found := scan(t, doc.PDF, "-x", dots(l.mirror(0, 50)), "-y", dots(l.pageH-footRoom), "-W", dots(50), "-H", dots(footRoom))
			if len(found) != doc.Pages {
				t.Fatalf("%d codes on %d pages: %q", len(found), doc.Pages, found)
			}
			for _, text := range found {
				caseID, digest, ok := ParseMark(text)
				if !ok || caseID != s.in.Case || digest != doc.Digest {
					t.Errorf("%q leads to %q, %q; want %q, %q", text, caseID, digest, s.in.Case, doc.Digest)
				}
			}
		})
	}
}

// TestScanWholePage: a long case number, and a page full of other things.
func TestScanWholePage(t *testing.T) {
	in := russian(t, testFonts(t))
	in.Case = "01a1fff6-9639-754c-b104-a7ae47f12955"
	found := scan(t, render(t, in))
	if len(found) != 1 || !strings.HasPrefix(found[0], "REKEY:01A1FFF6-9639-754C-B104-A7AE47F12955:") {
		t.Errorf("found %q", found)
	}
}

func TestParseMark(t *testing.T) {
	const digest = "00112233445566778899aabbccddeeff"
	for _, caseID := range []string{"", "2026-000147", "01a1fff6-9639-754c-b104-a7ae47f12955", "A/b:c-Щ"} {
		if got, d, ok := ParseMark(markText(caseID, digest)); !ok || got != caseID || d != digest {
			t.Errorf("%q came back as %q, %q, %v", caseID, got, d, ok)
		}
	}
	for _, text := range []string{"", "REKEY", "REKEY:x", "REKEY:x:12", "ST00012|Name=x", "http://x:" + digest} {
		if _, _, ok := ParseMark(text); ok {
			t.Errorf("%q is taken for a mark", text)
		}
	}
}

// TestDigest: it follows what is printed, not the number of copies, and not what is kept secret.
func TestDigest(t *testing.T) {
	fonts := testFonts(t)
	digest := func(change func(*Input)) string {
		in := turkish(t, fonts)
		change(&in)
		doc, err := Make(in)
		if err != nil {
			t.Fatal(err)
		}
		return doc.Digest
	}
	was := digest(func(*Input) {})
	for name, same := range map[string]func(*Input){
		"copies": func(in *Input) { in.Copies = 3 },
		"secret": func(in *Input) { in.Details["security_word"] = "BAŞKA" },
		"spaces": func(in *Input) { in.Details["surname"] += "\u200b " },
	} {
		if digest(same) != was {
			t.Errorf("%s changes the digest", name)
		}
	}
	for name, other := range map[string]func(*Input){
		"name":        func(in *Input) { in.Details["surname"] = "Isıkoğlu" },
		"case":        func(in *Input) { in.Case = "2026-000148" },
		"reason":      func(in *Input) { in.Reason = "lost" },
		"certificate": func(in *Input) { in.Certificate["serial"] = "4f" },
	} {
		if digest(other) == was {
			t.Errorf("%s does not change the digest", name)
		}
	}
	without := turkish(t, fonts)
	form := *without.Form
	form.NoMark = true
	without.Form = &form
	if doc, err := Make(without); err != nil || doc.Digest != "" || strings.Contains(pdfText(t, doc.PDF), "SHA-256") {
		t.Error("a mark on a form that wants none", err)
	}
}
