package control

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// arabic says whether s has letters that are written from right to left.
func arabic(s string) bool {
	for _, r := range s {
		if r >= 0x0590 && r <= 0x08FF || r >= 0xFB50 && r <= 0xFEFC {
			return true
		}
	}
	return false
}

// visual puts one line into the order in which Fyne draws it: runs from left to right, letters of
// a right-to-left run in reading order (the shaper turns them). UAX #9, with the paragraph's direction given. What stands between
// isolates is ordered for itself.
func visual(line string, rtl bool) string {
	line, foreign := strings.CutPrefix(line, foreignMark)
	line, inner := lifted(line)
	line = ordered(line, rtl, foreign || len(inner) > 0)
	for i, s := range inner {
		line = strings.Replace(line, string(lift+rune(i)), mark+ordered(s, false, false)+mark, 1)
	}
	return line
}

// foreignMark, RIGHT-TO-LEFT MARK, begins a line without a letter from right to left in a paragraph that has some: its full stop
// stands at its left all the same.
const foreignMark = "\u200f"

// markForeign marks such lines of a paragraph. Within what is isolated (a path over several lines) there are none.
func markForeign(lines []string) {
	inside := false
	for i, line := range lines {
		begin, end := strings.LastIndex(line, "\u2066"), strings.LastIndex(line, "\u2069")
		if !arabic(line) && (!inside || end >= 0) {
			lines[i] = foreignMark + line
		}
		if begin >= 0 || end >= 0 {
			inside = begin > end
		}
	}
}

// ordered is visual without isolates; within says that the line belongs to a paragraph of that direction whatever its letters.
func ordered(line string, rtl, within bool) string {
	if !arabic(line) && !(rtl && within) {
		return line // a number, a name or an address keeps its own direction, also on a Persian page
	}
	direction := bidi.LeftToRight
	if rtl {
		direction = bidi.RightToLeft
	}
	p := bidi.Paragraph{}
	if _, err := p.SetString(line, bidi.DefaultDirection(direction)); err != nil {
		return line
	}
	order, err := p.Order()
	if err != nil {
		return line
	}
	runs := make([]string, order.NumRuns())
	for i := range runs {
		run := order.Run(i)
		runs[i] = run.String()
		if run.Direction() == bidi.RightToLeft {
			runs[i] = turned(runs[i])
		}
	}
	if rtl {
		slices.Reverse(runs)
	}
	return strings.Join(runs, mark)
}

// lift is the first of the private letters, written from left to right, that hold the place of what is isolated.
const lift = '\ue000'

// lifted takes what stands between isolates (U+2066 … U+2069) out of a line. Of a pair that the end of a line has parted, the line is the rest.
func lifted(line string) (string, []string) {
	var inner []string
	hold := func(s string) string {
		inner = append(inner, s)
		return string(lift + rune(len(inner)-1))
	}
	out := ""
	for line != "" {
		begin, end := strings.IndexRune(line, '\u2066'), strings.IndexRune(line, '\u2069')
		switch {
		case end >= 0 && (begin < 0 || end < begin):
			out += hold(line[:end])
			line = line[end+len("\u2069"):]
		case begin >= 0 && end < 0:
			return out + line[:begin] + hold(line[begin+len("\u2066"):]), inner
		case begin >= 0:
			out += line[:begin] + hold(line[begin+len("\u2066"):end])
			line = line[end+len("\u2069"):]
		default:
			return out + line, inner
		}
	}
	return out, inner
}

// bare is a text without isolates and marks, as it is measured.
var bare = strings.NewReplacer("\u2066", "", "\u2069", "", foreignMark, "")

// mark is LEFT-TO-RIGHT MARK. Between the runs it keeps the shaper, which orders the line once more, from
// drawing a space or a stop at the wrong end of its neighbour.
const mark = "\u200e"

// turned moves what has no direction of its own (spaces, stops, brackets) at the ends of a right-to-left
// run to the other end, mirrored, because Fyne's shaper takes the line to run from left to right.
func turned(run string) string {
	runes := []rune(run)
	first := slices.IndexFunc(runes, rightToLeft)
	if first < 0 {
		return mirrored(runes)
	}
	last := len(runes) - 1
	for !rightToLeft(runes[last]) {
		last--
	}
	return mirrored(runes[last+1:]) + mark + string(runes[first:last+1]) + mark + mirrored(runes[:first])
}

func rightToLeft(r rune) bool {
	p, _ := bidi.LookupRune(r)
	c := p.Class()
	return c == bidi.R || c == bidi.AL || c == bidi.NSM
}

// guillemets are mirrored too (Bidi_Mirrored of UAX #9); ReverseString turns brackets only.
var guillemets = strings.NewReplacer("«", "»", "»", "«", "‹", "›", "›", "‹")

func mirrored(runes []rune) string { return guillemets.Replace(bidi.ReverseString(string(runes))) }
