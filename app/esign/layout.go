package esign

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"rekey/app/esign/pdf"
)

// sketch is a PDF with a blank for the signature: file[start:end] are its hex digits.
type sketch struct {
	file       []byte
	start, end int
}

// Sub-filters of signatures.
const (
	subFilterPKCS7 = "adbe.pkcs7.detached"
	subFilterCAdES = "ETSI.CAdES.detached"
)

// plan is what goes into a file.
type plan struct {
	room  int // bytes of CMS
	at    time.Time
	name  string
	place *drawn // nil: invisible
}

// layOut appends the incremental update of a signature with a blank. All that may be wrong with the file
// shows here, before a card is asked. Form fields, other annotations and everything else stay as they are.
func layOut(file []byte, p plan) (*sketch, error) {
	f, err := pdf.Open(file)
	if err != nil {
		return nil, err
	}
	if err := signable(f); err != nil {
		return nil, err
	}
	number := 1
	if p.place != nil {
		number = p.place.page
	}
	page, _, err := f.Page(number)
	if err != nil {
		return nil, err
	}
	u := newUpdate(f, file)
	signature, widget := u.reserve(), u.reserve()
	look := pdf.Dict{
		"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Widget"), "FT": pdf.Name("Sig"), "T": u.fieldName(), "F": 132, // print, locked
		"P": page.Ref, "V": signature, "Rect": pdf.Array{0, 0, 0, 0},
	}
	if p.place != nil {
		appearance, rect, err := p.place.appearance(page)
		if err != nil {
			return nil, err
		}
		look["Rect"], look["AP"] = rect, pdf.Dict{"N": u.add(appearance)}
	}
	u.put(widget, look)
	if err := u.hang(page, widget); err != nil {
		return nil, err
	}
	s := u.signature(signature, p)
	u.finish(s)
	return s, nil
}

// signable refuses what a signature would spoil.
func signable(f *pdf.File) error {
	root := f.Dict(f.Trailer["Root"])
	if root == nil {
		return errors.New("the PDF has no catalog")
	}
	if _, isRef := f.Trailer["Root"].(pdf.Ref); !isRef {
		return errors.New("the PDF has no catalog")
	}
	if formOf(f)["XFA"] != nil {
		return errors.New("the PDF is an XFA form, which a signature would spoil")
	}
	fields, err := signatureFields(f)
	if err != nil {
		return err
	}
	for _, field := range fields {
		for _, o := range f.Array(field.dict["Reference"]) {
			reference := f.Dict(o)
			allowed, told := f.Int(f.Dict(reference["TransformParams"])["P"])
			if f.Name(reference["TransformMethod"]) == "DocMDP" && told && allowed == 1 {
				return errors.New("its author allows no more changes, not even a signature")
			}
		}
	}
	return f.Err()
}

// update is an incremental update in the making (ISO 32000-1 §7.5.6).
type update struct {
	file   *pdf.File
	out    bytes.Buffer
	places map[pdf.Ref]int // offsets
	next   int
	input  int
}

func newUpdate(f *pdf.File, file []byte) *update {
	u := &update{file: f, places: map[pdf.Ref]int{}, next: f.Size, input: len(file)}
	u.out.Grow(len(file) + 64<<10)
	u.out.Write(file)
	if !bytes.HasSuffix(file, []byte("\n")) {
		u.out.WriteByte('\n')
	}
	return u
}

func (u *update) reserve() pdf.Ref {
	u.next++
	return pdf.Ref{Num: u.next - 1}
}

func (u *update) begin(ref pdf.Ref) {
	u.places[ref] = u.out.Len()
	fmt.Fprintf(&u.out, "%d %d obj\n", ref.Num, ref.Gen)
}

func (u *update) put(ref pdf.Ref, object any) {
	u.begin(ref)
	pdf.Write(&u.out, object)
	u.out.WriteString("\nendobj\n")
}

func (u *update) add(object any) pdf.Ref {
	ref := u.reserve()
	u.put(ref, object)
	return ref
}

// fieldName is a name that no field has yet.
func (u *update) fieldName() pdf.String {
	w := fieldWalk{file: u.file, names: map[string]bool{}}
	_ = w.walk(formOf(u.file)["Fields"], 0) // signable went this way before
	for i := 1; ; i++ {
		name := fmt.Sprintf("Signature%d", i)
		if !w.names[name] && !w.names[string(text(name))] {
			return pdf.String(name)
		}
	}
}

// hang puts the widget on its page and into the form.
func (u *update) hang(page pdf.Page, widget pdf.Ref) error {
	notes := append(slices.Clone(u.file.Array(page.Dict["Annots"])), widget)
	if ref, ok := page.Dict["Annots"].(pdf.Ref); ok {
		u.put(ref, notes)
	} else {
		u.put(page.Ref, with(page.Dict, "Annots", notes))
	}
	catalog := u.file.Trailer["Root"].(pdf.Ref) // signable made sure
	root := u.file.Dict(catalog)
	form := u.file.Dict(root["AcroForm"])
	form = with(form, "Fields", append(slices.Clone(u.file.Array(form["Fields"])), widget))
	form["SigFlags"] = 3 // signatures exist, append only
	if ref, ok := root["AcroForm"].(pdf.Ref); ok {
		u.put(ref, form)
	} else {
		u.put(catalog, with(root, "AcroForm", form))
	}
	return u.file.Err()
}

// with is a copy of a dictionary with one entry set.
func with(d pdf.Dict, key pdf.Name, value any) pdf.Dict {
	out := pdf.Dict{key: value}
	for k, v := range d {
		if k != key {
			out[k] = v
		}
	}
	return out
}

// signature writes the signature dictionary with a blank for its byte range and its CMS.
func (u *update) signature(ref pdf.Ref, p plan) *sketch {
	u.begin(ref)
	u.out.WriteString("<<\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /" + subFilterCAdES + "\n/M (" + formatDate(p.at) + ")\n/Name ")
	pdf.Write(&u.out, text(p.name))
	u.out.WriteString("\n" + rangeBlank + "\n/Contents ")
	s := &sketch{start: u.out.Len() + 1}
	u.out.WriteString("<" + strings.Repeat("0", 2*p.room) + ">\n>>\nendobj\n")
	s.end = s.start + 2*p.room
	return s
}

// rangeBlank is as long as the longest byte range.
const rangeBlank = "/ByteRange [0                                 ]"

// finish writes the cross-reference section of the kind that the file has, and fills in the byte range.
func (u *update) finish(s *sketch) {
	id := pdf.String(u.identity())
	trailer := pdf.Dict{"Root": u.file.Trailer["Root"], "Prev": u.file.StartXref, "ID": pdf.Array{id, id}}
	if old := u.file.Array(u.file.Trailer["ID"]); len(old) == 2 {
		trailer["ID"] = pdf.Array{u.file.String(old[0]), id} // the first half names the document for ever (§14.4)
	}
	if info := u.file.Trailer["Info"]; info != nil {
		trailer["Info"] = info
	}
	start := u.out.Len()
	if u.file.XrefStream {
		u.xrefStream(trailer)
	} else {
		u.table(trailer)
	}
	fmt.Fprintf(&u.out, "startxref\n%d\n%%%%EOF\n", start)
	s.file = u.out.Bytes()
	covered := fmt.Sprintf("/ByteRange [0 %d %d %d", s.start-1, s.end+1, len(s.file)-s.end-1)
	at := u.input + bytes.Index(s.file[u.input:], []byte(rangeBlank))
	copy(s.file[at:], covered)
}

// identity makes the second half of the file's ID from what the file is.
func (u *update) identity() []byte {
	sum := sha256.Sum256(u.out.Bytes())
	return sum[:16]
}

func (u *update) refs() []pdf.Ref {
	var all []pdf.Ref
	for ref := range u.places {
		all = append(all, ref)
	}
	slices.SortFunc(all, func(a, b pdf.Ref) int { return a.Num - b.Num })
	return all
}

// text is a PDF text string in UTF-16 (§7.9.2.2).
func text(s string) pdf.String {
	out := []byte{0xfe, 0xff}
	for _, unit := range utf16.Encode([]rune(s)) {
		out = append(out, byte(unit>>8), byte(unit))
	}
	return pdf.String(out)
}
