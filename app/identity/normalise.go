package identity

import (
	"strings"
	"unicode"
)

// Normalise makes a typed or pasted value comparable: Persian and Arabic digits become ASCII, Arabic ي and ك
// become Persian ی and ک, every dash becomes a hyphen, every space a plain one; invisible direction marks and the
// spaces around the value go away. Letters keep their case.
func Normalise(s string) string {
	if plain(s) {
		return strings.Trim(s, " ")
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r == 'ي' || r == 'ى':
			return 'ی'
		case r == 'ك':
			return 'ک'
		case unicode.Is(unicode.Pd, r) || r == '\u2212':
			return '-'
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// plain says that there is nothing to change but spaces around: printable ASCII, which most values are.
func plain(s string) bool { return allOf(s, func(c byte) bool { return c >= ' ' && c < 0x7f }) }

// squeeze takes out the spaces and hyphens with which people group digits.
func squeeze(s string) string { return without(s, " -") }

// without takes out every character of cut, which is ASCII.
func without(s, cut string) string {
	if !strings.ContainsAny(s, cut) {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		if strings.IndexByte(cut, s[i]) < 0 {
			b = append(b, s[i])
		}
	}
	return string(b)
}

func isDigit(c byte) bool        { return c >= '0' && c <= '9' }
func isUpper(c byte) bool        { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool        { return c >= 'a' && c <= 'z' }
func isDigitOrUpper(c byte) bool { return isDigit(c) || isUpper(c) }
func isASCIIAlnum(c byte) bool   { return isDigitOrUpper(c) || isLower(c) }

func allOf(s string, is func(byte) bool) bool {
	for i := range len(s) {
		if !is(s[i]) {
			return false
		}
	}
	return true
}

// head is the first n bytes; it is used for ASCII only.
func head(s string, n int) string { return s[:min(n, len(s))] }

// weighted is the sum of the digits times their weights.
func weighted(digits string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(digits[i]-'0') * w
	}
	return sum
}

// modulo is the rest of a long decimal number.
func modulo(digits string, m int) int {
	rest := 0
	for i := range len(digits) {
		rest = (rest*10 + int(digits[i]-'0')) % m
	}
	return rest
}

func digit(s string, i int) int { return int(s[i] - '0') }
