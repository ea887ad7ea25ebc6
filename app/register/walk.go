package register

import (
	"encoding/asn1"
	"encoding/hex"
	"strings"
)

// children opens a constructed value, whatever its tag; nil when it is none or damaged.
func children(der []byte) []asn1.RawValue {
	var outer asn1.RawValue
	if rest, err := asn1.Unmarshal(der, &outer); err != nil || len(rest) > 0 || !outer.IsCompound {
		return nil
	}
	var all []asn1.RawValue
	for b := outer.Bytes; len(b) > 0; {
		var v asn1.RawValue
		var err error
		if b, err = asn1.Unmarshal(b, &v); err != nil {
			return nil
		}
		all = append(all, v)
	}
	return all
}

// strs collects every string below a value, in order.
func strs(der []byte) []string { return collect(der, 8, nil) }

func collect(der []byte, depth int, into []string) []string {
	var v asn1.RawValue
	if _, err := asn1.Unmarshal(der, &v); err != nil || depth == 0 {
		return into
	}
	if !v.IsCompound {
		if s, _, ok := decoded(v.Tag, v.Bytes); ok && v.Class == classUniversal {
			into = append(into, s)
		}
		return into
	}
	for _, c := range children(der) {
		into = collect(c.FullBytes, depth-1, into)
	}
	return into
}

// uris collects the values with a context tag below a value: 6 is uniformResourceIdentifier of GeneralName.
func uris(der []byte, tag int) []string {
	var all []string
	for _, c := range children(der) {
		if c.Class == asn1.ClassContextSpecific && c.Tag == tag && !c.IsCompound {
			all = append(all, visible(shortened(latin1(c.Bytes))))
			continue
		}
		if c.IsCompound {
			all = append(all, uris(c.FullBytes, tag)...)
		}
	}
	return all
}

// access gives the places of one method in AuthorityInfoAccess.
func access(der []byte, method string) []string {
	var all []string
	for _, c := range children(der) {
		parts := children(c.FullBytes)
		var id asn1.ObjectIdentifier
		if len(parts) != 2 || parts[1].Class != asn1.ClassContextSpecific || parts[1].Tag != 6 {
			continue
		}
		if _, err := asn1.Unmarshal(parts[0].FullBytes, &id); err == nil && id.String() == method {
			all = append(all, visible(shortened(latin1(parts[1].Bytes))))
		}
	}
	return all
}

// generalNames reads GeneralNames (RFC 5280 §4.2.1.6).
func generalNames(der []byte) []string {
	var all []string
	for _, c := range children(der) {
		switch {
		case c.Class != asn1.ClassContextSpecific:
		case c.Tag == 1 || c.Tag == 2 || c.Tag == 6:
			s, _, _ := decoded(asn1.TagIA5String, c.Bytes)
			all = append(all, s)
		case c.Tag == 4:
			if name, err := ParseName(c.Bytes); err == nil {
				all = append(all, DistinguishedName(name))
			}
		case c.Tag == 0:
			all = append(all, strings.Join(strs(c.FullBytes), " "))
		default:
			all = append(all, "#"+hex.EncodeToString(c.Bytes[:min(len(c.Bytes), maxHex)]))
		}
	}
	return all
}
