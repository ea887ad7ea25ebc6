package register

import (
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"
)

// Reason says why, for people: the translation key is "register.qualified." + ID, Text is the English text.
type Reason struct {
	ID   string   // stable
	Args []string // name, value, name, value …
	Text string
}

func (r Reason) String() string { return r.Text }

// Object identifiers of qualified certificates (domain files, turkey §1.7 and russia §3.2).
const (
	oidQCStatements    = "1.3.6.1.5.5.7.1.3"
	oidQCCompliance    = "0.4.0.1862.1.1"
	oidBTK             = "2.16.792.1.61.0.1.5070.1.1"
	oidSignToolClass   = "1.2.643.100.113."
	oidSubjectSignTool = "1.2.643.100.111"
	oidIssuerSignTool  = "1.2.643.100.112"
)

// reasons are all that qualified can answer; {…} are the Args.
var reasons = map[string]string{
	"not-signing":        "It is not for signing.",
	"ru-yes":             "It names the class of the signature tool ({class}) and the issuer's tools, and is for signatures that cannot be denied.",
	"ru-no-class":        "It does not name the class of the signature tool.",
	"ru-no-issuer-tool":  "It does not name the issuer's tools.",
	"no-compliance":      "It has no statement of a qualified certificate (ETSI QcCompliance).",
	"no-non-repudiation": "It is not marked for signatures that cannot be denied (nonRepudiation).",
	"tr-no-btk":          "It has no statement of the BTK.",
	"tr-yes":             "It has the statements of ETSI (QcCompliance) and of the BTK, and is for signatures that cannot be denied.",
	"etsi-yes":           "It has the statement of ETSI (QcCompliance), and is for signatures that cannot be denied.",
}

func reason(id string, args ...string) Reason {
	return Reason{ID: id, Args: args}.In(English{})
}

// qualified tells what the certificate says of itself. Turkish issuers put their statements
// into qcStatements or among the policies: both places count.
func qualified(c *Certificate) (bool, Reason) {
	claims := append(qcStatements(c.X509), c.Policies...)
	has := func(oid string) bool { return slices.Contains(claims, oid) }
	repudiation := c.X509.KeyUsage&x509.KeyUsageContentCommitment != 0
	class := slices.IndexFunc(c.Policies, func(p string) bool { return strings.HasPrefix(p, oidSignToolClass) })

	switch {
	case c.Purpose != PurposeSigning:
		return false, reason("not-signing")
	case c.Country == "RU" || class >= 0:
		switch {
		case class < 0:
			return false, reason("ru-no-class")
		case extension(c.X509, oidIssuerSignTool) == nil:
			return false, reason("ru-no-issuer-tool")
		case !repudiation:
			return false, reason("no-non-repudiation")
		}
		return true, reason("ru-yes", "class", term(c.Policies[class]).Text)
	case !has(oidQCCompliance):
		return false, reason("no-compliance")
	case !repudiation:
		return false, reason("no-non-repudiation")
	case c.Country == "TR" && !has(oidBTK):
		return false, reason("tr-no-btk")
	case c.Country == "TR":
		return true, reason("tr-yes")
	}
	return true, reason("etsi-yes")
}

// qcStatements lists the statement ids of RFC 3739 §3.2.6; a broken extension claims nothing.
func qcStatements(c *x509.Certificate) []string {
	var ids []string
	for _, s := range statements(extension(c, oidQCStatements)) {
		ids = append(ids, s.ID.String())
	}
	return ids
}

type statement struct {
	ID   asn1.ObjectIdentifier
	Info asn1.RawValue `asn1:"optional"`
}

func statements(der []byte) []statement {
	var all []statement
	if _, err := asn1.Unmarshal(der, &all); err != nil {
		return nil
	}
	return all
}

func extension(c *x509.Certificate, oid string) []byte {
	for _, e := range c.Extensions {
		if e.Id.String() == oid {
			return e.Value
		}
	}
	return nil
}
