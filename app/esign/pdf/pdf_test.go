package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"
)

// build makes a file of numbered objects with a table; the trailer gets what extra says.
func build(extra string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, extra, start)
	return b.Bytes()
}

const catalog = "<< /Type /Catalog /Pages 2 0 R >>"

func packed(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

// Each of these files has made some reader crash, hang, or take all memory.
func TestHostileFilesEndInAnError(t *testing.T) {
	bomb := packed(strings.Repeat("\x01", 100<<20))
	page := "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
	for what, file := range map[string][]byte{
		"kids that are their parents": build("", catalog, "<< /Kids [2 0 R 2 0 R] >>"),
		"a reference to itself":       build("", catalog, "2 0 R"),
		"references in a ring":        build("", catalog, "3 0 R", "2 0 R"),
		"nested arrays":               build("", catalog, strings.Repeat("[", 1<<20)),
		"nested dictionaries":         build("", catalog, strings.Repeat("<</A", 1<<20)),
		"a length that needs itself":  build("", catalog, "<< /Length 2 0 R >>\nstream\nx\nendstream"),
		"a stream that never ends":    build("", catalog, page, "<< /Length 999999999 >>\nstream\nx\nendstream"),
		"a string that never ends":    build("", catalog, "("+strings.Repeat("(", 1000)),
		"a ring of sections":          build("/Prev 0", catalog, page),
		"no pages":                    build("", catalog, "<< /Type /Pages /Kids [] /Count 0 >>"),
		"no root":                     []byte("%PDF-1.7\ntrailer\nstartxref\n9\n%%EOF"),
		"only a start":                []byte("%PDF-1.7\nstartxref"),
		"its own object stream":       xrefStream("[1 2 2]", "\x02\x00\x01\x00\x00\x02\x00\x01\x00\x00", "", "/Index [1 2] /Root 1 0 R"),
		"a bomb":                      xrefStream("[1 2 2]", bomb, "/Filter /FlateDecode", "/Root 1 0 R"),
		"rows of no bytes":            xrefStream("[0 0 0]", "x", "", "/Index [0 8000000] /Root 1 0 R"),
		"wide rows":                   xrefStream("[1 99999999 1]", "x", "", "/Root 1 0 R"),
	} {
		f, err := Open(file)
		if err == nil {
			_, _, err = f.Page(1)
		}
		if err == nil {
			err = f.Err()
		}
		if err == nil {
			t.Errorf("%s: no error", what)
		} else if len(err.Error()) > 300 {
			t.Errorf("%s: a long error", what)
		}
	}
}

func xrefStream(w, data, filter, extra string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	fmt.Fprintf(&b, "9 0 obj\n<< /Type /XRef /Size 10 /W %s /Length %d %s %s >>\nstream\n%s\nendstream\nendobj\nstartxref\n9\n%%%%EOF\n", w, len(data), filter, extra, data)
	return b.Bytes()
}

func TestObjectsSurviveWriting(t *testing.T) {
	for in, want := range map[string]string{
		"null":                     "null",
		"true":                     "true",
		"-0.50":                    "-0.50",
		"+17":                      "+17",
		"12 0 R":                   "12 0 R",
		"[1 0 R 2 3]":              "[1 0 R 2 3]",
		"/A#20b#23":                "/A#20b#23",
		`(a\)\(\\ (b) \101\n)`:     "<61" + "29285c2028622920410a>",
		"(line\\\nbreak)":          "<6c696e65627265616b>",
		"<48 65 6c6C 6>":           "<48656c6c60>",
		"<< /B 1 /A [/X] /B 2 >>":  "<</A [/X]\n/B 2\n>>",
		"% note\n<<>>":             "<<>>",
		"<< /K null /L (x)/M/N >>": "<</K null\n/L <78>\n/M /N\n>>",
	} {
		p := parser{[]byte(in), 0}
		o, err := p.object(0)
		var b bytes.Buffer
		if err == nil {
			Write(&b, o)
		}
		if err != nil || b.String() != want {
			t.Errorf("%s: %q, %v", in, b.String(), err)
		}
	}
}

func TestPagesAndWhatTheyInherit(t *testing.T) {
	f, err := Open(build("", catalog,
		"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 3 /MediaBox [0 0 100 200] >>",
		"<< /Type /Pages /Kids [4 0 R 5 0 R] /Count 2 /Rotate 90 >>",
		"<< /Type /Page /N 1 >>", "<< /Type /Page /N 2 /MediaBox [10 10 50 60.5] >>", "<< /Type /Page /N 3 >>"))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []Page{
		{Box: [4]float64{0, 0, 100, 200}, Rotate: 90}, {Box: [4]float64{10, 10, 50, 60.5}, Rotate: 90}, {Box: [4]float64{0, 0, 100, 200}},
	} {
		got, count, err := f.Page(i + 1)
		if err != nil || count != 3 || got.Box != want.Box || got.Rotate != want.Rotate || got.Dict["N"] != Number(fmt.Sprint(i+1)) {
			t.Errorf("%d: %+v of %d, %v", i+1, got, count, err)
		}
	}
	if _, _, err := f.Page(4); err == nil {
		t.Error("there is a page 4")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(build("", catalog, "<< /Kids [3 0 R] >>", "<< /Type /Page >>"))
	f.Add(xrefStream("[1 2 2]", "\x01\x00\x09\x00\x00", "", "/Index [9 1] /Root 9 0 R"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		file, err := Open(data)
		if err != nil {
			return
		}
		_, _, _ = file.Page(1)
		for num := range min(file.Size, 1000) {
			file.Resolve(Ref{Num: num})
		}
	})
}
