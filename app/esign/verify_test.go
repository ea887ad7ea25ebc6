package esign

import (
	"bytes"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// throughQPDF writes a PDF anew; qpdf's exit status 3 means warnings and is good enough for test input.
func throughQPDF(t *testing.T, pdf []byte, args ...string) []byte {
	t.Helper()
	in, out := save(t, "in.pdf", pdf), filepath.Join(t.TempDir(), "out.pdf")
	said, err := exec.Command("qpdf", append(append([]string{"--allow-weak-crypto"}, args...), in, out)...).CombinedOutput()
	made, readErr := os.ReadFile(out)
	if readErr != nil {
		t.Fatalf("qpdf %v: %v\n%s", args, err, said)
	}
	return made
}

func TestOneChangedByteIsFound(t *testing.T) {
	signed := sign(t, newHolder(t, "ec-p256", "Holder"), form(t, false))
	for name, what := range map[string]string{
		"text":  "Application form",
		"title": "/Producer",
		"date":  "/M (D:20",
		"range": "/ByteRange [0 ",
	} {
		at := bytes.Index(signed, []byte(what))
		if at < 0 {
			t.Fatalf("no %q in the file", what)
		}
		bad := bytes.Clone(signed)
		bad[at+len(what)-1] ^= 1
		found, err := Verify(bad)
		if err == nil && len(found) == 1 && found[0].Valid {
			t.Errorf("%s: a changed file passed", name)
		}
		if name == "text" && (err != nil || found[0].Problem != "the document was changed after it was signed") {
			t.Errorf("%s: %+v %v", name, found, err)
		}
	}
}

func TestTextAddedBehindIsShown(t *testing.T) {
	signed := sign(t, newHolder(t, "ec-p256", "Holder"), form(t, false))
	found, err := Verify(append(bytes.Clone(signed), "\n% more\n"...))
	if err != nil || len(found) != 1 || !found[0].Valid || found[0].CoversWhole {
		t.Errorf("%+v %v", found, err)
	}
}

func TestUnsignedPDFHasNoSignatures(t *testing.T) {
	found, err := Verify(form(t, true))
	if err != nil || len(found) != 0 {
		t.Errorf("%v %v", found, err)
	}
	if _, err := Verify([]byte("hello")); KindOf(err) != KindNotPDF {
		t.Error(err)
	}
}

// Broken files must end in an answer, never in a crash, and never pass.
func TestBrokenFilesEndInAnAnswer(t *testing.T) {
	signed := sign(t, newHolder(t, "ec-p256", "Holder"), form(t, true))
	random := rand.New(rand.NewSource(1))
	for range 400 {
		bad := bytes.Clone(signed)
		switch random.Intn(3) {
		case 0:
			bad = bad[:random.Intn(len(bad))]
		case 1:
			bad[random.Intn(len(bad))] ^= byte(1 + random.Intn(255))
		case 2:
			at := random.Intn(len(bad) - 64)
			random.Read(bad[at : at+random.Intn(64)])
		}
		found, err := Verify(bad)
		if err != nil || len(found) == 0 || bytes.Equal(bad, signed) {
			continue
		}
		if s := found[0]; s.Valid && s.CoversWhole && !onlyPaddingDiffers(signed, bad) {
			t.Fatalf("a broken file passed: %+v", s)
		}
	}
}

func TestClaimsThatWouldTakeAllMemoryAreRefused(t *testing.T) {
	pdf := form(t, false)
	for _, change := range [][2]string{
		{"xref\n0 ", "xref\n9000000000 "},
		{"/Size ", "/Size 9000000000"},
		{"trailer\n", "9000000000 1\n0000000000 00000 n \ntrailer\n"},
		{"trailer\n", "trailer\n<< /Index [ 1 9000000000 ] >>\n"},
	} {
		bad := bytes.Replace(pdf, []byte(change[0]), []byte(change[1]), 1)
		if _, err := Verify(bad); bytes.Equal(bad, pdf) || KindOf(err) != KindPDF {
			t.Errorf("%q: %v", change[1], err)
		}
	}
}

// onlyPaddingDiffers: the hole of the byte range is not signed; its padding and the issuers' certificates in it may change.
func onlyPaddingDiffers(a, b []byte) bool {
	from, to := bytes.LastIndex(a, []byte("/Contents <")), bytes.LastIndex(a, []byte(">\n>>\nendobj\nxref"))
	return len(a) == len(b) && bytes.Equal(a[:from], b[:from]) && bytes.Equal(a[to:], b[to:])
}

func TestParseDate(t *testing.T) {
	want := time.Date(2026, 11, 21, 18, 4, 5, 0, time.UTC)
	for _, s := range []string{"D:20261121210405+03'00'", "D:20261121210405+03'00", "D:20261121180405Z", "D:20261121180405"} {
		if got := parseDate(s); !got.Equal(want) {
			t.Errorf("%s: %v", s, got)
		}
	}
	if !parseDate("yesterday").IsZero() {
		t.Error("rubbish was read as a date")
	}
}
