package token

import (
	"strings"
	"unicode"
)

// mergeReaders leaves out what another module shows as well or better: a card by its serial number (the first
// module in the list keeps it), anything else by the reader's name. Modules may write the serial number of one card in
// different ways; in a reader whose name stands once in both lists they are compared by letters and digits only.
func mergeReaders(answers [][]Reader) []Reader {
	best, rank := map[string]int{}, map[string]int{}
	for i, readers := range answers {
		for _, r := range readers {
			if _, there := best[r.Name]; !there || r.tells() > rank[r.Name] {
				best[r.Name], rank[r.Name] = i, r.tells()
			}
		}
	}
	var merged []Reader
	cards, holders := map[string]bool{}, map[string]holder{}
	for i, readers := range answers {
		for _, r := range readers {
			if r.tells() == usable && r.Card.Serial != "" {
				other, held := holders[r.Name]
				if cards[r.Card.Serial] || held && other.answer != i && sameSerial(other.serial, r.Card.Serial) &&
					count(readers, r.Name) == 1 && count(answers[other.answer], r.Name) == 1 {
					continue
				}
				cards[r.Card.Serial], holders[r.Name] = true, holder{i, r.Card.Serial}
			} else if best[r.Name] != i {
				continue
			}
			merged = append(merged, r)
		}
	}
	return merged
}

// holder is whose card is shown in a reader.
type holder struct {
	answer int
	serial string
}

// sameSerial compares without spaces, signs, case and leading zeros; of a long number a module may show only one end.
func sameSerial(a, b string) bool {
	a, b = bareSerial(a), bareSerial(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	return a != "" && a == b || len(a) >= 8 && (strings.HasPrefix(b, a) || strings.HasSuffix(b, a))
}

func bareSerial(s string) string {
	kept := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
	return strings.TrimLeft(kept, "0")
}

const usable = 3

// tells ranks how much a module knows of what is in a reader.
func (r Reader) tells() int {
	switch {
	case r.Card != nil && !r.Card.Blank:
		return usable
	case r.Card != nil:
		return 2
	case r.Fault != "":
		return 1
	}
	return 0
}

func count(readers []Reader, name string) (n int) {
	for _, r := range readers {
		if r.Name == name {
			n++
		}
	}
	return n
}
