package form

import (
	"slices"
	"text/template"

	"golang.org/x/text/language"

	"rekey/app/form/pdf"
)

// The page, in millimetres from its top left corner. Blocks are laid out in the frame; the page mark is above it and the
// foot line with the QR code below. A form in a language that is written from right to left is laid out from left to
// right and mirrored when it is drawn.
const (
	paperShort, paperLong = 210.0, 297.0
	marginLeft, frameTop  = 20.0, 20.0
	markBaseline          = 13.0
	footRoom              = 22.0     // from the frame to the end of the paper
	footRule, footLine    = 2.0, 5.5 // from the frame to the rule and to the baseline of the foot line
)

// layout turns blocks into pieces, and pieces into pages. It keeps the first error and goes on.
type layout struct {
	in  Input
	err error

	pageW, pageH   float64
	frameW, frameH float64
	rtl            bool
	mark           *mark
	photo          *pdf.Image
	row            rowValues // while a table is laid out

	templates map[string]*template.Template
	sets      map[setKey]set
}

func newLayout(in Input) *layout {
	l := &layout{in: in, pageW: paperShort, pageH: paperLong, templates: map[string]*template.Template{}, sets: map[setKey]set{}}
	if in.Form != nil {
		if in.Form.Landscape {
			l.pageW, l.pageH = l.pageH, l.pageW
		}
		l.rtl = rightToLeft(in.Form.Language)
	}
	l.frameW, l.frameH = l.pageW-2*marginLeft, l.pageH-frameTop-footRoom
	return l
}

// rightToLeft tells how a language is written.
func rightToLeft(lang string) bool {
	tag, err := language.Parse(lang)
	script, _ := tag.Script()
	return err == nil && slices.Contains([]string{"Arab", "Hebr"}, script.String())
}

func (l *layout) fail(err error) {
	if l.err == nil {
		l.err = err
	}
}

// opKind is what one drawing operation does.
type opKind int

const (
	opText   opKind = iota // text with its baseline at y
	opRule                 // line from x, y to x+w, y+h
	opDots                 // dotted line of width w at y
	opBox                  // rectangle
	opCircle               // dashed circle in the rectangle
	opQR                   // code in the rectangle
	opPhoto                // the input's photograph in the rectangle
)

// op is one drawing operation; x and y count from the frame's corner once it is on a page.
type op struct {
	kind       opKind
	x, y, w, h float64
	text       string
	style      style
	size       float64 // of text in points, of lines in millimetres
	code       *code
}

// piece is the smallest part of a form that is never broken over pages.
type piece struct {
	ops    []op
	places []Place
	height float64
	before float64 // space above, dropped at the top of a page
	glue   bool    // stays on one page with the next piece
	head   *piece  // printed again above this piece when a page begins with it
	bottom bool    // goes to the foot of the page with all that follows
}

// page is what one page shows.
type page struct {
	ops    []op
	places []Place
	y      float64 // how far it is filled
}

func (p *page) put(pc piece, y float64) {
	for _, o := range pc.ops {
		o.y += y
		p.ops = append(p.ops, o)
	}
	for _, place := range pc.places {
		place.Y += y
		p.places = append(p.places, place)
	}
	p.y = y + pc.height
}

// pages lays the whole form out once; copies differ only in their marks.
func (l *layout) pages() ([]page, error) {
	pieces := l.pieces()
	if l.err != nil {
		return nil, l.err
	}
	return paginate(splitTall(pieces, l.frameH), l.frameH), nil
}

// pieces lays out the blocks of the route and ties each row of signatures to the block before it.
func (l *layout) pieces() []piece {
	var all []piece
	var previous []piece // the block before, as a part of all
	for i := range l.in.Form.Blocks {
		b := &l.in.Form.Blocks[i]
		if !onRoute(b.Routes, l.in.Route) {
			continue
		}
		pieces := l.block(b)
		if len(pieces) == 0 {
			continue
		}
		if b.Signatures != nil {
			tie(previous, height(pieces), l.frameH)
		}
		if len(b.Notes) > 0 && len(all) > 0 && len(previous) > 0 && l.signed(i) {
			all[len(all)-1].glue = true
		}
		start := len(all)
		all = append(all, pieces...)
		previous = all[start:]
	}
	return all
}

// signed tells whether the block before i on this route is a row of signatures.
func (l *layout) signed(i int) bool {
	for i--; i >= 0; i-- {
		if b := &l.in.Form.Blocks[i]; onRoute(b.Routes, l.in.Route) {
			return b.Signatures != nil
		}
	}
	return false
}

func onRoute(routes []string, route string) bool {
	for _, r := range routes {
		if r == route {
			return true
		}
	}
	return len(routes) == 0
}

// tie glues the pieces of a block to what follows: all of them if they fit on one page together, else the last two. A
// longer table may always be broken, as its head is repeated.
func tie(block []piece, following, frameH float64) {
	from := 0
	if height(block)+following > frameH*0.6 || block[len(block)-1].head != nil && len(block) > 4 {
		from = max(0, len(block)-2)
	}
	for i := from; i < len(block); i++ {
		block[i].glue = true
	}
}

func height(pieces []piece) float64 {
	sum := 0.0
	for i, p := range pieces {
		sum += p.height
		if i > 0 {
			sum += p.before
		}
	}
	return sum
}
