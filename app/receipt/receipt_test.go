package receipt

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"path/filepath"
	"strings"
	"testing"
)

func files(t testing.TB) (pdf, jpg, pic []byte) {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 20, 20))
	var a, b bytes.Buffer
	if err := errors.Join(jpeg.Encode(&a, m, nil), png.Encode(&b, m)); err != nil {
		t.Fatal(err)
	}
	return []byte("%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\r\n"), a.Bytes(), b.Bytes()
}

func TestCheck(t *testing.T) {
	pdf, jpg, pic := files(t)
	for name, c := range map[string]struct {
		name string
		data []byte
		kind Kind
		err  error
	}{
		"pdf":              {"dekont.pdf", pdf, PDF, nil},
		"jpeg":             {"Dekont İş Bankası.JPG", jpg, JPEG, nil},
		"png":              {"квитанция.png", pic, PNG, nil},
		"persian":          {"رسید پرداخت‌شده.pdf", pdf, PDF, nil},
		"no ending":        {"dekont", pdf, PDF, nil},
		"date":             {"dekont 21.11", pdf, PDF, nil},
		"mail's lines":     {"a.pdf", append(bytes.Clone(pdf), strings.Repeat("\r\n", 100)...), PDF, nil},
		"largest":          {"a.pdf", append(make([]byte, 0, MaxSize), padded(pdf, MaxSize)...), PDF, nil},
		"empty":            {"a.pdf", nil, "", ErrEmpty},
		"too big":          {"a.pdf", padded(pdf, MaxSize+1), "", ErrTooBig},
		"text":             {"a.pdf", []byte("hello"), "", ErrKind},
		"web page":         {"a.pdf", []byte("<html>%PDF-1.4 %%EOF"), "", ErrKind},
		"program":          {"a.pdf", []byte("MZ\x90\x00"), "", ErrKind},
		"gif":              {"a.png", []byte("GIF89a"), "", ErrKind},
		"cut pdf":          {"a.pdf", pdf[:20], "", ErrCut},
		"cut jpeg":         {"a.jpg", jpg[:len(jpg)-2], "", ErrCut},
		"cut png":          {"a.png", pic[:40], "", ErrCut},
		"other kind":       {"a.png", jpg, "", ErrMislead},
		"runs":             {"dekont.pdf.exe", pdf, "", ErrMislead},
		"active page":      {"dekont.svg", pdf, "", ErrMislead},
		"no name":          {"", pdf, "", ErrName},
		"path":             {"../a.pdf", pdf, "", ErrName},
		"windows path":     {`..\a.pdf`, pdf, "", ErrName},
		"drive":            {"C:a.pdf", pdf, "", ErrName},
		"hidden":           {".pdf", pdf, "", ErrName},
		"dots":             {"..", pdf, "", ErrName},
		"device":           {"con.pdf", pdf, "", ErrName},
		"second device":    {"LPT1", pdf, "", ErrName},
		"control":          {"a\n.pdf", pdf, "", ErrName},
		"zero":             {"a.pdf\x00.exe", pdf, "", ErrName},
		"turned around":    {"dekont\u202efdp.exe", pdf, "", ErrName},
		"not UTF-8":        {"a\xff.pdf", pdf, "", ErrName},
		"long":             {strings.Repeat("ş", 200) + ".pdf", pdf, "", ErrName},
		"space at the end": {"a.pdf ", pdf, "", ErrName},
	} {
		t.Run(name, func(t *testing.T) {
			kind, err := Check(c.name, c.data)
			if kind != c.kind || !errors.Is(err, c.err) || c.err == nil && err != nil {
				t.Errorf("%q, %v", kind, err)
			}
		})
	}
}

// padded is a PDF of a size, its end mark at its end.
func padded(pdf []byte, size int) []byte {
	all := make([]byte, size)
	copy(all, pdf)
	copy(all[size-5:], "%%EOF")
	return all
}

func FuzzCheck(f *testing.F) {
	pdf, jpg, pic := files(f)
	f.Add("a.pdf", pdf)
	f.Add("b.jpg", jpg)
	f.Add("c.png", pic)
	f.Add("../x", []byte("%PDF-"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		kind, err := Check(name, data)
		if (err == nil) != (kind != "") {
			t.Fatalf("%q, %v", kind, err)
		}
		if err != nil {
			return
		}
		if name != filepath.Base(name) || strings.ContainsAny(name, "/\\\x00\n") || name == "." || name == ".." {
			t.Fatalf("the name %q leads elsewhere", name)
		}
		if !bytes.HasPrefix(data, map[Kind][]byte{PDF: []byte("%PDF-"), JPEG: {0xff, 0xd8, 0xff}, PNG: []byte("\x89PNG")}[kind]) {
			t.Fatalf("%q for %q", kind, data[:8])
		}
	})
}
