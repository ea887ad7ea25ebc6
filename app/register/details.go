package register

import (
	"encoding/hex"
	"maps"
	"strconv"
	"strings"
	"time"
)

// Section is a group of rows about a certificate, for the window, the command and the paper form.
type Section struct {
	ID    string // stable: translation key "section." + ID
	Title string // English
	Rows  []Row
}

// Row is one line. Its label is translated by its kind: "row." + ID for our own labels, the Name as it is for
// the parts of a holder's name, "extension." + ID for extensions.
type Row struct {
	ID       string // stable; "" when Rekey has no word for it (then the Name is the OID)
	OID      string // of attributes, extensions and algorithms; else ""
	Name     string // English, or a national field's usual name
	Value    string // readable, several lines possible
	Words    []Term // what in Value can be translated, one after the other
	Reason   Reason // of "qualified": why
	Time     time.Time
	Critical bool
}

// rowNames are Rekey's own labels.
var rowNames = map[string]string{
	"problem": "Problem", "name": "Name", "version": "Version", "serial": "Serial number", "from": "Valid from", "until": "Valid until", "days-left": "Days left",
	"purpose": "For", "usage": "Key usage", "extended-usage": "Extended key usage", "policies": "Policies", "qualified": "Qualified",
	"key": "Key", "key-size": "Size in bits", "parameters": "Parameters", "key-value": "Public key", "cannot-check": "Note",
	"key-from": "Private key from", "key-until": "Private key until", "sign-tool": "Signature tool of the holder", "issuer-sign-tool": "Signature tools of the issuer",
	"signature": "Signature algorithm", "signature-value": "Signature", "crl": "Revocation lists", "ocsp": "OCSP", "ca-issuers": "Issuer's certificate",
	"sha1": "SHA-1", "sha256": "SHA-256",
}

var sectionNames = map[string]string{
	"problem": "What is wrong", "holder": "Holder", "issuer": "Issuer", "validity": "Validity", "use": "Use", "key": "Key",
	"signature": "Signature of the issuer", "places": "Places", "fingerprints": "Fingerprints", "extensions": "Extensions",
}

// otherWords are the remaining words that Details uses.
var otherWords = map[string]string{
	"term.yes": "yes", "term.no": "no",
	"term.gost-unchecked": "Rekey shows keys and signatures by GOST R 34.10, but cannot check them.",
	"term.unchecked":      "Rekey cannot check signatures of this kind.",
	"purpose.signing":     "signing", "purpose.encryption": "encryption", "purpose.authentication": "sign-in", "purpose.authority": "issuing certificates", "purpose.other": "other use",
}

// Words are all translation keys that this package gives to the window and the forms, with their English texts.
func Words() map[string]string {
	all := maps.Clone(otherWords)
	for prefix, table := range map[string]map[string]string{"qualified.": reasons, "problem.": problems, "row.": rowNames, "section.": sectionNames, "chain.": chainWords, "list.": listWords} {
		for id, text := range table {
			all[prefix+id] = text
		}
	}
	for prefix, tables := range map[string][][]Term{"term.": {terms, keyUsages, identificationKinds}, "extension.": {extensionNames}} {
		for _, table := range tables {
			for _, t := range table {
				all[prefix+t.ID] = t.Text
			}
		}
	}
	return all
}

// Details lays out everything that a certificate says, in sections; empty rows and sections are left out. Times are
// in the time zone of now, and Row.Time holds them for other ways of writing.
func Details(c Certificate, now time.Time) []Section {
	var all []Section
	add := func(id string, rows ...[]Row) {
		s := Section{ID: id, Title: sectionNames[id]}
		for _, r := range rows {
			s.Rows = append(s.Rows, r...)
		}
		if len(s.Rows) > 0 {
			all = append(all, s)
		}
	}
	if c.Problem != "" {
		add("problem", []Row{{ID: "problem", Name: rowNames["problem"], Value: c.Problem, Reason: Reason{ID: c.ProblemID, Text: c.Problem}}})
	}
	add("holder", nameRows(c.Subject))
	add("issuer", nameRows(c.Issuer))
	add("validity", validityRows(c, now))
	add("use", useRows(c))
	add("key", keyRows(c))
	add("signature", signatureRows(c))
	p := c.Places()
	add("places", row("crl", p.CRL...), row("ocsp", p.OCSP...), row("ca-issuers", p.CAIssuers...))
	add("fingerprints", row("sha256", spaced(c.Fingerprint)), row("sha1", spaced(c.SHA1)))
	add("extensions", extensionRows(c))
	return all
}

func row(id string, lines ...string) []Row {
	value := strings.Join(lines, "\n")
	if value == "" {
		return nil
	}
	return []Row{{ID: id, Name: rowNames[id], Value: value}}
}

func wordRow(id string, words []Term) []Row {
	if len(words) == 0 {
		return nil
	}
	return []Row{{ID: id, Name: rowNames[id], Value: join(words, ", "), Words: words}}
}

func timeRow(id string, t, now time.Time) []Row {
	if t.IsZero() {
		return nil
	}
	return []Row{{ID: id, Name: rowNames[id], Value: t.In(now.Location()).Format("2006-01-02 15:04:05 -07:00"), Time: t}}
}

func nameRows(name []Attribute) []Row {
	var all []Row
	for _, a := range name {
		all = append(all, Row{ID: a.ID, OID: a.OID, Name: a.Name, Value: a.Value})
	}
	return all
}

func validityRows(c Certificate, now time.Time) []Row {
	rows := append(row("serial", c.Serial), timeRow("from", c.NotBefore, now)...)
	rows = append(rows, timeRow("until", c.NotAfter, now)...)
	if !c.NotAfter.IsZero() {
		rows = append(rows, row("days-left", strconv.Itoa(c.DaysLeft(now)))...)
	}
	from, until := c.PrivateKeyPeriod()
	rows = append(rows, timeRow("key-from", from, now)...)
	rows = append(rows, timeRow("key-until", until, now)...)
	if v := c.Version(); v > 0 {
		rows = append(rows, row("version", strconv.Itoa(v))...)
	}
	return rows
}

func useRows(c Certificate) []Row {
	u := c.Uses()
	var rows []Row
	if c.X509 != nil {
		purpose := otherWords["purpose."+c.Purpose]
		rows = []Row{{ID: "purpose", Name: rowNames["purpose"], Value: purpose, Words: []Term{{ID: c.Purpose, Text: purpose}}}}
		word := Term{ID: "no", Text: "no"}
		if c.Qualified {
			word = Term{ID: "yes", Text: "yes"}
		}
		rows = append(rows, Row{ID: "qualified", Name: rowNames["qualified"], Value: word.Text + ": " + c.QualifiedWhy.Text, Words: []Term{word}, Reason: c.QualifiedWhy})
	}
	rows = append(rows, wordRow("usage", u.Key)...)
	rows = append(rows, wordRow("extended-usage", u.Extended)...)
	rows = append(rows, wordRow("policies", u.Policies)...)
	rows = append(rows, row("sign-tool", c.SubjectSignTool())...)
	return append(rows, row("issuer-sign-tool", c.IssuerSignTool()...)...)
}

func keyRows(c Certificate) []Row {
	k := c.Key()
	if k.OID == "" {
		return nil
	}
	rows := []Row{{ID: "key", OID: k.OID, Name: rowNames["key"], Value: k.Name}}
	if k.Bits > 0 {
		rows = append(rows, row("key-size", strconv.Itoa(k.Bits))...)
	}
	if k.Parameters != "" {
		rows = append(rows, Row{ID: "parameters", OID: k.ParametersOID, Name: rowNames["parameters"], Value: k.Parameters})
	}
	if !k.Checkable {
		word := "unchecked"
		if _, gost := gostKeys[k.OID]; gost {
			word = "gost-unchecked"
		}
		rows = append(rows, wordRow("cannot-check", []Term{{ID: word, Text: otherWords["term."+word]}})...)
	}
	return append(rows, row("key-value", hex.EncodeToString(k.Value[:min(len(k.Value), 4*maxHex)]))...)
}

func signatureRows(c Certificate) []Row {
	a := c.Signature()
	if a.OID == "" {
		return nil
	}
	value := c.SignatureValue()
	rows := []Row{{ID: "signature", OID: a.OID, Name: rowNames["signature"], Value: a.Name}}
	if !a.Checkable {
		rows = append(rows, wordRow("cannot-check", []Term{{ID: "unchecked", Text: otherWords["term.unchecked"]}})...)
	}
	return append(rows, row("signature-value", hex.EncodeToString(value[:min(len(value), 4*maxHex)]))...)
}

func extensionRows(c Certificate) []Row {
	var all []Row
	for _, e := range c.Extensions() {
		all = append(all, Row{ID: e.ID, OID: e.OID, Name: e.Name, Value: e.Value, Words: e.Terms, Critical: e.Critical})
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
