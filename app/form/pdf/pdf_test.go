package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func testFont(t testing.TB, name string) *Font {
	t.Helper()
	ttf, err := os.ReadFile(filepath.Join("..", "..", "..", "assets", "fonts", name+".ttf"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := NewFont(name, ttf)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// sample has all that a page can have. Glyph 36 is A in Noto Sans; what it is called does not matter to the writer.
func sample(t testing.TB) []byte {
	t.Helper()
	d := New(Meta{Title: "Başvuru (1) & <2>\\", Subject: "x", Language: "tr", Creator: "Rekey", Date: time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)})
	noto, vazirmatn := testFont(t, "NotoSans-Regular"), testFont(t, "Vazirmatn-Bold")
	for range 2 {
		p := d.AddPage(210, 297)
		p.Text(20, 20, 10, []Run{
			{noto, []Glyph{{36, "A", noto.Width(36), 0, 0}, {36, "А", noto.Width(36), 0, 0}, {40, "E", 500, 20, 100}}},
			{vazirmatn, []Glyph{{1000, "ب", vazirmatn.Width(1000), 0, 0}, {Empty, "\u200c", 0, 0, 0}}},
		})
		p.Line(0, 0, 10, 10, 0.2)
		p.Dots(0, 5, 10, 0.3, 1.1)
		p.Rect(1, 1, 5, 5, 0.1)
		p.Circle(50, 50, 20, 0.2, 1)
		p.Fill([]Area{{1, 2, 3, 4}})
	}
	data, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func run(t *testing.T, data []byte, name string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "PDF", file)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestJudges(t *testing.T) {
	data := sample(t)
	if !bytes.Equal(data, sample(t)) {
		t.Error("other bytes the second time")
	}
	if out := run(t, data, "qpdf", "--check", "PDF"); strings.Contains(out, "WARNING") {
		t.Error(out)
	}
	if out := run(t, data, "pdftotext", "-raw", "PDF", "-"); !strings.Contains(out, "AА") {
		t.Errorf("the twins A and А: %q", out)
	}
	info := run(t, data, "pdfinfo", "PDF")
	for _, want := range []string{`Title:           Başvuru (1) & <2>\`, "Pages:           2", "A4", "Form:            none", "JavaScript:      no", "Encrypted:       no"} {
		if !strings.Contains(info, want) {
			t.Errorf("no %q in\n%s", want, info)
		}
	}
	if out := run(t, data, "pdftoppm", "-r", "50", "-png", "PDF", "PDF"); strings.Contains(out, "Error") {
		t.Error(out)
	}
}

// TestArchive looks for what PDF/A-2u asks for (ISO 19005-2); the number is the clause.
func TestArchive(t *testing.T) {
	data := sample(t)
	if !bytes.HasPrefix(data, []byte("%PDF-1.7\n%")) || bytes.ContainsFunc(data[10:14], func(r rune) bool { return r < 128 }) {
		t.Error("6.1.2: header, four high bytes")
	}
	if m := regexp.MustCompile(`/ID\[<([0-9a-f]{32})><([0-9a-f]{32})>\]`).FindSubmatch(data); m == nil || !bytes.Equal(m[1], m[2]) {
		t.Error("6.1.3: file identifier")
	}
	for _, no := range []string{"/Encrypt", "/LZW", "/SMask", "/Group", "/ca ", "/CA ", "/BM", "/JavaScript", "/JS", "/AA", "/OpenAction", "/AcroForm",
		"/EmbeddedFiles", "/Annots", "/Interpolate", "/Alternates", "/ObjStm", "/XFA", "/TR"} {
		if bytes.Contains(data, []byte(no)) {
			t.Errorf("%s is there", no)
		}
	}
	if !regexp.MustCompile(`/OutputIntents\[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier\(sRGB\)/Info\(sRGB\)/DestOutputProfile 5 0 R>>\]`).Match(data) {
		t.Error("6.2.3: output intent")
	}
	fonts, descriptors := bytes.Count(data, []byte("/Subtype/Type0")), bytes.Count(data, []byte("/FontFile2"))
	if fonts != 2 || descriptors != 2 || bytes.Count(data, []byte("/ToUnicode")) != 2 || bytes.Count(data, []byte("/CIDToGIDMap")) != 2 {
		t.Errorf("6.2.11: %d fonts, %d embedded", fonts, descriptors)
	}
	for _, code := range regexp.MustCompile(`<[0-9A-F]{4}> <([0-9A-F]*)>`).FindAllSubmatch(bytes.Join(streams(t, data), nil), -1) {
		if text := string(code[1]); text == "" || text == "0000" || text == "FEFF" || text == "FFFE" {
			t.Errorf("6.2.11.7.2: a glyph stands for %q", text)
		}
	}
	xmp := data[bytes.Index(data, []byte("<?xpacket begin")):bytes.Index(data, []byte(`<?xpacket end`))]
	var packet struct {
		Description struct {
			Part        string `xml:"http://www.aiim.org/pdfa/ns/id/ part"`
			Conformance string `xml:"http://www.aiim.org/pdfa/ns/id/ conformance"`
			Title       string `xml:"title>Alt>li"`
			Created     string `xml:"http://ns.adobe.com/xap/1.0/ CreateDate"`
			Producer    string `xml:"http://ns.adobe.com/pdf/1.3/ Producer"`
		} `xml:"RDF>Description"`
	}
	if err := xml.Unmarshal(xmp, &packet); err != nil {
		t.Fatal("6.6.2: ", err)
	}
	d := packet.Description
	if d.Part != "2" || d.Conformance != "U" || d.Title != `Başvuru (1) & <2>\` || d.Created != "2026-11-21T09:30:00Z" || d.Producer != "Rekey" {
		t.Errorf("6.6: %+v", d)
	}
	if !bytes.Contains(data, []byte("/CreationDate (D:20261121093000Z)")) {
		t.Error("the document information has another date")
	}
}

// streams unpacks all compressed streams.
func streams(t *testing.T, data []byte) (all [][]byte) {
	t.Helper()
	for _, m := range regexp.MustCompile(`/FlateDecode/Length (\d+)>>\nstream\n`).FindAllIndex(data, -1) {
		r, err := zlib.NewReader(bytes.NewReader(data[m[1]:]))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, plain)
	}
	return all
}

// TestProfile: white and black go through the profile as they should, by LittleCMS.
func TestProfile(t *testing.T) {
	profile := sRGB()
	if int(binary.BigEndian.Uint32(profile)) != len(profile) || string(profile[36:40]) != "acsp" {
		t.Error("header")
	}
	file := filepath.Join(t.TempDir(), "sRGB.icc")
	if err := os.WriteFile(file, profile, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("transicc", "-i"+file, "-o*sRGB", "-t1", "-n")
	cmd.Stdin = strings.NewReader("255\n255\n255\n0\n0\n0\n200\n100\n50\n")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var rounded []string
	for _, m := range regexp.MustCompile(`\d+\.\d{4}`).FindAllString(string(out), -1) {
		v, _ := strconv.ParseFloat(m, 64)
		rounded = append(rounded, strconv.Itoa(int(v+0.5)))
	}
	if got := strings.Join(rounded, " "); got != "255 255 255 0 0 0 200 100 50" {
		t.Errorf("colours come out as %s\n%s", got, out)
	}
}

// TestSubset: the font that goes into a file can be read again, and composed glyphs have their parts.
func TestSubset(t *testing.T) {
	for _, name := range []string{"NotoSans-Regular", "NotoSans-Bold", "NotoSansMono-Regular", "Vazirmatn-Regular", "Vazirmatn-Bold"} {
		f := testFont(t, name)
		var keys []cidKey
		for g := range uint16(len(f.widths)) {
			keys = append(keys, cidKey{g, "x"})
		}
		whole, _ := f.subset(keys)
		again, err := NewFont(name, whole)
		if err != nil || len(again.widths) != len(f.widths) {
			t.Fatalf("%s: %v", name, err)
		}
		for g := range f.widths {
			if !bytes.Equal(bytes.TrimRight(again.outline(uint16(g)), "\x00"), bytes.TrimRight(f.outline(uint16(g)), "\x00")) || again.widths[g] != f.widths[g] {
				t.Fatalf("%s: glyph %d is another", name, g)
			}
		}
		part, numbers := f.subset(append(keys[200:230:230], cidKey{Empty, "y"}))
		if small, err := NewFont(name, part); err != nil || len(small.outline(numbers[Empty])) != 0 || small.Width(numbers[Empty]) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzNewFont(f *testing.F) {
	ttf, err := os.ReadFile(filepath.Join("..", "..", "..", "assets", "fonts", "Vazirmatn-Regular.ttf"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(ttf[:4000])
	f.Add([]byte("\x00\x01\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = NewFont("x", data) // must not panic
	})
}
