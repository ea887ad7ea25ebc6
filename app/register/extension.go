package register

import (
	"encoding/asn1"
	"strings"
	"time"
)

// Extension is one extension of a certificate.
type Extension struct {
	OID      string
	ID       string // stable: translation key "register.extension." + ID; "" when Rekey does not know it
	Name     string // English; the OID when unknown
	Critical bool
	Value    string // readable, several lines possible; hex when Rekey cannot read it
	DER      []byte // as it stands in the certificate
}

// Extensions lists them in the order of the certificate, those of a broken one too.
func (c Certificate) Extensions() []Extension { return c.extensions(English{}) }

func (c Certificate) extensions(l Language) []Extension {
	r := readRaw(c.DER)
	var all []Extension
	for _, e := range r.extensions {
		kind := lookUp(extensionNames, e.oid)
		x := Extension{OID: e.oid, ID: kind.ID, Name: said(l, "extension.", kind.ID, kind.Text), Critical: e.critical, DER: e.value}
		x.Value = readValue(l, e.oid, e.value)
		if x.Value == "" {
			x.Value = hexOf(e.value)
		}
		x.Value = visibleLines(x.Value)
		all = append(all, x)
	}
	return all
}

func visibleLines(s string) string {
	lines := strings.Split(s, "\n")
	const most = 50
	if len(lines) > most {
		lines = append(lines[:most], "…")
	}
	for i := range lines {
		lines[i] = visible(shortened(lines[i]))
	}
	return strings.Join(lines, "\n")
}

// readValue makes an extension readable; "" when its kind is unknown or it is not as its standard wants it.
func readValue(l Language, oid string, der []byte) string {
	switch oid {
	case "2.5.29.15":
		return join(termsIn(l, keyUsage(der)), comma(l))
	case "2.5.29.37", "1.3.6.1.4.1.311.21.10":
		return join(termsIn(l, purposes(oid, der)), "\n")
	case "2.5.29.32":
		lines, _ := policies(l, der)
		return lines
	case oidQCStatements:
		var said []Term
		for _, s := range statements(der) {
			said = append(said, term(s.ID.String()).In(l))
		}
		return join(said, "\n")
	case "1.2.643.100.114":
		var kind int
		if _, err := asn1.Unmarshal(der, &kind); err == nil && kind >= 0 && kind < len(identificationKinds) {
			return identificationKinds[kind].In(l).Text
		}
		return ""
	case "2.5.29.19":
		return join(termsIn(l, basicConstraints(der)), "")
	case "2.5.29.16":
		return period(l, der)
	}
	return readPlain(oid, der)
}

// readPlain reads the extensions that have no words to translate.
func readPlain(oid string, der []byte) string {
	switch oid {
	case "2.5.29.14":
		var id []byte
		if _, err := asn1.Unmarshal(der, &id); err == nil {
			return hexOf(id)
		}
	case "2.5.29.35":
		return authorityKey(der)
	case "2.5.29.17", "2.5.29.18":
		return strings.Join(generalNames(der), "\n")
	case "2.5.29.31", "2.5.29.46":
		return strings.Join(uris(der, 6), "\n")
	case "1.3.6.1.5.5.7.1.1":
		return strings.Join(append(access(der, "1.3.6.1.5.5.7.48.1"), access(der, "1.3.6.1.5.5.7.48.2")...), "\n")
	case oidSubjectSignTool, "1.3.6.1.4.1.311.20.2":
		return strings.Join(strs(der), "")
	case oidIssuerSignTool:
		if parts := children(der); len(parts) > 0 {
			var lines []string
			for _, p := range parts {
				lines = append(lines, strs(p.FullBytes)...)
			}
			return strings.Join(lines, "\n")
		}
	case "1.3.6.1.5.5.7.48.1.5":
		return "–"
	}
	return ""
}

func comma(l Language) string { return said(l, "", "comma", otherWords["comma"]) }

func join(words []Term, between string) string {
	var all []string
	for _, w := range words {
		all = append(all, w.Text)
	}
	return strings.Join(all, between)
}

// keyUsage names the bits that are set.
func keyUsage(der []byte) []Term {
	var bits asn1.BitString
	if _, err := asn1.Unmarshal(der, &bits); err != nil {
		return nil
	}
	var all []Term
	for i, t := range keyUsages {
		if bits.At(i) == 1 {
			all = append(all, t)
		}
	}
	return all
}

// purposes reads ExtKeyUsageSyntax, or Microsoft's application policies, which are policies in form.
func purposes(oid string, der []byte) []Term {
	var all []Term
	for _, c := range children(der) {
		if oid != "2.5.29.37" {
			if inner := children(c.FullBytes); len(inner) > 0 {
				c = inner[0]
			}
		}
		var id asn1.ObjectIdentifier
		if _, err := asn1.Unmarshal(c.FullBytes, &id); err == nil {
			all = append(all, term(id.String()))
		}
	}
	return all
}

// policies names each policy, and its statements below.
func policies(l Language, der []byte) (text string, named []Term) {
	var lines []string
	for _, p := range children(der) {
		parts := children(p.FullBytes)
		var id asn1.ObjectIdentifier
		if len(parts) == 0 {
			continue
		}
		if _, err := asn1.Unmarshal(parts[0].FullBytes, &id); err != nil {
			continue
		}
		t := term(id.String()).In(l)
		named = append(named, t)
		line := t.Text
		if t.ID != "" {
			line += " (" + t.OID + ")"
		}
		lines = append(lines, line)
		if len(parts) > 1 {
			for _, s := range strs(parts[1].FullBytes) {
				lines = append(lines, "  "+s)
			}
		}
	}
	return strings.Join(lines, "\n"), named
}

func authorityKey(der []byte) string {
	var lines []string
	for _, c := range children(der) {
		switch {
		case c.Class != asn1.ClassContextSpecific:
		case c.Tag == 0 || c.Tag == 2:
			lines = append(lines, hexOf(c.Bytes))
		case c.Tag == 1:
			lines = append(lines, generalNames(c.FullBytes)...)
		}
	}
	return strings.Join(lines, "\n")
}

func basicConstraints(der []byte) []Term {
	var b struct {
		CA  bool `asn1:"optional"`
		Max int  `asn1:"optional,default:-1"`
	}
	if _, err := asn1.Unmarshal(der, &b); err != nil {
		return nil
	}
	if b.CA {
		return []Term{authority}
	}
	return []Term{noAuthority}
}

// period writes PrivateKeyUsagePeriod (RFC 3280 §4.2.1.4), in UTC where the language does not choose the zone.
func period(l Language, der []byte) string {
	from, until := privatePeriod(der)
	if from.IsZero() && until.IsZero() {
		return ""
	}
	return moment(l, from) + " – " + moment(l, until)
}

func privatePeriod(der []byte) (from, until time.Time) {
	for _, c := range children(der) {
		if c.Class != asn1.ClassContextSpecific || c.Tag > 1 {
			continue
		}
		t, err := time.Parse("20060102150405Z0700", string(c.Bytes))
		if err != nil {
			continue
		}
		if c.Tag == 0 {
			from = t.UTC()
		} else {
			until = t.UTC()
		}
	}
	return from, until
}

func moment(l Language, t time.Time) string {
	if t.IsZero() {
		return "…"
	}
	return l.Moment(t.UTC())
}
