package form

import (
	"fmt"
	"math"
	"strings"
	"unicode"
)

// wrap breaks a text into lines that are not wider than a width in millimetres: at line ends, at spaces, and inside
// a word where it alone is wider than the line. Nothing is left out but spaces at a break.
func (l *layout) wrap(text string, st style, size, width float64) []string {
	if text == "" {
		return nil
	}
	l.checkLetters(text, st)
	space := l.width(" ", st, size)
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line, used := "", 0.0
		for word := range strings.SplitSeq(paragraph, " ") {
			if word == "" {
				continue
			}
			wide := l.wordWidth(word, st, size)
			if line == "" {
				line, used = word, wide
			} else if used+space+wide <= width {
				line, used = line+" "+word, used+space+wide
				continue
			} else {
				lines = append(lines, line)
				line, used = word, wide
			}
			for used > width {
				at := l.fits(line[:len(line)-len(afterLetters(line, maxWord))], st, size, width)
				lines = append(lines, line[:at])
				line = line[at:]
				used = l.wordWidth(line, st, size)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// maxWord is the longest word that is measured as a whole, in letters. A longer one fits no line; measuring it again and
// again would take long.
const maxWord = 500

func (l *layout) wordWidth(word string, st style, size float64) float64 {
	if afterLetters(word, maxWord) != "" {
		return math.Inf(1)
	}
	return l.width(word, st, size)
}

// afterLetters is what is left of a text behind a number of letters.
func afterLetters(s string, letters int) string {
	for at := range s {
		if letters == 0 {
			return s[at:]
		}
		letters--
	}
	return ""
}

// fits is how many bytes of a word go into the width: at least one letter, and no accent is parted from its letter.
// A break behind a hyphen, slash, at sign, dot or underscore in the last third is taken instead of one between letters.
func (l *layout) fits(word string, st style, size, width float64) int {
	end, nice := 0, 0
	for at, r := range word {
		if at > 0 && !unicode.Is(unicode.M, r) {
			if l.width(word[:at], st, size) > width {
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

// checkLetters notes the first letter that no face has.
func (l *layout) checkLetters(text string, st style) {
	for _, r := range text {
		if r != '\n' && l.in.Fonts.pick(st, r, l.rtl) < 0 {
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
