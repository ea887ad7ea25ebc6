package register

import "time"

// Uses is what the certificate may be used for, in its own words.
type Uses struct {
	Key      []Term // key usage
	Extended []Term
	Policies []Term
}

// Uses reads key usage, extended key usage and policies, those of a broken certificate too.
func (c Certificate) Uses() Uses { return c.uses(English{}) }

func (c Certificate) uses(l Language) Uses {
	r := readRaw(c.DER)
	var u Uses
	if der, ok := r.extension("2.5.29.15"); ok {
		u.Key = termsIn(l, keyUsage(der))
	}
	if der, ok := r.extension("2.5.29.37"); ok {
		u.Extended = termsIn(l, purposes("2.5.29.37", der))
	}
	if der, ok := r.extension("2.5.29.32"); ok {
		_, u.Policies = policies(l, der)
	}
	return u
}

// Places are the addresses in a certificate. Rekey shows them and asks none of them here.
type Places struct{ CRL, OCSP, CAIssuers []string }

// Places reads the addresses of revocation lists, OCSP and the issuer's certificate.
func (c Certificate) Places() Places {
	r := readRaw(c.DER)
	var p Places
	if der, ok := r.extension("2.5.29.31"); ok {
		p.CRL = uris(der, 6)
	}
	if der, ok := r.extension("1.3.6.1.5.5.7.1.1"); ok {
		p.OCSP, p.CAIssuers = access(der, "1.3.6.1.5.5.7.48.1"), access(der, "1.3.6.1.5.5.7.48.2")
	}
	return p
}

// PrivateKeyPeriod is how long the private key may be used, which can be shorter than the certificate (2.5.29.16).
// A zero time stands for a limit that is not there.
func (c Certificate) PrivateKeyPeriod() (from, until time.Time) {
	r := readRaw(c.DER)
	der, _ := r.extension("2.5.29.16")
	return privatePeriod(der)
}

// SubjectSignTool names the holder's signature tool (1.2.643.100.111), "" when the certificate does not.
func (c Certificate) SubjectSignTool() string {
	r := readRaw(c.DER)
	der, _ := r.extension(oidSubjectSignTool)
	return visibleLines(readPlain(oidSubjectSignTool, der))
}

// IssuerSignTool gives the four texts of 1.2.643.100.112: the tool, the authority's tool, and the papers of both.
func (c Certificate) IssuerSignTool() []string {
	r := readRaw(c.DER)
	der, _ := r.extension(oidIssuerSignTool)
	var all []string
	for _, p := range children(der) {
		for _, s := range strs(p.FullBytes) {
			all = append(all, visible(shortened(s)))
		}
	}
	return all
}

// Version is 1, 2 or 3; 0 when it cannot be read.
func (c Certificate) Version() int {
	r := readRaw(c.DER)
	if r.subject == nil {
		return 0
	}
	return r.version
}

// SignatureValue is the issuer's signature, for the paper form.
func (c Certificate) SignatureValue() []byte { return readRaw(c.DER).signature }
