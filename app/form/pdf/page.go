package pdf

import "strconv"

// Page is one page; see AddPage for its measure.
type Page struct {
	doc           *Document
	width, height float64 // points
	content       []byte
}

// num adds a number and a space.
func (p *Page) num(values ...float64) {
	for _, v := range values {
		p.content = append(p.content, number(v)...)
		p.content = append(p.content, ' ')
	}
}

func (p *Page) add(s string) { p.content = append(p.content, s...) }

func (p *Page) x(mm float64) float64 { return mm * point }
func (p *Page) y(mm float64) float64 { return p.height - mm*point }

// Line draws a black line with a width, all in millimetres.
func (p *Page) Line(x1, y1, x2, y2, width float64) {
	p.num(width * point)
	p.add("w ")
	p.num(p.x(x1), p.y(y1))
	p.add("m ")
	p.num(p.x(x2), p.y(y2))
	p.add("l S\n")
}

// Dots draws a dotted line.
func (p *Page) Dots(x1, y, x2, width, step float64) {
	p.add("q 1 J [0 ")
	p.num(step * point)
	p.add("] 0 d ")
	p.Line(x1, y, x2, y, width)
	p.add("Q\n")
}

// Rect draws the outline of a rectangle.
func (p *Page) Rect(x, y, w, h, width float64) {
	p.num(width * point)
	p.add("w ")
	p.num(p.x(x), p.y(y+h), w*point, h*point)
	p.add("re S\n")
}

// Area is a filled rectangle.
type Area struct{ X, Y, W, H float64 }

// Fill fills rectangles black, in one go, so that neighbours show no seam.
func (p *Page) Fill(areas []Area) {
	for _, a := range areas {
		p.num(p.x(a.X), p.y(a.Y+a.H), a.W*point, a.H*point)
		p.add("re\n")
	}
	p.add("f\n")
}

// Circle draws a dashed circle in a square.
func (p *Page) Circle(x, y, size, width, dash float64) {
	const bend = 0.5522847498 // of a Bézier quarter
	r := size / 2 * point
	cx, cy := p.x(x+size/2), p.y(y+size/2)
	p.add("q [")
	p.num(dash * point)
	p.add("] 0 d ")
	p.num(width * point)
	p.add("w ")
	p.num(cx+r, cy)
	p.add("m ")
	for _, c := range [][6]float64{
		{1, bend, bend, 1, 0, 1}, {-bend, 1, -1, bend, -1, 0}, {-1, -bend, -bend, -1, 0, -1}, {bend, -1, 1, -bend, 1, 0},
	} {
		p.num(cx+r*c[0], cy+r*c[1], cx+r*c[2], cy+r*c[3], cx+r*c[4], cy+r*c[5])
		p.add("c ")
	}
	p.add("S Q\n")
}

// Image draws a picture into a rectangle.
func (p *Page) Image(image *Image, x, y, w, h float64) {
	at := -1
	for i, known := range p.doc.images {
		if known == image {
			at = i
		}
	}
	if at < 0 {
		at = len(p.doc.images)
		p.doc.images = append(p.doc.images, image)
	}
	p.add("q ")
	p.num(w*point, 0, 0, h*point, p.x(x), p.y(y+h))
	p.add("cm /I" + strconv.Itoa(at+1) + " Do Q\n")
}

// Glyph is one glyph of a text: its number in the font, the letters that it stands for, and how far it moves on; DX and
// DY shift it alone. All in 1/1000 of the size.
type Glyph struct {
	ID              uint16
	Text            string
	Advance, DX, DY int
}

// Empty is a glyph that every font has in the file: it shows nothing and moves nothing, but stands for letters, for
// those of a ligature and for marks that nobody sees.
const Empty = 0xFFFF

// Run is glyphs of one font, from left to right.
type Run struct {
	Font   *Font
	Glyphs []Glyph
}

// Text draws runs with their baseline at y. The size is in points.
func (p *Page) Text(x, y, size float64, runs []Run) {
	p.add("BT ")
	p.num(p.x(x), p.y(y))
	p.add("Td\n")
	for _, run := range runs {
		e := p.doc.embed(run.Font)
		p.add("/F" + strconv.Itoa(e.index+1) + " ")
		p.num(size)
		p.add("Tf ")
		p.glyphs(e, run.Glyphs, size)
	}
	p.add("ET\n")
}

// glyphs writes a run as TJ arrays; a glyph off the baseline gets one of its own.
func (p *Page) glyphs(e *embedded, glyphs []Glyph, size float64) {
	open, inHex := false, false
	hex := func(on bool) {
		if on != inHex {
			p.add(map[bool]string{true: "<", false: ">"}[on])
		}
		inHex = on
	}
	move := func(by int) { // to the left, as TJ counts
		if by != 0 {
			hex(false)
			p.add(strconv.Itoa(by))
		}
	}
	end := func() {
		if open {
			hex(false)
			p.add("]TJ\n")
		}
		open = false
	}
	begin := func() {
		if !open {
			p.add("[")
		}
		open = true
	}
	for _, g := range glyphs {
		if g.DY != 0 {
			end()
			p.num(float64(g.DY) * size / 1000)
			p.add("Ts")
		}
		begin()
		move(-g.DX)
		hex(true)
		cid := e.cid(g)
		p.content = append(p.content, hexDigits[cid>>12], hexDigits[cid>>8&15], hexDigits[cid>>4&15], hexDigits[cid&15])
		move(g.DX + e.font.width(g.ID) - g.Advance)
		if g.DY != 0 {
			end()
			p.add("0 Ts")
		}
	}
	end()
}

const hexDigits = "0123456789ABCDEF"
