package form

import (
	"bytes"
	"fmt"

	"codeberg.org/go-pdf/fpdf"
)

// families are the names of the styles inside the PDF.
var families = [...]struct{ name, style string }{{"notosans", ""}, {"notosans", "B"}, {"notosansmono", ""}}

// draw writes the pages of every copy.
func draw(in Input, l *layout, pages []page) (*Document, error) {
	marks, err := l.allMarks(in.Copies, len(pages))
	if err != nil {
		return nil, err
	}
	d := newDrawing(in)
	for i := range pages {
		d.collect(pages[i].ops)
	}
	for _, ops := range marks {
		d.collect(ops)
	}
	doc := &Document{Pages: in.Copies * len(pages)}
	for copy := 1; copy <= in.Copies; copy++ {
		for i := range pages {
			d.pdf.AddPage()
			d.current = -1
			for _, o := range marks[(copy-1)*len(pages)+i] {
				d.op(o, 0, 0)
			}
			for _, o := range pages[i].ops {
				d.op(o, marginLeft, frameTop)
			}
			for _, p := range pages[i].places {
				p.Copy, p.Page = copy, (copy-1)*len(pages)+i+1
				p.X, p.Y = p.X+marginLeft, p.Y+frameTop
				doc.Places = append(doc.Places, p)
			}
		}
	}
	var out bytes.Buffer
	if err := d.pdf.Output(&out); err != nil {
		return nil, &Error{"write PDF", KindInput, err}
	}
	doc.PDF = out.Bytes()
	return doc, nil
}

// allMarks gives the marks of every page of the file.
func (l *layout) allMarks(copies, pages int) ([][]op, error) {
	var all [][]op
	for i := range copies * pages {
		ops, err := l.marks(i/pages+1, i%pages+1, pages)
		if err != nil {
			return nil, err
		}
		all = append(all, ops)
	}
	return all, nil
}

// marks is what stands outside of the frame: which copy and page at the top right, case and form in the foot line.
func (l *layout) marks(copy, number, of int) ([]op, error) {
	v := l.values()
	v.Copy, v.Page, v.Pages = copy, number, of
	f := &l.in.Fonts.faces[regular]
	right := func(text string, size, y float64) op {
		return op{kind: opText, x: marginLeft + frameW - f.width(text, size), y: y, text: text, size: size}
	}
	mark, err := l.execute(l.in.Form.PageMark, v)
	if err != nil {
		return nil, &Error{"render form", KindData, fmt.Errorf("%s: %w", l.in.Form.name, err)}
	}
	ops := []op{
		right(clean(mark), 8, markBaseline),
		{kind: opRule, x: marginLeft, y: footRule, w: frameW, size: hairline},
		right(l.in.Form.ID, sizeNote, footBaseline),
	}
	room := frameW - f.width(l.in.Form.ID, sizeNote) - 6
	foot := l.wrap(l.fill(l.in.Form.Foot), regular, sizeNote, room)
	lines, _ := textOps(foot, regular, sizeNote, leadNote, marginLeft, footBaseline-leadNote*0.76)
	return append(ops, lines...), l.err
}

// drawing is a PDF being written; it adds a font when the first text needs it and sets only what changes.
type drawing struct {
	pdf     *fpdf.Fpdf
	fonts   *Fonts
	letters [len(families)]map[rune]bool // that the whole file uses
	added   [len(families)]bool
	current style
	size    float64
}

func newDrawing(in Input) *drawing {
	pdf := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "mm", SizeStr: "A4"})
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(in.Date.UTC())
	pdf.SetModificationDate(in.Date.UTC())
	pdf.SetProducer("Rekey", true)
	pdf.SetCreator("Rekey", true)
	pdf.SetTitle(in.Form.Title, true)
	pdf.SetSubject(in.Form.ID, true)
	pdf.SetLang(in.Form.Language)
	d := &drawing{pdf: pdf, fonts: in.Fonts, current: -1}
	for i := range d.letters {
		d.letters[i] = map[rune]bool{}
	}
	return d
}

// collect notes the letters of each face.
func (d *drawing) collect(ops []op) {
	for _, o := range ops {
		for _, r := range o.text {
			d.letters[o.style][r] = true
		}
	}
}

func (d *drawing) op(o op, dx, dy float64) {
	x, y := o.x+dx, o.y+dy
	switch o.kind {
	case opText:
		d.font(o.style, o.size)
		d.pdf.Text(x, y, o.text)
	case opRule:
		d.pdf.SetLineWidth(o.size)
		d.pdf.Line(x, y, x+o.w, y+o.h)
	case opDots:
		d.pdf.SetLineWidth(0.3)
		d.pdf.SetLineCapStyle("round")
		d.pdf.SetDashPattern([]float64{0, 1.1}, 0)
		d.pdf.Line(x, y, x+o.w, y)
		d.pdf.SetDashPattern([]float64{}, 0)
		d.pdf.SetLineCapStyle("butt")
	case opBox:
		d.pdf.SetLineWidth(o.size)
		d.pdf.Rect(x, y, o.w, o.h, "D")
	case opCircle:
		d.pdf.SetLineWidth(o.size)
		d.pdf.SetDashPattern([]float64{1.2, 1.2}, 0)
		d.pdf.Circle(x+o.w/2, y+o.h/2, o.w/2, "D")
		d.pdf.SetDashPattern([]float64{}, 0)
	}
}

func (d *drawing) font(st style, size float64) {
	if d.current == st && d.size == size {
		return
	}
	if !d.added[st] {
		d.pdf.AddUTF8FontFromBytes(families[st].name, families[st].style, d.fonts.faces[st].subset(d.letters[st]))
		d.added[st] = true
	}
	d.pdf.SetFont(families[st].name, families[st].style, size)
	d.current, d.size = st, size
}
