package form

import (
	"fmt"
	"io/fs"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// style is one of the three faces that a form uses.
type style int

const (
	regular style = iota
	bold
	mono
)

// fontFiles are the names in assets/fonts, in the order of the styles.
var fontFiles = [...]string{"NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSansMono-Regular.ttf"}

// Fonts is the faces with their measures, parsed once; it can be used from many goroutines.
type Fonts struct {
	faces [len(fontFiles)]face
}

// face is a TrueType file, and for each letter of the basic plane its width in 1/1000 of the size (0 is "not there") and its
// glyph.
type face struct {
	ttf    []byte
	widths [1 << 16]uint16
	glyphs [1 << 16]uint16
}

// LoadFonts reads the faces from a file system with the files of assets/fonts at its top.
func LoadFonts(fsys fs.FS) (*Fonts, error) {
	var data [len(fontFiles)][]byte
	for i, name := range fontFiles {
		var err error
		if data[i], err = fs.ReadFile(fsys, name); err != nil {
			return nil, &Error{"load fonts", KindFonts, err}
		}
	}
	return NewFonts(data[0], data[1], data[2])
}

// NewFonts takes three TrueType files: regular, bold and monospaced.
func NewFonts(regular, bold, mono []byte) (*Fonts, error) {
	f := new(Fonts)
	for i, ttf := range [][]byte{regular, bold, mono} {
		if err := f.faces[i].load(ttf); err != nil {
			return nil, &Error{"load fonts", KindFonts, fmt.Errorf("%s: %w", fontFiles[i], err)}
		}
	}
	return f, nil
}

func (f *face) load(ttf []byte) error {
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		return err
	}
	f.ttf = ttf
	units := parsed.UnitsPerEm()
	var buf sfnt.Buffer
	for r := range rune(len(f.widths)) {
		glyph, err := parsed.GlyphIndex(&buf, r)
		if err != nil || glyph == 0 {
			continue
		}
		advance, err := parsed.GlyphAdvance(&buf, glyph, fixed.I(int(units)), font.HintingNone)
		if err != nil {
			return err
		}
		f.glyphs[r] = uint16(glyph)
		f.widths[r] = uint16(max(1, advance.Round()*1000/int(units)))
	}
	return nil
}

// has tells whether the face can print a letter.
func (f *face) has(r rune) bool { return r < rune(len(f.widths)) && f.widths[r] > 0 }

// width of a text in millimetres at a size in points.
func (f *face) width(s string, size float64) float64 {
	sum := 0
	for _, r := range s {
		if r < rune(len(f.widths)) {
			sum += int(f.widths[r])
		}
	}
	return float64(sum) / 1000 * size * mmPerPoint
}

const mmPerPoint = 25.4 / 72
