package register

import (
	"maps"
	"strconv"
	"strings"
	"time"
)

// Language writes for one reader. The printer of the window's texts is one, English another.
type Language interface {
	// Text gives the text of a key of Words, or english where there is none.
	Text(key, english string) string
	Moment(t time.Time) string
	Number(n int) string
}

// English is the language of machines and of the tables in this package. Moments are written in the zone that they carry.
type English struct{}

// Text implements Language.
func (English) Text(_, english string) string { return english }

// Moment implements Language.
func (English) Moment(t time.Time) string {
	if t.Location() == time.UTC {
		return t.Format("2006-01-02 15:04:05 UTC")
	}
	return t.Format("2006-01-02 15:04:05 -07:00")
}

// Number implements Language.
func (English) Number(n int) string { return strconv.Itoa(n) }

// prefix is before every key of this package that nobody else uses.
const prefix = "register."

// Words are all keys that this package asks a Language for, with their English texts. Names that are the same in every language (КС1, СНИЛС,
// E-Güven) are not among them.
func Words() map[string]string {
	all := map[string]string{}
	for kind, table := range map[string]map[string]string{
		"qualified.": reasons, "problem.": problems, "row.": rowNames, "section.": sectionNames, "chain.": chainWords, "list.": listWords,
		"key-on-card.": keyOnCard, "": otherWords,
	} {
		for id, text := range table {
			all[prefix+kind+id] = text
		}
	}
	for kind, tables := range map[string][][]Term{"term.": {terms, keyUsages, identificationKinds, sentences, {authority, noAuthority}}, "extension.": {extensionNames}} {
		for _, table := range tables {
			for _, t := range table {
				all[prefix+kind+t.ID] = t.Text
			}
		}
	}
	for _, k := range attributeKinds {
		if !k.national {
			all[prefix+"attribute."+k.id] = k.name
		}
	}
	maps.Copy(all, sharedWords)
	return all
}

// otherWords stand between other words.
var otherWords = map[string]string{
	"comma": ", ", "critical": "critical",
	"signed-with": "{digest} with {key}", "gost": "GOST R",
}

// sharedWords are texts that the window has anyway.
var sharedWords = map[string]string{
	"purpose.signing": "signing", "purpose.encryption": "encryption", "purpose.authentication": "sign-in", "purpose.authority": "issuing certificates", "purpose.other": "other use",
	"state.current": "Current", "state.new": "New", "state.expired": "Expired", "state.other": "Other",
}

// said gives a text of this package in a language; english when it has no key.
func said(l Language, kind, id, english string) string {
	if id == "" {
		return english
	}
	return l.Text(prefix+kind+id, english)
}

func shared(l Language, key string) string { return l.Text(key, sharedWords[key]) }

// In gives the term in a language; a proper name stays.
func (t Term) In(l Language) Term {
	if lookUp(properNames, t.OID).ID != "" {
		return t
	}
	t.Text = said(l, "term.", t.ID, t.Text)
	return t
}

func termsIn(l Language, all []Term) []Term {
	out := make([]Term, len(all))
	for i, t := range all {
		out[i] = t.In(l)
	}
	return out
}

// In gives the reason in a language.
func (r Reason) In(l Language) Reason {
	r.Text = said(l, "qualified.", r.ID, reasons[r.ID])
	for i := 0; i+1 < len(r.Args); i += 2 {
		r.Text = strings.ReplaceAll(r.Text, "{"+r.Args[i]+"}", r.Args[i+1])
	}
	return r
}

// Words says how the signature on the link stands.
func (l Link) Words(in Language) string { return said(in, "chain.", l.Signed, chainWords[l.Signed]) }

// Words says what the revocation lists say.
func (s Standing) Words(in Language) string { return said(in, "list.", s.Word, listWords[s.Word]) }

// name is an attribute's name. What its country calls a number stays as it is.
func (a Attribute) name(l Language) string {
	for _, k := range attributeKinds {
		if k.id == a.ID && k.name == a.Name && !k.national {
			return said(l, "attribute.", a.ID, a.Name)
		}
	}
	return a.Name
}

// algorithm writes "SHA-256 with RSA" in the order of the language, and the Russian standards by their names there.
func algorithm(l Language, name string) string {
	if digest, key, ok := strings.Cut(name, " with "); ok {
		name = strings.NewReplacer("{digest}", digest, "{key}", key).Replace(said(l, "", "signed-with", otherWords["signed-with"]))
	}
	return strings.ReplaceAll(name, otherWords["gost"], said(l, "", "gost", otherWords["gost"]))
}
