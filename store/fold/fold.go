// Package fold makes texts findable: whoever types «caglar», «ISIK» or «nguyen» finds Çağlar, Işık and Nguyễn.
//
// It promises that two texts which people take for the same give the same result, and says nothing about their order.
// It never decides where is searched.
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold gives lower case, no accents, dotless ı as i, Arabic yeh and kaf as the Persian ones, and no zero-width non-joiner.
func Fold(text string) string {
	plain := true
	for i := range len(text) {
		plain = plain && text[i] < 0x80
	}
	if plain {
		return strings.ToLower(text)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\u200c':
			return -1
		case r == 'ı':
			return 'i'
		case r == 'đ' || r == 'Đ':
			return 'd'
		case r == 'ي' || r == 'ى':
			return 'ی'
		case r == 'ك':
			return 'ک'
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(text))
}
