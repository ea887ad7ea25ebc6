package procedure

import "slices"

// Traits are what a certificate shows of where it belongs.
type Traits struct {
	Policies []string // OIDs
	Subject  []string // attribute type OIDs
	Country  string
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
	if len(m.Policies) == 0 && len(m.SubjectOID) == 0 && m.Country == "" {
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
