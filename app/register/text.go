package register

import (
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	tagUniversalString = 28
	classUniversal     = 0

	// maxText is how much of one value is shown, in characters. X.520 allows 64 to 128 for what people write.
	maxText = 1024
	// maxHex is how many bytes of a value that is no text are shown.
	maxHex = 256
	// maxAttributes is how many parts of one name are read.
	maxAttributes = 100
)

// text decodes any of the string types of X.520. The fault says what is wrong with the value, "" when nothing is.
func text(v asn1.RawValue) (value, fault string, encoded bool) {
	if v.Class != classUniversal {
		return "#" + hexOf(v.FullBytes), "", true
	}
	s, fault, ok := decoded(v.Tag, v.Bytes)
	if !ok {
		return "#" + hexOf(v.FullBytes), fault, true
	}
	if n := utf8.RuneCountInString(s); n > maxText {
		fault = fmt.Sprintf("a value of %d characters", n)
	}
	return visible(shortened(s)), fault, false
}

// decoded gives the text of a string type; false when it is none, or not in whole characters.
func decoded(tag int, b []byte) (s, fault string, ok bool) {
	switch tag {
	case asn1.TagUTF8String:
		if !utf8.Valid(b) {
			return latin1(b), "a UTF8String that is not UTF-8", true
		}
		return string(b), "", true
	case asn1.TagPrintableString, asn1.TagNumericString, asn1.TagIA5String, asn1.TagT61String:
		if utf8.Valid(b) { // many issuers write UTF-8 where ASCII is due
			return string(b), "", true
		}
		return latin1(b), "", true
	case asn1.TagBMPString:
		if len(b)%2 != 0 {
			return "", "a BMPString of an odd length", false
		}
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
		}
		return string(utf16.Decode(units)), "", true
	case tagUniversalString:
		if len(b)%4 != 0 {
			return "", "a UniversalString of an odd length", false
		}
		runes := make([]rune, len(b)/4)
		for i := range runes {
			if u := uint32(b[4*i])<<24 | uint32(b[4*i+1])<<16 | uint32(b[4*i+2])<<8 | uint32(b[4*i+3]); u <= unicode.MaxRune {
				runes[i] = rune(u)
			} else {
				runes[i] = unicode.ReplacementChar
			}
		}
		return string(runes), "", true
	}
	return "", "", false
}

// latin1 is what T.61 is used for in practice.
func latin1(b []byte) string {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

// shortened cuts what no window could show.
func shortened(s string) string {
	n := 0
	for i := range s {
		if n == maxText {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// hexOf writes bytes in lower-case hex, cut after maxHex bytes.
func hexOf(b []byte) string {
	if len(b) > maxHex {
		return hex.EncodeToString(b[:maxHex]) + "…"
	}
	return hex.EncodeToString(b)
}

// visible replaces what could make a name look like another one: control characters
// and the marks that turn the direction of the text.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		turns := r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
		if unicode.IsControl(r) || turns {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
