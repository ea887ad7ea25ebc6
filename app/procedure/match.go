package procedure

import (
	"slices"
	"strings"
)

// Match says which certificates belong to this procedure. All given conditions must hold;
// inside policies and issuer any entry is enough.
type Match struct {
	Policies   []string `yaml:"policies"`    // certificate policy OIDs
	Issuer     []string `yaml:"issuer"`      // a part of the issuer's name, letters of either case
	SubjectOID []string `yaml:"subject_oid"` // attribute types that the subject must have, all of them
	Country    string   `yaml:"subject_country"`
	Any        bool     `yaml:"any"` // the last resort
}

// Traits are what a certificate shows of where it belongs.
type Traits struct {
	Policies []string // OIDs
	Subject  []string // attribute type OIDs
	Country  string
	Issuer   string // the issuer's common name and organisation, in one text
}

// For finds the procedure of a certificate; the one that takes any comes last.
func For(all []*Procedure, t Traits) *Procedure {
	var last *Procedure
	for _, p := range all {
		switch {
		case p.Match.Any:
			last = p
		case p.Match.fits(t):
			return p
		}
	}
	return last
}

func (m Match) fits(t Traits) bool {
	if len(m.Policies) == 0 && len(m.Issuer) == 0 && len(m.SubjectOID) == 0 && m.Country == "" {
		return false
	}
	issuer := strings.ToLower(t.Issuer)
	if len(m.Issuer) > 0 && !slices.ContainsFunc(m.Issuer, func(part string) bool { return strings.Contains(issuer, strings.ToLower(part)) }) {
		return false
	}
	if len(m.Policies) > 0 && !slices.ContainsFunc(m.Policies, func(oid string) bool { return slices.Contains(t.Policies, oid) }) {
		return false
	}
	for _, oid := range m.SubjectOID {
		if !slices.Contains(t.Subject, oid) {
			return false
		}
	}
	return m.Country == "" || m.Country == t.Country
}
