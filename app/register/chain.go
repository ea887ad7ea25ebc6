package register

import (
	"bytes"
	"crypto/x509"
	"errors"

	"rekey/app/gost"
)

// Link is one step of a chain, from the certificate upwards.
type Link struct {
	Certificate
	Signed string // how the signature on this certificate stands: one of the Signed words
	Root   bool   // it names itself as its issuer, and so ends the chain
}

// Values of Link.Signed. Append only.
const (
	SignedChecked   = "checked"    // the next certificate's key made the signature (or its own, for a root)
	SignedBad       = "bad"        // the issuer's key did not make this signature
	SignedUnchecked = "unchecked"  // the issuer is there, but Rekey cannot check such a signature (MD5, GOST R 34.10-2001)
	SignedNoIssuer  = "no-issuer"  // the issuer's certificate is not there
	SignedBroken    = "unreadable" // the certificate itself cannot be read
)

var chainWords = map[string]string{
	SignedChecked:   "The issuer's signature was checked.",
	SignedBad:       "The issuer's signature is wrong: the certificate was changed, or another issuer of the same name made it.",
	SignedUnchecked: "The issuer's signature was not checked: Rekey cannot check signatures of this kind.",
	SignedNoIssuer:  "The issuer's certificate is not known here.",
	SignedBroken:    "The certificate is damaged.",
}

// longest is how far a chain is followed.
const longest = 10

// Chain follows the issuers of a certificate as far as the pool goes. Issuers are found by name, and by key
// identifier when several have it; a signature is checked where Go or app/gost can. It says who signed, not whom to trust:
// validity and revocation of the issuers are not looked at.
func Chain(c Certificate, pool []Certificate) []Link {
	var chain []Link
	seen := map[string]bool{}
	for len(chain) < longest {
		seen[c.Fingerprint] = true
		if c.X509 == nil {
			return append(chain, Link{c, SignedBroken, false})
		}
		if bytes.Equal(c.X509.RawSubject, c.X509.RawIssuer) && keyIDsAgree(c.X509, c.X509) {
			if s := signedBy(c.X509, c.X509); s != SignedBad {
				return append(chain, Link{c, s, true})
			}
		}
		issuer, signed := issuerOf(c, pool, seen)
		chain = append(chain, Link{c, signed, false})
		if issuer == nil {
			return chain
		}
		c = *issuer
	}
	return chain
}

// issuerOf picks the best candidate: one whose signature holds, else one whose signature cannot be checked, else
// one that says by its key identifier that it is the issuer, and then the signature is bad.
func issuerOf(c Certificate, pool []Certificate, seen map[string]bool) (*Certificate, string) {
	var unchecked *Certificate
	bad := false
	for i := range pool {
		p := &pool[i]
		if p.X509 == nil || seen[p.Fingerprint] || !bytes.Equal(p.X509.RawSubject, c.X509.RawIssuer) || !maySign(p.X509) {
			continue
		}
		if !keyIDsAgree(c.X509, p.X509) {
			continue
		}
		switch signedBy(c.X509, p.X509) {
		case SignedChecked:
			return p, SignedChecked
		case SignedUnchecked:
			if unchecked == nil || len(p.X509.SubjectKeyId) > 0 {
				unchecked = p
			}
		case SignedBad:
			bad = bad || len(c.X509.AuthorityKeyId) > 0 && len(p.X509.SubjectKeyId) > 0
		}
	}
	switch {
	case unchecked != nil:
		return unchecked, SignedUnchecked
	case bad:
		return nil, SignedBad
	}
	return nil, SignedNoIssuer
}

// maySign: an authority by basic constraints; certificates before version 3 cannot say it.
func maySign(c *x509.Certificate) bool {
	return c.Version < 3 || c.BasicConstraintsValid && c.IsCA && (c.KeyUsage == 0 || c.KeyUsage&x509.KeyUsageCertSign != 0)
}

// keyIDsAgree: the identifiers are equal, or one of the two is missing.
func keyIDsAgree(child, parent *x509.Certificate) bool {
	return len(child.AuthorityKeyId) == 0 || len(parent.SubjectKeyId) == 0 || bytes.Equal(child.AuthorityKeyId, parent.SubjectKeyId)
}

func signedBy(child, parent *x509.Certificate) string {
	if gost.IsKey(parent.RawSubjectPublicKeyInfo) {
		return signedByGOST(child, parent)
	}
	err := parent.CheckSignature(child.SignatureAlgorithm, child.RawTBSCertificate, child.Signature)
	var insecure x509.InsecureAlgorithmError
	switch {
	case err == nil:
		return SignedChecked
	case parent.PublicKey == nil || child.SignatureAlgorithm == x509.UnknownSignatureAlgorithm,
		errors.Is(err, x509.ErrUnsupportedAlgorithm), errors.As(err, &insecure):
		return SignedUnchecked
	}
	return SignedBad
}

// signedByGOST: a parameter set or algorithm that is not known cannot be checked, and is not called bad.
func signedByGOST(child, parent *x509.Certificate) string {
	err := gost.CheckSignature(child.Raw, parent)
	switch {
	case err == nil:
		return SignedChecked
	case gost.KindOf(err) == gost.KindAlgorithm:
		return SignedUnchecked
	}
	return SignedBad
}
