package form

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// levels gives the embedding level of each letter of a line by the Unicode bidirectional algorithm (UAX #9, rules W1 to
// I2). Of explicit marks the line has only isolates from left to right, not nested; clean drops the others. Pairs of
// brackets (N0) are not looked at. base is 0 for a line from left to right and 1 for one from right to left.
//
// x/text's own Paragraph gives runs by direction alone; a number after a Persian word in an English line needs the level.
func levels(text []rune, base int) []int {
	from := slices.Index(text, '\u2066')
	if from < 0 {
		return flat(text, base)
	}
	to := len(text)
	if end := slices.Index(text[from:], '\u2069'); end >= 0 {
		to = from + end
	}
	rest := min(to+1, len(text))
	// outside, the isolate counts as one neutral sign
	outer := levels(slices.Concat(text[:from], []rune{'\ufffc'}, text[rest:]), base)
	inner := flat(text[from:rest], 0)
	for i := range inner {
		inner[i] += (outer[from] + 1) &^ 1
	}
	return slices.Concat(outer[:from], inner, outer[from+1:])
}

// flat is levels without isolates.
func flat(text []rune, base int) []int {
	edge := bidi.L
	if base == 1 {
		edge = bidi.R
	}
	classes := weak(text, edge)
	neutral(classes, edge)
	out := make([]int, len(text))
	for i, c := range classes {
		switch {
		case base == 0 && c == bidi.R, base == 1 && c != bidi.R:
			out[i] = base + 1
		case base == 0 && c != bidi.L:
			out[i] = 2
		default:
			out[i] = base
		}
	}
	return out
}

// weak resolves marks, numbers and their separators.
func weak(text []rune, edge bidi.Class) []bidi.Class {
	classes := make([]bidi.Class, len(text))
	last, strong := edge, edge // the class before; the last of L, R, AL
	for i, r := range text {
		p, _ := bidi.LookupRune(r)
		c := p.Class()
		switch c {
		case bidi.NSM, bidi.BN:
			c = last // W1
		case bidi.L, bidi.R, bidi.AL:
			strong = c
		case bidi.EN:
			if strong == bidi.AL {
				c = bidi.AN // W2
			}
		}
		classes[i], last = c, c
	}
	for i, c := range classes { // W4
		if i > 0 && i+1 < len(classes) && classes[i-1] == classes[i+1] {
			if next := classes[i+1]; c == bidi.CS && next == bidi.AN || (c == bidi.CS || c == bidi.ES) && next == bidi.EN {
				classes[i] = next
			}
		}
	}
	for i := 0; i < len(classes); { // W5
		end := i
		for end < len(classes) && classes[end] == bidi.ET {
			end++
		}
		if end > i && (i > 0 && classes[i-1] == bidi.EN || end < len(classes) && classes[end] == bidi.EN) {
			for k := i; k < end; k++ {
				classes[k] = bidi.EN
			}
		}
		i = max(end, i+1)
	}
	strong = edge
	for i, c := range classes {
		switch c {
		case bidi.AL, bidi.R:
			classes[i], strong = bidi.R, bidi.R // W3
		case bidi.L:
			strong = bidi.L
		case bidi.EN:
			if strong == bidi.L {
				classes[i] = bidi.L // W7
			}
		case bidi.AN:
		default:
			classes[i] = bidi.ON // W6, and all neutrals
		}
	}
	return classes
}

// neutral resolves what lies between: like its neighbours when they agree (a number counts as from right to left), else
// like the line (N1, N2).
func neutral(classes []bidi.Class, edge bidi.Class) {
	side := func(i int) bidi.Class {
		switch {
		case i < 0 || i >= len(classes):
			return edge
		case classes[i] == bidi.L:
			return bidi.L
		}
		return bidi.R
	}
	for i := 0; i < len(classes); {
		end := i
		for end < len(classes) && classes[end] == bidi.ON {
			end++
		}
		class := edge
		if before := side(i - 1); before == side(end) {
			class = before
		}
		for k := i; k < end; k++ {
			classes[k] = class
		}
		i = max(end, i+1)
	}
}
