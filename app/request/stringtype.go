package request

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// StringType is an ASN.1 string type by its short name.
type StringType string

// String types for NewSubject.
const (
	UTF8      StringType = "utf8"
	Printable StringType = "printable"
	Numeric   StringType = "numeric"
	IA5       StringType = "ia5"
)

var tags = map[StringType]int{
	UTF8:      asn1.TagUTF8String,
	Printable: asn1.TagPrintableString,
	Numeric:   asn1.TagNumericString,
	IA5:       asn1.TagIA5String,
}

func encode(value string, t StringType) (asn1.RawValue, error) {
	tag, ok := tags[t]
	if !ok {
		return asn1.RawValue{}, fmt.Errorf("unknown string type %q", t)
	}
	return encodeLike(tag, value, true)
}

// encodeLike writes value with this tag; when it does not fit, as UTF8String, or not at all if strict.
func encodeLike(tag int, value string, strict bool) (asn1.RawValue, error) {
	if err := checkText(value); err != nil {
		return asn1.RawValue{}, err
	}
	if tag == asn1.TagBMPString && !strings.ContainsFunc(value, func(r rune) bool { return r > 0xFFFF }) {
		var b []byte
		for _, u := range utf16.Encode([]rune(value)) {
			b = append(b, byte(u>>8), byte(u))
		}
		return asn1.RawValue{Tag: tag, Bytes: b}, nil
	}
	if !fits(tag, value) {
		if strict {
			return asn1.RawValue{}, errors.New("the text holds characters that this field does not allow")
		}
		tag = asn1.TagUTF8String
	}
	return asn1.RawValue{Tag: tag, Bytes: []byte(value)}, nil
}

// fits: alphabets of X.680 §41. Of T.61 only the part that is ASCII is safe to write.
func fits(tag int, value string) bool {
	var allowed func(r rune) bool
	switch tag {
	case asn1.TagUTF8String:
		return true
	case asn1.TagNumericString:
		allowed = func(r rune) bool { return r >= '0' && r <= '9' || r == ' ' }
	case asn1.TagPrintableString:
		allowed = func(r rune) bool {
			return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(" '()+,-./:=?", r)
		}
	case asn1.TagIA5String, asn1.TagT61String:
		allowed = func(r rune) bool { return r <= unicode.MaxASCII }
	default:
		return false
	}
	return !strings.ContainsFunc(value, func(r rune) bool { return !allowed(r) })
}

func checkText(value string) error {
	switch {
	case strings.TrimSpace(value) == "":
		return errors.New("the value is empty")
	case !utf8.ValidString(value):
		return errors.New("the value is not UTF-8")
	case strings.ContainsFunc(value, unicode.IsControl):
		return errors.New("the value holds a control character")
	}
	return nil
}

// decode reads the types that Subject may meet; ok is false for the others.
func decode(v asn1.RawValue) (s string, ok bool) {
	switch v.Tag {
	case asn1.TagUTF8String, asn1.TagPrintableString, asn1.TagNumericString, asn1.TagIA5String:
		return string(v.Bytes), v.Class == asn1.ClassUniversal
	case asn1.TagBMPString:
		units := make([]uint16, len(v.Bytes)/2)
		for i := range units {
			units[i] = uint16(v.Bytes[2*i])<<8 | uint16(v.Bytes[2*i+1])
		}
		return string(utf16.Decode(units)), true
	}
	return "", false
}
