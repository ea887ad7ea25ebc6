package form

import (
	"fmt"
	"strings"
	"unicode"
)

// wrap breaks a text into lines that are not wider than a width in millimetres: at line ends, at spaces, and inside
// a word where it alone is wider than the line. Nothing is left out but spaces at a break.
func (l *layout) wrap(text string, st style, size, width float64) []string {
	if text == "" {
		return nil
	}
	f := &l.in.Fonts.faces[st]
	l.checkLetters(text, f)
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line := ""
		for word := range strings.SplitSeq(paragraph, " ") {
			if word == "" {
				continue
			}
			if line == "" {
				line = word
			} else if f.width(line+" "+word, size) <= width {
				line += " " + word
				continue
			} else {
				lines = append(lines, line)
				line = word
			}
			for f.width(line, size) > width {
				at := f.fits(line, size, width)
				lines = append(lines, line[:at])
				line = line[at:]
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// fits is how many bytes of a word go into the width: at least one letter, and no accent is parted from its letter.
// A break behind a hyphen, slash, at sign, dot or underscore in the last third is taken instead of one between letters.
func (f *face) fits(word string, size, width float64) int {
	end, nice := 0, 0
	for at, r := range word {
		if at > 0 && !unicode.Is(unicode.M, r) {
			if f.width(word[:at], size) > width {
				break
			}
			end = at
			if strings.ContainsRune("-/@._", rune(word[at-1])) {
				nice = at
			}
		}
	}
	if end == 0 { // not even one letter fits: take one
		for at := range word {
			if at > 0 {
				return at
			}
		}
		return len(word)
	}
	if nice > end*2/3 {
		return nice
	}
	return end
}

// checkLetters notes the first letter that the face does not have.
func (l *layout) checkLetters(text string, f *face) {
	for _, r := range text {
		if r != '\n' && !f.has(r) {
			l.fail(&Error{"render form", KindLetter, fmt.Errorf("the fonts cannot print %q (%U) in %q", r, r, short(text))})
			return
		}
	}
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
