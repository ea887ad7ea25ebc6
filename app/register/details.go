package register

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Section is a group of rows about a certificate, for the window, the command and the paper form.
type Section struct {
	ID    string // stable
	Title string
	Rows  []Row
}

// Row is one line.
type Row struct {
	ID       string // stable; "" when Rekey has no word for it (then the Name is the OID)
	OID      string // of attributes, extensions and algorithms; else ""
	Name     string // in the language, or a national field's usual name
	Value    string // readable, several lines possible
	Reason   Reason // of "qualified": why
	Critical bool
	Hex      bool // Value is bytes
}

// rowNames are Rekey's own labels.
var rowNames = map[string]string{
	"problem": "Problem", "version": "Version", "serial": "Serial number", "from": "Valid from", "until": "Valid until", "days-left": "Days left",
	"purpose": "For", "usage": "Key usage", "extended-usage": "Extended key usage", "policies": "Policies", "qualified": "Qualified",
	"key": "Key", "key-size": "Size in bits", "parameters": "Parameters", "key-value": "Public key", "cannot-check": "Note",
	"key-from": "Private key from", "key-until": "Private key until", "sign-tool": "Signature tool of the holder", "issuer-sign-tool": "Signature tools of the issuer",
	"signature": "Signature algorithm", "signature-value": "Signature", "crl": "Revocation lists", "ocsp": "OCSP", "ca-issuers": "Issuer's certificate",
	"sha1": "SHA-1", "sha256": "SHA-256",
	"card": "Card", "card-serial": "Card number", "reader": "Reader", "key-on-card": "Private key", "state": "State",
}

var sectionNames = map[string]string{
	"problem": "What is wrong", "holder": "Holder", "issuer": "Issuer", "validity": "Validity", "use": "Use", "key": "Key",
	"signature": "Signature of the issuer", "places": "Places", "fingerprints": "Fingerprints", "extensions": "Extensions",
	"chain": "Chain", "card": "Card",
}

// Details lays out everything that a certificate says, in sections; empty rows and sections are left out. Times are in the time
// zone of now.
func Details(l Language, c Certificate, now time.Time) []Section {
	p := page{l, c, now}
	places := c.Places()
	var all []Section
	for _, s := range []Section{
		p.section("problem", p.problemRows()),
		p.section("holder", p.nameRows(c.Subject)),
		p.section("issuer", p.nameRows(c.Issuer)),
		p.section("validity", p.validityRows()),
		p.section("use", p.useRows()),
		p.section("key", p.keyRows()),
		p.section("signature", p.signatureRows()),
		p.section("places", p.row("crl", places.CRL...), p.row("ocsp", places.OCSP...), p.row("ca-issuers", places.CAIssuers...)),
		p.section("fingerprints", p.hexRow("sha256", spaced(c.Fingerprint)), p.hexRow("sha1", spaced(c.SHA1))),
		p.section("extensions", p.extensionRows()),
	} {
		if len(s.Rows) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// page is one certificate for one reader.
type page struct {
	Language
	c   Certificate
	now time.Time
}

func (p page) section(id string, rows ...[]Row) Section {
	return Section{ID: id, Title: said(p, "section.", id, sectionNames[id]), Rows: slices.Concat(rows...)}
}

func (p page) label(id string) string { return said(p, "row.", id, rowNames[id]) }

func (p page) row(id string, lines ...string) []Row {
	value := strings.Join(lines, "\n")
	if value == "" {
		return nil
	}
	return []Row{{ID: id, Name: p.label(id), Value: value}}
}

func (p page) hexRow(id, value string) []Row {
	rows := p.row(id, value)
	for i := range rows {
		rows[i].Hex = true
	}
	return rows
}

func (p page) wordRow(id string, words []Term) []Row {
	if len(words) == 0 {
		return nil
	}
	return []Row{{ID: id, Name: p.label(id), Value: join(words, comma(p))}}
}

func (p page) timeRow(id string, t time.Time) []Row {
	if t.IsZero() {
		return nil
	}
	zone := p.now.Location()
	return []Row{{ID: id, Name: p.label(id), Value: p.Moment(t.In(zone))}}
}

// problemRows quotes in English what could not be read; in the other languages a sentence says what kind of damage it is.
func (p page) problemRows() []Row {
	if p.c.Problem == "" {
		return nil
	}
	text := said(p, "problem.", p.c.ProblemID, p.c.Problem)
	return []Row{{ID: "problem", Name: p.label("problem"), Value: text, Reason: Reason{ID: p.c.ProblemID, Text: text}}}
}

func (p page) nameRows(name []Attribute) []Row {
	var all []Row
	for _, a := range name {
		all = append(all, Row{ID: a.ID, OID: a.OID, Name: a.name(p), Value: a.Value})
	}
	return all
}

func (p page) validityRows() []Row {
	from, until := p.c.PrivateKeyPeriod()
	rows := slices.Concat(p.hexRow("serial", p.c.Serial), p.timeRow("from", p.c.NotBefore), p.timeRow("until", p.c.NotAfter))
	if !p.c.NotAfter.IsZero() {
		rows = append(rows, p.row("days-left", p.Number(p.c.DaysLeft(p.now)))...)
	}
	rows = slices.Concat(rows, p.timeRow("key-from", from), p.timeRow("key-until", until))
	if v := p.c.Version(); v > 0 {
		rows = append(rows, p.row("version", p.Number(v))...)
	}
	return rows
}

func (p page) useRows() []Row {
	u := p.c.uses(p)
	var rows []Row
	if p.c.X509 != nil {
		purpose := shared(p, "purpose."+p.c.Purpose)
		word, why := no.In(p), p.c.QualifiedWhy.In(p)
		if p.c.Qualified {
			word = yes.In(p)
		}
		rows = []Row{
			{ID: "purpose", Name: p.label("purpose"), Value: purpose},
			{ID: "qualified", Name: p.label("qualified"), Value: word.Text + "\n" + why.Text, Reason: why},
		}
	}
	return slices.Concat(rows, p.wordRow("usage", u.Key), p.wordRow("extended-usage", u.Extended), p.wordRow("policies", u.Policies),
		p.row("sign-tool", p.c.SubjectSignTool()), p.row("issuer-sign-tool", p.c.IssuerSignTool()...))
}

func (p page) keyRows() []Row {
	k := p.c.Key()
	if k.OID == "" {
		return nil
	}
	rows := []Row{{ID: "key", OID: k.OID, Name: p.label("key"), Value: algorithm(p, k.Name)}}
	if k.Bits > 0 {
		rows = append(rows, p.row("key-size", p.Number(k.Bits))...)
	}
	if k.Parameters != "" {
		rows = append(rows, Row{ID: "parameters", OID: k.ParametersOID, Name: p.label("parameters"), Value: k.Parameters})
	}
	if !k.Checkable {
		word := unchecked
		if _, gost := gostKeys[k.OID]; gost {
			word = gostUnchecked
		}
		rows = append(rows, p.wordRow("cannot-check", []Term{word.In(p)})...)
	}
	return append(rows, p.hexRow("key-value", hex.EncodeToString(k.Value[:min(len(k.Value), 4*maxHex)]))...)
}

func (p page) signatureRows() []Row {
	a := p.c.Signature()
	if a.OID == "" {
		return nil
	}
	value := p.c.SignatureValue()
	rows := []Row{{ID: "signature", OID: a.OID, Name: p.label("signature"), Value: algorithm(p, a.Name)}}
	if !a.Checkable {
		rows = append(rows, p.wordRow("cannot-check", []Term{unchecked.In(p)})...)
	}
	return append(rows, p.hexRow("signature-value", hex.EncodeToString(value[:min(len(value), 4*maxHex)]))...)
}

func (p page) extensionRows() []Row {
	var all []Row
	for _, e := range p.c.extensions(p) {
		all = append(all, Row{ID: e.ID, OID: e.OID, Name: e.Name, Value: e.Value, Critical: e.Critical, Hex: longHex(e.Value)})
	}
	return all
}

// spaced writes a fingerprint in pairs, as people compare it.
func spaced(fingerprint string) string {
	var pairs []string
	for i := 0; i+1 < len(fingerprint); i += 2 {
		pairs = append(pairs, fingerprint[i:i+2])
	}
	return strings.ToUpper(strings.Join(pairs, ":"))
}
