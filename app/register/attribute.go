package register

import (
	"encoding/asn1"
	"fmt"
	"strings"
)

// Attribute is one part of a name, as it stands in the certificate.
type Attribute struct {
	OID     string // dotted
	ID      string // stable short id ("common-name", "snils"), or "" when unknown; names it in translations
	Name    string // label for people; national fields in their own language; the OID when unknown
	Value   string // decoded text, control characters replaced, shortened when absurdly long; "#hex" when it is no string
	Short   string // short name of RFC 4514 and OpenSSL ("CN", "SNILS"), or the OID
	Joins   bool   // it belongs to the same relative name (RDN) as the attribute before it
	Encoded bool   // Value is "#hex", because it is no string
	Fault   string // why the value is not as X.520 wants it; "" when it is
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

type attributeKind struct {
	oid, id, name, short string
	national             bool // the name is the same in every language
}

// attributeKinds: RFC 5280 appendix A, RFC 4519; the Russian ones by order 795 of the FSB
// as recorded in domain/russia.md §3.1. ИНН is a person's number (12 digits) there; that of a
// legal entity has its own OID since 1 September 2021.
var attributeKinds = []attributeKind{
	{oidCommonName, "common-name", "Common name", "CN", false},
	{oidSurname, "surname", "Surname", "SN", false},
	{oidGivenName, "given-name", "Given name", "GN", false},
	{oidSerialNumber, "serial-number", "Serial number", "serialNumber", false},
	{oidCountry, "country", "Country", "C", false},
	{"2.5.4.7", "locality", "Locality", "L", false},
	{"2.5.4.8", "state", "State or province", "ST", false},
	{"2.5.4.9", "street", "Street", "street", false},
	{oidOrganisation, "organisation", "Organisation", "O", false},
	{"2.5.4.11", "unit", "Unit", "OU", false},
	{"2.5.4.12", "title", "Title", "title", false},
	{"2.5.4.17", "postal-code", "Postal code", "postalCode", false},
	{"2.5.4.20", "telephone", "Telephone", "telephoneNumber", false},
	{"2.5.4.43", "initials", "Initials", "initials", false},
	{"2.5.4.65", "pseudonym", "Pseudonym", "pseudonym", false},
	{"2.5.4.97", "organisation-id", "Organisation identifier", "organizationIdentifier", false},
	{"1.2.840.113549.1.9.1", "email", "E-mail", "emailAddress", false},
	{"1.2.840.113549.1.9.2", "unstructured-name", "Unstructured name", "unstructuredName", false},
	{oidUserID, "user-id", "User ID", "UID", false},
	{"0.9.2342.19200300.100.1.25", "domain", "Domain component", "DC", false},
	{"2.5.4.13", "description", "Description", "description", false},
	{"2.5.4.15", "business-category", "Business category", "businessCategory", false},
	{"2.5.4.16", "postal-address", "Postal address", "postalAddress", false},
	{"2.5.4.41", "name", "Name", "name", false},
	{"2.5.4.44", "generation", "Generation", "generationQualifier", false},
	{"2.5.4.46", "dn-qualifier", "Name qualifier", "dnQualifier", false},
	{"1.2.840.113549.1.9.8", "unstructured-address", "Unstructured address", "unstructuredAddress", false},
	{oidINN, "inn", "ИНН", "INN", true},
	{oidINNLE, "innle", "ИНН ЮЛ", "INNLE", true},
	{oidOGRN, "ogrn", "ОГРН", "OGRN", true},
	{oidSNILS, "snils", "СНИЛС", "SNILS", true},
	{oidOGRNIP, "ogrnip", "ОГРНИП", "OGRNIP", true},
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

// ParseName reads a DER Name (RFC 5280 §4.1.2.4) in its own order, which
// pkix.Name does not keep. A multi-valued RDN comes as neighbouring attributes (Joins). With an error
// comes what could be read before it.
func ParseName(der []byte) ([]Attribute, error) {
	var all []Attribute
	fail := func(err error) ([]Attribute, error) { return label(all), fmt.Errorf("name: %w", err) }
	var rdns []asn1.RawValue
	rest, err := asn1.Unmarshal(der, &rdns)
	if err != nil {
		return fail(err)
	}
	if len(rest) > 0 {
		return fail(fmt.Errorf("%d bytes too many", len(rest)))
	}
	for _, rdn := range rdns {
		joins := false
		for set := rdn.Bytes; len(set) > 0; joins = true {
			var pair struct {
				OID   asn1.ObjectIdentifier
				Value asn1.RawValue
			}
			if set, err = asn1.Unmarshal(set, &pair); err != nil {
				return fail(err)
			}
			if len(all) == maxAttributes {
				return fail(fmt.Errorf("more than %d attributes", maxAttributes))
			}
			a := Attribute{OID: pair.OID.String(), Joins: joins}
			a.Value, a.Fault, a.Encoded = text(pair.Value)
			all = append(all, a)
		}
	}
	return label(all), nil
}

// label gives the attributes of one name their names.
func label(name []Attribute) []Attribute {
	country := find(name, oidCountry)
	for i := range name {
		a := &name[i]
		a.ID, a.Name, a.Short = "", a.OID, a.OID
		for _, k := range attributeKinds {
			if k.oid == a.OID {
				a.ID, a.Name, a.Short = k.id, k.name, k.short
			}
		}
		if national := nationalName(*a, country); national != "" {
			a.Name = national
		}
	}
	return name
}

// vietnamese are the marks before a number in the UID of a Vietnamese subject ("MST:0100109106"), and what
// people call it. One subject may have several: the organisation's and the person's.
var vietnamese = []struct{ mark, name string }{
	{"CCCD:", "Số định danh cá nhân"},
	{"CMND:", "Số CMND"},
	{"MST:", "Mã số thuế"},
	{"MNS:", "Mã quan hệ ngân sách"},
}

// nationalName is how people of the country call the number in a general attribute; "" when it is no such number.
// The serial number is the T.C. Kimlik No of a Turkish subject (11 digits) and the کد ملی of an Iranian one (10).
func nationalName(a Attribute, country string) string {
	value := strings.TrimSpace(a.Value)
	switch {
	case a.OID == oidUserID:
		for _, v := range vietnamese {
			if strings.HasPrefix(strings.ToUpper(value), v.mark) {
				return v.name
			}
		}
	case a.OID != oidSerialNumber || strings.Trim(value, "0123456789") != "":
	case strings.EqualFold(country, "TR") && len(value) == 11:
		return "T.C. Kimlik No"
	case strings.EqualFold(country, "IR") && len(value) == 10:
		return "کد ملی"
	}
	return ""
}

// DistinguishedName writes a name as RFC 4514 does: the last part first, commas between, with short names where
// there are any. It is for copying into other programs; people read the attributes.
func DistinguishedName(name []Attribute) string {
	var b strings.Builder
	for i := len(name) - 1; i >= 0; i-- {
		b.WriteString(name[i].Short + "=" + escaped(name[i]))
		switch {
		case i == 0:
		case name[i].Joins:
			b.WriteByte('+')
		default:
			b.WriteByte(',')
		}
	}
	return b.String()
}

// escaped follows RFC 4514 §2.4.
func escaped(a Attribute) string {
	if a.Encoded {
		return a.Value
	}
	value := a.Value
	var b strings.Builder
	for i, r := range value {
		if strings.ContainsRune(`,+"\<>;`, r) || i == 0 && r == '#' || r == ' ' && (i == 0 || i == len(value)-1) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
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
