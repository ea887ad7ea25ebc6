package form

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"unicode"

	opentype "github.com/go-text/typesetting/font"
	"golang.org/x/image/font/sfnt"

	"rekey/app/form/pdf"
)

// style is one of the three kinds of type that a form uses.
type style int

const (
	regular style = iota
	bold
	mono
	arabic     // what regular and mono take for Arabic letters
	arabicBold // what bold takes
)

// fontFiles are the names in assets/fonts, in the order of the styles.
var fontFiles = [...]string{
	"NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSansMono-Regular.ttf", "Vazirmatn-Regular.ttf", "Vazirmatn-Bold.ttf",
}

// Fonts is the faces with their measures, parsed once; it can be used from many goroutines.
type Fonts struct {
	faces  [len(fontFiles)]face
	lock   sync.Mutex // guards shaper
	shaper shaper
}

// face is a TrueType file, and for each letter of the basic plane its width in 1/1000 of the size (0 is "not there") and its
// glyph.
type face struct {
	font   *pdf.Font
	widths [1 << 16]uint16
	glyphs [1 << 16]uint16
}

// LoadFonts reads the faces from a file system with the files of assets/fonts at its top.
func LoadFonts(fsys fs.FS) (*Fonts, error) {
	f := new(Fonts)
	for i, name := range fontFiles {
		ttf, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, &Error{"load fonts", KindFonts, err}
		}
		if err := f.faces[i].load(strings.TrimSuffix(name, ".ttf"), ttf); err != nil {
			return nil, &Error{"load fonts", KindFonts, fmt.Errorf("%s: %w", name, err)}
		}
		if style(i) >= arabic {
			parsed, err := opentype.ParseTTF(bytes.NewReader(ttf))
			if err != nil {
				return nil, &Error{"load fonts", KindFonts, fmt.Errorf("%s: %w", name, err)}
			}
			f.shaper.add(style(i), parsed)
		}
	}
	return f, nil
}

func (f *face) load(name string, ttf []byte) error {
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		return err
	}
	if f.font, err = pdf.NewFont(name, ttf); err != nil {
		return err
	}
	var buf sfnt.Buffer
	for r := range rune(len(f.widths)) {
		glyph, err := parsed.GlyphIndex(&buf, r)
		if err != nil || glyph == 0 {
			continue
		}
		f.glyphs[r] = uint16(glyph)
		f.widths[r] = uint16(max(1, f.font.Width(uint16(glyph))))
	}
	return nil
}

// has tells whether the face can print a letter.
func (f *face) has(r rune) bool { return r < rune(len(f.widths)) && f.widths[r] > 0 }

// isArabic is true for what has to be joined and set from right to left, and for the marks that guide the joining.
func isArabic(r rune) bool { return unicode.Is(unicode.Arabic, r) || isJoiner(r) }

// isJoiner: U+200C keeps Persian letters apart (نیم‌فاصله), U+200D joins them. They are a part of the spelling.
func isJoiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// isIsolate: U+2066 and U+2069 are set by the template function ltr around a value that is to be read from left to right.
func isIsolate(r rune) bool { return r == '\u2066' || r == '\u2069' }

// pick chooses the face for a letter: the style's own, or the one with Arabic letters when the form is written from
// right to left, the letter is Arabic, or the style's own does not have it. -1 when nobody has it.
func (f *Fonts) pick(st style, r rune, rtl bool) style {
	second := arabic
	if st == bold {
		second = arabicBold
	}
	first := st
	if (rtl && st != mono) || isArabic(r) {
		first, second = second, first
	}
	switch {
	case isJoiner(r) || isIsolate(r) || f.faces[first].has(r):
		return first
	case f.faces[second].has(r):
		return second
	}
	return -1
}

const mmPerPoint = 25.4 / 72
