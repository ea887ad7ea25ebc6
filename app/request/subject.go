package request

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"rekey/app/register"
)

// Attr is one attribute of a new subject.
type Attr struct {
	OID   string // dotted, or a friendly id of package register ("snils")
	Value string
	Type  StringType
}

// attribute is AttributeTypeAndValue (RFC 5280 §4.1.2.4).
type attribute struct {
	OID   asn1.ObjectIdentifier
	Value asn1.RawValue
}

// NewSubject encodes a subject in the order given, one attribute in each RDN.
func NewSubject(attrs []Attr) ([]byte, error) {
	const op = "make subject"
	if len(attrs) == 0 {
		return nil, &Error{op, KindSubject, fmt.Errorf("no attributes")}
	}
	var rdns []asn1.RawValue
	for _, a := range attrs {
		oid, err := parseOID(a.OID)
		if err != nil {
			return nil, &Error{op, KindSubject, err}
		}
		value, err := encode(a.Value, a.Type)
		if err != nil {
			return nil, &Error{op, KindSubject, fmt.Errorf("%s: %w", a.OID, err)}
		}
		pair, err := asn1.Marshal(attribute{oid, value})
		if err != nil {
			return nil, &Error{op, KindSubject, fmt.Errorf("%s: %w", a.OID, err)}
		}
		rdns = append(rdns, set(pair))
	}
	der, err := asn1.Marshal(rdns)
	if err != nil {
		return nil, &Error{op, KindSubject, err}
	}
	return der, nil
}

// Subject gives the subject of the current certificate for its renewal. Without changes it is the
// same bytes. changes maps a friendly id or a dotted OID to the new text: only these attributes are written
// anew, in their places, with the string type they had where the new text fits it and UTF8String otherwise.
// An attribute that the certificate does not have, or has more than once, is refused.
func Subject(current *x509.Certificate, changes map[string]string) ([]byte, error) {
	const op = "change subject"
	subject := bytes.Clone(current.RawSubject)
	for _, id := range sortedKeys(changes) {
		oid, err := parseOID(id)
		if err == nil {
			subject, err = replace(subject, oid, changes[id])
		}
		if err != nil {
			return nil, &Error{op, KindSubject, fmt.Errorf("%s: %w", id, err)}
		}
	}
	return subject, nil
}

func replace(subject []byte, oid asn1.ObjectIdentifier, value string) ([]byte, error) {
	rdns, err := readName(subject)
	if err != nil {
		return nil, err
	}
	found := 0
	for i, rdn := range rdns {
		var pairs [][]byte
		touched := false
		for rest := rdn.Bytes; len(rest) > 0; {
			var a attribute
			after, err := asn1.Unmarshal(rest, &a)
			if err != nil {
				return nil, err
			}
			pair := rest[:len(rest)-len(after)]
			if a.OID.Equal(oid) {
				found++
				if pair, err = rewrite(a, pair, value); err != nil {
					return nil, err
				}
				touched = true
			}
			pairs, rest = append(pairs, pair), after
		}
		if touched {
			rdns[i] = set(pairs...)
		}
	}
	if found != 1 {
		return nil, fmt.Errorf("the current subject has this attribute %d times, not once", found)
	}
	return asn1.Marshal(rdns)
}

// rewrite keeps the old bytes when the text is the same.
func rewrite(a attribute, old []byte, value string) ([]byte, error) {
	if was, ok := decode(a.Value); ok && was == value {
		return old, nil
	}
	oid := a.OID.String()
	fit, err := encodeLike(a.Value.Tag, value, slices.Contains(strictTypes, oid))
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(attribute{a.OID, fit})
}

// strictTypes must keep their string type: the country and the numeric fields of Russian names.
var strictTypes = []string{
	"2.5.4.6", "1.2.643.3.131.1.1", "1.2.643.100.4", "1.2.643.100.1", "1.2.643.100.3", "1.2.643.100.5",
}

// set is a DER SET OF: its elements stand in the order of their bytes (X.690 §11.6).
func set(elements ...[]byte) asn1.RawValue {
	sort.Slice(elements, func(i, j int) bool { return bytes.Compare(elements[i], elements[j]) < 0 })
	return asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: bytes.Join(elements, nil)}
}

func parseOID(idOrOID string) (asn1.ObjectIdentifier, error) {
	dotted, ok := register.AttributeOID(idOrOID)
	if !ok {
		return nil, fmt.Errorf("unknown attribute %q", idOrOID)
	}
	var oid asn1.ObjectIdentifier
	for _, part := range strings.Split(dotted, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, fmt.Errorf("attribute %q: %w", idOrOID, err)
		}
		oid = append(oid, n)
	}
	return oid, nil
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
