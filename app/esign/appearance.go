package esign

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"time"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/shaping"

	"rekey/app/esign/pdf"
)

// Appearance is what a signature looks like on its page: the signer's name, and a note in smaller letters. It is drawn
// as outlines, so it needs no font in the file; the name as text is in the signature dictionary and the certificate.
//
// The rectangle is free space: everything is drawn inside of it, nothing is painted over what is there already.
type Appearance struct {
	Page       int     // from 1
	X, Y, W, H float64 // millimetres from the top left corner of the page, as in form.Place
	Name       string  // "": the holder's name in the certificate
	Note       string  // "": the time with its zone
	Fonts      *Fonts
}

// Sizes of letters in points.
const (
	biggestName  = 11.0
	smallestName = 4.0
	leading      = 1.35
	noteShare    = 0.7 // size of the note beside the name's
	pointsPerMM  = 72 / 25.4
)

// drawn is an appearance whose lines are in place.
type drawn struct {
	page       int
	x, y, w, h float64 // points from the top left corner
	name       string
	content    []byte
}

// draw lays the text out: the biggest letters with which everything fits.
func (a Appearance) draw(holder string, at time.Time) (*drawn, error) {
	name, note := a.Name, a.Note
	if name == "" {
		name = holder
	}
	if note == "" {
		note = at.Format("2006-01-02 15:04:05 -07:00")
	}
	d := &drawn{page: a.Page, x: a.X * pointsPerMM, y: a.Y * pointsPerMM, w: a.W * pointsPerMM, h: a.H * pointsPerMM, name: name}
	if !(d.w > 0 && d.h > 0 && d.x >= 0 && d.y >= 0) || a.Page < 1 {
		return nil, errors.New("the rectangle of the signature is impossible")
	}
	big, err := a.Fonts.shape(name)
	if err != nil {
		return nil, err
	}
	small, err := a.Fonts.shape(note)
	if err != nil {
		return nil, err
	}
	for size := biggestName; size >= smallestName; size -= 0.25 {
		if d.fit(big, small, size) {
			return d, nil
		}
	}
	return nil, fmt.Errorf("the signer's name does not fit into %.0f × %.0f mm", a.W, a.H)
}

// fit draws with one size, if that fits.
func (d *drawn) fit(name, note shaped, size float64) bool {
	type row struct {
		text []shaping.Output
		size float64
		base di.Direction
	}
	var rows []row
	height := 0.0
	for _, part := range []struct {
		text shaped
		size float64
	}{{name, size}, {note, size * noteShare}} {
		for _, line := range part.text.lines(int(d.w / part.size * em)) {
			if lineWidth(line)/em*part.size > d.w {
				return false
			}
			rows = append(rows, row{line, part.size, part.text.base})
			height += part.size * leading
		}
	}
	if height > d.h {
		return false
	}
	var b bytes.Buffer
	// the name stays readable for programs that read text aloud
	b.WriteString("/Span <</ActualText ")
	pdf.Write(&b, text(d.name))
	b.WriteString(">> BDC\n0 g\n")
	y := d.h
	for _, r := range rows {
		y -= r.size * leading
		x := 0.0
		if r.base == di.DirectionRTL {
			x = d.w - lineWidth(r.text)/em*r.size
		}
		trace(&b, r.text, x, y+r.size*(leading-1), r.size)
	}
	b.WriteString("f\nEMC\n")
	d.content = b.Bytes()
	return true
}

// appearance gives the form XObject (ISO 32000-1 §8.10) and the rectangle on the page.
func (d *drawn) appearance(page pdf.Page) (*pdf.Stream, pdf.Array, error) {
	left, bottom, right, top := page.Box[0], page.Box[1], page.Box[2], page.Box[3]
	if page.Rotate%360 != 0 {
		return nil, nil, &Error{"sign PDF", KindAppearance, errors.New("the page is turned")}
	}
	const rounding = 0.5
	if right <= left || top <= bottom || d.x+d.w > right-left+rounding || d.y+d.h > top-bottom+rounding {
		return nil, nil, &Error{"sign PDF", KindAppearance, errors.New("the rectangle of the signature is not on the page")}
	}
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	_, _ = w.Write(d.content) // into memory
	_ = w.Close()
	stream := &pdf.Stream{Raw: packed.Bytes(), Dict: pdf.Dict{
		"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"), "BBox": pdf.Array{0, 0, d.w, d.h},
		"Resources": pdf.Dict{}, "Filter": pdf.Name("FlateDecode"), "Length": packed.Len(),
	}}
	x, y := left+d.x, top-d.y
	return stream, pdf.Array{x, y - d.h, x + d.w, y}, nil
}
