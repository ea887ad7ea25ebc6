package form

import (
	"slices"
	"strings"

	opentype "github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"

	"rekey/app/form/pdf"
)

// set is one line of text, ready to be drawn: runs from left to right, and its width in 1/1000 of the size.
type set struct {
	runs  []pdf.Run
	width int
}

// part is letters of one line with one face and one level.
type part struct {
	letters []rune
	face    style
	level   int
}

// width of a text in millimetres at a size in points.
func (l *layout) width(text string, st style, size float64) float64 {
	sum := 0
	if l.plain(text) {
		for _, r := range text {
			if face := l.in.Fonts.pick(st, r, false); face >= 0 {
				sum += int(l.in.Fonts.faces[face].widths[r])
			}
		}
	} else {
		sum = l.set(text, st).width
	}
	return float64(sum) / 1000 * size * mmPerPoint
}

// plain tells whether a text can be set letter by letter, from left to right.
func (l *layout) plain(text string) bool {
	return !l.rtl && !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x590 && !l.in.Fonts.faces[regular].has(r) })
}

type setKey struct {
	text  string
	style style
}

// set puts a line into the order in which it is drawn, and shapes it. Lines are kept: each is measured, then drawn.
func (l *layout) set(text string, st style) set {
	key := setKey{text, st}
	if done, known := l.sets[key]; known {
		return done
	}
	var s set
	for _, p := range l.visual(text, st) {
		run := pdf.Run{Font: l.in.Fonts.faces[p.face].font}
		if p.face >= arabic {
			run.Glyphs = l.in.Fonts.shape(p)
		} else {
			run.Glyphs = l.in.Fonts.faces[p.face].letters(p)
		}
		for _, g := range run.Glyphs {
			s.width += g.Advance
		}
		s.runs = append(s.runs, run)
	}
	l.sets[key] = s
	return s
}

// visual splits a line by face and direction and orders the parts from left to right (UAX #9, L2).
func (l *layout) visual(text string, st style) []part {
	letters := []rune(text)
	base := 0
	if l.rtl && strings.ContainsFunc(text, isRightToLeft) {
		base = 1
	}
	var level []int
	if !l.plain(text) {
		level = levels(letters, base)
	}
	var parts []part
	highest := 0
	for i, r := range letters {
		p := part{face: l.in.Fonts.pick(st, r, l.rtl)}
		if level != nil {
			p.level = level[i]
		}
		if p.face < 0 || isIsolate(r) {
			continue // checkLetters has said so, or nothing to be seen
		}
		highest = max(highest, p.level)
		if n := len(parts); n > 0 && parts[n-1].level == p.level {
			// a space goes with the word before, so that a Persian sentence is one run
			if last := &parts[n-1]; last.face == p.face || r == ' ' && l.in.Fonts.faces[last.face].has(' ') {
				last.letters = append(last.letters, r)
				continue
			}
		}
		p.letters = append(p.letters, r)
		parts = append(parts, p)
	}
	for at := highest; at > 0; at-- {
		for i := 0; i < len(parts); {
			end := i
			for end < len(parts) && parts[end].level >= at {
				end++
			}
			slices.Reverse(parts[i:end])
			i = max(end, i+1)
		}
	}
	return parts
}

// isRightToLeft is true for letters, not for digits, which Persian writes from left to right.
func isRightToLeft(r rune) bool {
	return isArabic(r) && !isJoiner(r) && (r < '۰' || r > '۹') && (r < '٠' || r > '٩')
}

// letters sets each letter as its own glyph.
func (f *face) letters(p part) []pdf.Glyph {
	var glyphs []pdf.Glyph
	for _, r := range p.letters {
		if !isJoiner(r) {
			glyphs = append(glyphs, pdf.Glyph{ID: f.glyphs[r], Text: string(r), Advance: f.font.Width(f.glyphs[r])})
		}
	}
	if p.level%2 == 1 {
		slices.Reverse(glyphs)
	}
	return glyphs
}

// shaper joins letters with the rules in the font (HarfBuzz).
type shaper struct {
	fonts  [len(fontFiles)]*harfbuzz.Font
	units  int
	buffer *harfbuzz.Buffer
}

func (s *shaper) add(st style, face *opentype.Face) {
	s.fonts[st], s.units, s.buffer = harfbuzz.NewFont(face), int(face.Upem()), harfbuzz.NewBuffer()
}

// shape gives the glyphs of a part from left to right, each with the letters that it stands for.
func (f *Fonts) shape(p part) []pdf.Glyph {
	f.lock.Lock()
	defer f.lock.Unlock()
	b := f.shaper.buffer
	b.Clear()
	b.ClusterLevel = harfbuzz.MonotoneCharacters
	b.AddRunes(p.letters, 0, len(p.letters))
	b.Props = harfbuzz.SegmentProperties{Direction: harfbuzz.LeftToRight, Script: language.Arabic, Language: "fa"}
	if p.level%2 == 1 {
		b.Props.Direction = harfbuzz.RightToLeft
	} else if !slices.ContainsFunc(p.letters, isArabic) {
		b.Props.Script = language.Latin
	}
	b.Shape(f.shaper.fonts[p.face], nil)
	mille := func(v harfbuzz.Position) int { return (int(v)*2000 + f.shaper.units) / (2 * f.shaper.units) }
	var glyphs []pdf.Glyph
	for i, info := range b.Info {
		pos := b.Pos[i]
		g := pdf.Glyph{ID: uint16(info.Glyph), Advance: mille(pos.XAdvance), DX: mille(pos.XOffset), DY: mille(pos.YOffset)}
		letters := p.letters[info.Cluster:clusterEnd(b.Info, i, len(p.letters))]
		if i > 0 && b.Info[i-1].Cluster == info.Cluster {
			letters = []rune{'\u200b'} // a second glyph of the same letters has none of its own, but must stand for something
		}
		if isJoiner(letters[0]) {
			g = pdf.Glyph{ID: pdf.Empty}
		}
		glyphs = append(glyphs, spell(g, letters, p.level%2 == 1)...)
	}
	return glyphs
}

// spell gives a glyph its letters. Readers turn a right-to-left line around glyph by glyph, and do not agree about
// glyphs with two letters (لا): such a one stands for its last letter, and empty glyphs to the right for those before it.
func spell(g pdf.Glyph, letters []rune, rtl bool) []pdf.Glyph {
	if !rtl || len(letters) == 1 {
		g.Text = string(letters)
		return []pdf.Glyph{g}
	}
	last := len(letters) - 1
	g.Text = string(letters[last])
	glyphs := []pdf.Glyph{g}
	for i := last - 1; i >= 0; i-- {
		glyphs = append(glyphs, pdf.Glyph{ID: pdf.Empty, Text: string(letters[i])})
	}
	return glyphs
}

// clusterEnd is where the letters of glyph i end: at the next larger cluster.
func clusterEnd(info []harfbuzz.GlyphInfo, i, end int) int {
	for _, other := range info {
		if other.Cluster > info[i].Cluster {
			end = min(end, other.Cluster)
		}
	}
	return end
}
