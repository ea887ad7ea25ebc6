package app

import (
	"strings"

	"rekey/app/procedure"
	"rekey/app/register"
)

// firstOpenRoute is the first route that this certificate may still take.
func (a *App) firstOpenRoute(r procedure.Reason, c register.Certificate) string {
	for _, route := range r.Routes {
		if !route.ValidCertificate || c.X509 != nil && !a.now().After(c.NotAfter) {
			return route.ID
		}
	}
	return r.Routes[0].ID
}

// Where the details of a draft come from.
const (
	FromCertificate = "certificate"
	FromCase        = "case" // an earlier one, or the one that is corrected
	FromBoth        = "both"
)

// prefill fills in what the certificate, the last case and the procedure's defaults tell. from says which of the first two told something.
func (a *App) prefill(p *procedure.Procedure, reason string, c register.Certificate) (details map[string]string, from string) {
	last := map[string]string{}
	if all, err := a.Cases(); err == nil {
		holder := register.HolderKey(c)
		for _, old := range all { // oldest first: the newest wins
			if c.X509 != nil && old.Procedure == p.ID && old.HolderKey == holder {
				last = old.Details
			}
		}
	}
	details = map[string]string{}
	told := map[string]bool{}
	for _, f := range p.FieldsFor(reason) {
		value, source := fromCertificate(f.From, c), FromCertificate
		if value == "" || last[f.ID] != "" && !f.Fixed {
			value, source = last[f.ID], FromCase
		}
		if value == "" {
			value, source = f.Default, ""
		}
		if value != "" {
			details[f.ID], told[source] = value, true
		}
	}
	switch {
	case told[FromCertificate] && told[FromCase]:
		from = FromBoth
	case told[FromCertificate]:
		from = FromCertificate
	case told[FromCase]:
		from = FromCase
	}
	return details, from
}

// fromCertificate reads a subject attribute. Where a certificate has no separate names, the last word of the
// common name is the surname.
func fromCertificate(from string, c register.Certificate) string {
	oid := map[string]string{"given-name": "2.5.4.42", "surname": "2.5.4.4", "common-name": "2.5.4.3"}[from]
	if oid == "" {
		oid = from
	}
	if v := attribute(c, oid); v != "" {
		return v
	}
	words := strings.Fields(attribute(c, "2.5.4.3"))
	switch {
	case from == "surname" && len(words) > 1:
		return words[len(words)-1]
	case from == "given-name" && len(words) > 1:
		return strings.Join(words[:len(words)-1], " ")
	}
	return ""
}

func attribute(c register.Certificate, oid string) string {
	for _, s := range c.Subject {
		if s.OID == oid {
			return s.Value
		}
	}
	return ""
}
