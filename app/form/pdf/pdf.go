// Package pdf writes PDF/A-2u files (ISO 19005-2, level U) of text, lines and pictures: what a printed form is made of.
//
// It promises: the same calls give the same bytes, the file's identifier among them; fonts are embedded as subsets and
// each glyph leads back to the letters that it stands for, so that text can be selected, searched and archived; colours
// have an output intent; XMP metadata say what the document information says. It writes no transparency, form fields,
// scripts, links or attachments, compresses no object streams (so that a signature can be added to the file by anyone),
// and touches no file and no network.
package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// Meta is what the file says about itself.
type Meta struct {
	Title, Subject string
	Language       string // BCP 47
	Creator        string // the program
	Date           time.Time
}

// Document is a file in the making. It is for one goroutine.
type Document struct {
	meta   Meta
	pages  []*Page
	fonts  []*embedded
	byFont map[*Font]*embedded
	images []*Image
}

// New begins a document.
func New(meta Meta) *Document {
	return &Document{meta: meta, byFont: map[*Font]*embedded{}}
}

// AddPage adds a page with a size in millimetres. Coordinates on it are millimetres from its top left corner.
func (d *Document) AddPage(width, height float64) *Page {
	p := &Page{doc: d, width: width * point, height: height * point}
	d.pages = append(d.pages, p)
	return p
}

const point = 72 / 25.4 // points in a millimetre

// The first objects are always the same; pages, fonts and images follow.
const (
	objCatalog = 1 + iota
	objPages
	objInfo
	objMetadata
	objProfile
	objFirst
)

// writer numbers and writes objects.
type writer struct {
	bytes.Buffer
	offsets []int // of object n at n-1
	deflate *zlib.Writer
	packed  bytes.Buffer
}

// begin starts object n.
func (w *writer) begin(n int) {
	for len(w.offsets) < n {
		w.offsets = append(w.offsets, 0)
	}
	w.offsets[n-1] = w.Len()
	fmt.Fprintf(w, "%d 0 obj\n", n)
}

// object writes a whole object without a stream.
func (w *writer) object(n int, format string, args ...any) {
	w.begin(n)
	fmt.Fprintf(w, format, args...)
	w.WriteString("\nendobj\n")
}

// stream writes a compressed stream; entries are further ones of its dictionary.
func (w *writer) stream(n int, data []byte, entries string) error {
	w.packed.Reset()
	w.deflate.Reset(&w.packed)
	if _, err := w.deflate.Write(data); err != nil {
		return err
	}
	if err := w.deflate.Close(); err != nil {
		return err
	}
	w.plain(n, w.packed.Bytes(), entries+"/Filter/FlateDecode")
	return nil
}

// plain writes a stream as it is.
func (w *writer) plain(n int, data []byte, entries string) {
	w.begin(n)
	fmt.Fprintf(w, "<<%s/Length %d>>\nstream\n", entries, len(data))
	w.Write(data)
	w.WriteString("\nendstream\nendobj\n")
}

// Bytes writes the file.
func (d *Document) Bytes() ([]byte, error) {
	w := &writer{deflate: zlib.NewWriter(nil)}
	w.Grow(64 << 10)
	w.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n") // four high bytes: ISO 19005-2, 6.1.2
	w.object(objCatalog, "<</Type/Catalog/Pages %d 0 R/Lang%s/Metadata %d 0 R/ViewerPreferences<</DisplayDocTitle true>>"+
		"/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile %d 0 R>>]>>",
		objPages, textString(d.meta.Language), objMetadata, objProfile)
	d.writeInfo(w)
	if err := w.stream(objProfile, sRGB(), "/N 3"); err != nil {
		return nil, err
	}
	next := objFirst + 2*len(d.pages)
	resources := d.number(&next)
	if err := d.writePages(w, resources); err != nil {
		return nil, err
	}
	for _, e := range d.fonts {
		if err := e.write(w); err != nil {
			return nil, err
		}
	}
	for _, image := range d.images {
		if err := w.stream(image.object, image.pixels, image.entries()); err != nil {
			return nil, err
		}
	}
	d.finish(w)
	return w.Bytes(), nil
}

// number gives fonts and images their object numbers, and writes the resource dictionary that all pages share.
func (d *Document) number(next *int) string {
	var b strings.Builder
	b.WriteString("<</Font<<")
	for i, e := range d.fonts {
		e.object, *next = *next, *next+fontObjects
		fmt.Fprintf(&b, "/F%d %d 0 R", i+1, e.object)
	}
	b.WriteString(">>/XObject<<")
	for i, image := range d.images {
		image.object, *next = *next, *next+1
		fmt.Fprintf(&b, "/I%d %d 0 R", i+1, image.object)
	}
	b.WriteString(">>>>")
	return b.String()
}

func (d *Document) writePages(w *writer, resources string) error {
	var kids strings.Builder
	for i := range d.pages {
		fmt.Fprintf(&kids, "%d 0 R ", objFirst+2*i)
	}
	w.object(objPages, "<</Type/Pages/Count %d/Kids[%s]/Resources%s>>", len(d.pages), kids.String(), resources)
	for i, p := range d.pages {
		n := objFirst + 2*i
		w.object(n, "<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Contents %d 0 R>>", objPages, number(p.width), number(p.height), n+1)
		if err := w.stream(n+1, p.content, ""); err != nil {
			return err
		}
	}
	return nil
}

// finish writes the cross-reference table and the trailer. The identifier is a digest of all that stands before it.
func (d *Document) finish(w *writer) {
	sum := sha256.Sum256(w.Bytes())
	start := w.Len()
	fmt.Fprintf(w, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for _, offset := range w.offsets {
		fmt.Fprintf(w, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(w, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%x><%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(w.offsets)+1, objCatalog, objInfo, sum[:16], sum[:16], start)
}

// textString writes a PDF text string: ASCII as it is, everything else in UTF-16.
func textString(s string) string {
	for _, r := range s {
		if r < 0x20 || r > 0x7e {
			return "<FEFF" + utf16Hex(s) + ">"
		}
	}
	return "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s) + ")"
}

func utf16Hex(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}

// number writes a number with at most three places.
func number(v float64) string {
	s := strconv.FormatFloat(v, 'f', 3, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}
