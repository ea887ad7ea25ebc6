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

// Attribute is one part of a name, as it stands in the certificate.
type Attribute struct {
	OID   string // dotted
	ID    string // stable short id ("common-name", "snils"), or "" when unknown; names it in translations
	Name  string // label for people; national fields in their own language; the OID when unknown
	Value string // decoded text, control characters replaced; "#hex" when it is no string
}

// Object identifiers of name attributes.
const (
	oidCommonName   = "2.5.4.3"
	oidSurname      = "2.5.4.4"
	oidSerialNumber = "2.5.4.5"
	oidCountry      = "2.5.4.6"
	oidOrganisation = "2.5.4.10"
	oidGivenName    = "2.5.4.42"
	oidUserID       = "0.9.2342.19200300.100.1.1"
	oidINN          = "1.2.643.3.131.1.1"
	oidINNLE        = "1.2.643.100.4"
	oidOGRN         = "1.2.643.100.1"
	oidSNILS        = "1.2.643.100.3"
	oidOGRNIP       = "1.2.643.100.5"
)

type attributeKind struct{ oid, id, name string }

// attributeKinds: RFC 5280 appendix A, RFC 4519; the Russian ones by order 795 of the FSB
// as recorded in domain/russia.md §3.1. ИНН is a person's number (12 digits) there; that of a
// legal entity has its own OID since 1 September 2021.
var attributeKinds = []attributeKind{
	{oidCommonName, "common-name", "Common name"},
	{oidSurname, "surname", "Surname"},
	{oidGivenName, "given-name", "Given name"},
	{oidSerialNumber, "serial-number", "Serial number"},
	{oidCountry, "country", "Country"},
	{"2.5.4.7", "locality", "Locality"},
	{"2.5.4.8", "state", "State or province"},
	{"2.5.4.9", "street", "Street"},
	{oidOrganisation, "organisation", "Organisation"},
	{"2.5.4.11", "unit", "Unit"},
	{"2.5.4.12", "title", "Title"},
	{"2.5.4.17", "postal-code", "Postal code"},
	{"2.5.4.20", "telephone", "Telephone"},
	{"2.5.4.43", "initials", "Initials"},
	{"2.5.4.65", "pseudonym", "Pseudonym"},
	{"2.5.4.97", "organisation-id", "Organisation identifier"},
	{"1.2.840.113549.1.9.1", "email", "E-mail"},
	{"1.2.840.113549.1.9.2", "unstructured-name", "Unstructured name"},
	{oidUserID, "user-id", "User ID"},
	{"0.9.2342.19200300.100.1.25", "domain", "Domain component"},
	{oidINN, "inn", "ИНН"},
	{oidINNLE, "innle", "ИНН ЮЛ"},
	{oidOGRN, "ogrn", "ОГРН"},
	{oidSNILS, "snils", "СНИЛС"},
	{oidOGRNIP, "ogrnip", "ОГРНИП"},
}

// AttributeOID gives the dotted OID of a friendly id ("snils") or of a dotted OID itself;
// false when it is neither.
func AttributeOID(idOrOID string) (string, bool) {
	for _, k := range attributeKinds {
		if k.id == idOrOID || k.oid == idOrOID {
			return k.oid, true
		}
	}
	digits := strings.Trim(idOrOID, "0123456789.") == ""
	return idOrOID, digits && strings.Contains(idOrOID, ".")
}

// AttributeName gives the stable id and the label of an attribute; country is the C of
// the same name, because the serial number of a Turkish subject is the T.C. Kimlik No.
func AttributeName(oid, country string) (id, name string) {
	if oid == oidSerialNumber && strings.EqualFold(country, "TR") {
		return "serial-number", "T.C. Kimlik No"
	}
	for _, k := range attributeKinds {
		if k.oid == oid {
			return k.id, k.name
		}
	}
	return "", oid
}

// ParseName reads a DER Name (RFC 5280 §4.1.2.4) in its own order, which
// pkix.Name does not keep. A multi-valued RDN comes as neighbouring attributes.
func ParseName(der []byte) ([]Attribute, error) {
	var rdns []asn1.RawValue
	rest, err := asn1.Unmarshal(der, &rdns)
	if err != nil {
		return nil, fmt.Errorf("name: %w", err)
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("name: %d bytes too many", len(rest))
	}
	var all []Attribute
	for _, rdn := range rdns {
		for set := rdn.Bytes; len(set) > 0; {
			var pair struct {
				OID   asn1.ObjectIdentifier
				Value asn1.RawValue
			}
			if set, err = asn1.Unmarshal(set, &pair); err != nil {
				return nil, fmt.Errorf("name: %w", err)
			}
			all = append(all, Attribute{OID: pair.OID.String(), Value: text(pair.Value)})
		}
	}
	country := find(all, oidCountry)
	for i := range all {
		all[i].ID, all[i].Name = AttributeName(all[i].OID, country)
	}
	return all, nil
}

// find gives the first value of an attribute, trimmed, or "".
func find(name []Attribute, oid string) string {
	for _, a := range name {
		if a.OID == oid {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

const (
	tagUniversalString = 28
	classUniversal     = 0
)

// text decodes any of the string types of X.520.
func text(v asn1.RawValue) string {
	if v.Class != classUniversal {
		return "#" + hex.EncodeToString(v.FullBytes)
	}
	switch v.Tag {
	case asn1.TagUTF8String, asn1.TagPrintableString, asn1.TagNumericString, asn1.TagIA5String, asn1.TagT61String:
		if utf8.Valid(v.Bytes) {
			return visible(string(v.Bytes))
		}
		latin1 := make([]rune, len(v.Bytes)) // what T.61 is used for in practice
		for i, b := range v.Bytes {
			latin1[i] = rune(b)
		}
		return visible(string(latin1))
	case asn1.TagBMPString:
		units := make([]uint16, len(v.Bytes)/2)
		for i := range units {
			units[i] = uint16(v.Bytes[2*i])<<8 | uint16(v.Bytes[2*i+1])
		}
		return visible(string(utf16.Decode(units)))
	case tagUniversalString:
		runes := make([]rune, len(v.Bytes)/4)
		for i := range runes {
			b := v.Bytes[4*i:]
			runes[i] = rune(uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3]))
		}
		return visible(string(runes))
	}
	return "#" + hex.EncodeToString(v.FullBytes)
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
