package esign

import (
	"bytes"
	"fmt"
	"slices"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// Fonts are TrueType files for the visible appearance: for each letter the first one that has it is used. It can be used
// from many goroutines.
type Fonts struct{ fonts []*font.Font }

// NewFonts reads them. The files of Rekey are NotoSans-Regular.ttf (Latin, Cyrillic, Vietnamese) and
// Vazirmatn-Regular.ttf (Persian, Arabic).
func NewFonts(ttf ...[]byte) (*Fonts, error) {
	f := &Fonts{}
	for i, data := range ttf {
		face, err := font.ParseTTF(bytes.NewReader(data))
		if err != nil {
			return nil, &Error{"load fonts", KindAppearance, fmt.Errorf("font %d: %w", i+1, err)}
		}
		f.fonts = append(f.fonts, face.Font)
	}
	return f, nil
}

// em is the size in which text is measured.
const em = 1000

// shaped is a text with its glyphs in place, before it is broken into lines.
type shaped struct {
	runes []rune
	base  di.Direction
	runs  []shaping.Output
}

// chooser picks the first face that has a letter.
type chooser []*font.Face

func (c chooser) ResolveFace(r rune) *font.Face {
	for _, face := range c {
		if _, has := face.NominalGlyph(r); has {
			return face
		}
	}
	return c[0]
}

// shape joins and places the letters of a text (HarfBuzz), with both directions of writing.
func (f *Fonts) shape(s string) (shaped, error) {
	if f == nil || len(f.fonts) == 0 {
		return shaped{}, fmt.Errorf("no fonts were given")
	}
	var faces chooser
	for _, one := range f.fonts {
		faces = append(faces, font.NewFace(one)) // faces are not for many goroutines, fonts are
	}
	t := shaped{runes: []rune(visible(s)), base: direction(s)}
	for _, r := range t.runes {
		if _, has := faces.ResolveFace(r).NominalGlyph(r); !has && !unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Mn, r) {
			return shaped{}, fmt.Errorf("the fonts have no letter %q (U+%04X)", r, r)
		}
	}
	in := shaping.Input{Text: t.runes, RunEnd: len(t.runes), Direction: t.base, Size: fixed.I(em), Language: language.NewLanguage("en")}
	var segmenter shaping.Segmenter
	var shaper shaping.HarfbuzzShaper
	for _, run := range segmenter.Split(in, faces) {
		t.runs = append(t.runs, shaper.Shape(run))
	}
	return t, nil
}

// visible makes one line of a name: composed letters, no control characters.
func visible(s string) string {
	clean := func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}
	out := []rune{}
	for _, r := range norm.NFC.String(s) {
		if r = clean(r); r >= 0 {
			out = append(out, r)
		}
	}
	return string(out)
}

// direction of a paragraph is that of its first letter (Unicode Bidi, P2).
func direction(s string) di.Direction {
	for _, r := range s {
		switch p, _ := bidi.LookupRune(r); p.Class() {
		case bidi.L:
			return di.DirectionLTR
		case bidi.R, bidi.AL:
			return di.DirectionRTL
		}
	}
	return di.DirectionLTR
}

// lines breaks the text at a width in em units; each line is in visual order, left first.
func (t shaped) lines(width int) [][]shaping.Output {
	var wrapper shaping.LineWrapper
	wrapped, _ := wrapper.WrapParagraph(shaping.WrapConfig{Direction: t.base}, width, t.runes, shaping.NewSliceIterator(slices.Clone(t.runs)))
	var out [][]shaping.Output
	for _, line := range wrapped {
		visual := slices.Clone([]shaping.Output(line))
		slices.SortFunc(visual, func(a, b shaping.Output) int { return int(a.VisualIndex - b.VisualIndex) })
		out = append(out, visual)
	}
	return out
}

// lineWidth is in em units.
func lineWidth(line []shaping.Output) float64 {
	var sum fixed.Int26_6
	for _, run := range line {
		sum += run.Advance
	}
	return float64(sum) / 64
}

// trace writes the outlines of a line as PDF paths; x and y are the beginning of its base line, size is in points.
func trace(b *bytes.Buffer, line []shaping.Output, x, y, size float64) {
	for _, run := range line {
		scale := size / float64(run.Face.Upem())
		for _, g := range run.Glyphs {
			at := func(v fixed.Int26_6) float64 { return float64(v) / 64 / em * size }
			outline, _ := run.Face.GlyphData(g.GlyphID).(font.GlyphOutline)
			path(b, outline.Segments, x+at(g.XOffset), y+at(g.YOffset), scale)
			x += at(g.Advance)
		}
	}
}

// path writes one glyph; quadratic curves become cubic ones, the only ones that PDF has.
func path(b *bytes.Buffer, segments []opentype.Segment, x, y, scale float64) {
	point := func(p opentype.SegmentPoint) (float64, float64) {
		return x + float64(p.X)*scale, y + float64(p.Y)*scale
	}
	var atX, atY float64
	for _, s := range segments {
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			atX, atY = point(s.Args[0])
			fmt.Fprintf(b, "%.3f %.3f m\n", atX, atY)
		case opentype.SegmentOpLineTo:
			atX, atY = point(s.Args[0])
			fmt.Fprintf(b, "%.3f %.3f l\n", atX, atY)
		case opentype.SegmentOpQuadTo:
			midX, midY := point(s.Args[0])
			endX, endY := point(s.Args[1])
			fmt.Fprintf(b, "%.3f %.3f %.3f %.3f %.3f %.3f c\n", atX+(midX-atX)*2/3, atY+(midY-atY)*2/3, endX+(midX-endX)*2/3, endY+(midY-endY)*2/3, endX, endY)
			atX, atY = endX, endY
		case opentype.SegmentOpCubeTo:
			x1, y1 := point(s.Args[0])
			x2, y2 := point(s.Args[1])
			atX, atY = point(s.Args[2])
			fmt.Fprintf(b, "%.3f %.3f %.3f %.3f %.3f %.3f c\n", x1, y1, x2, y2, atX, atY)
		}
	}
}
