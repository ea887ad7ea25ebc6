package register

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"
)

// Purposes of a certificate. Append only.
const (
	PurposeSigning        = "signing"
	PurposeEncryption     = "encryption"
	PurposeAuthentication = "authentication"
	PurposeAuthority      = "authority" // it signs other certificates
	PurposeOther          = "other"     // time stamps, servers, unknown
)

var smartCardLogon = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 20, 2, 2}

// purpose goes by key usage first (RFC 5280 §4.2.1.3). nonRepudiation always means signing: Russian
// certificates add both encipherments to it, Turkish ones must not (domain files, §3.2 and §1.7).
func purpose(c *x509.Certificate) string {
	ku := c.KeyUsage
	switch {
	case c.IsCA || ku&x509.KeyUsageCertSign != 0:
		return PurposeAuthority
	case slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageTimeStamping),
		slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning),
		slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageServerAuth):
		return PurposeOther
	case ku&x509.KeyUsageContentCommitment != 0:
		return PurposeSigning
	case ku&x509.KeyUsageDigitalSignature != 0, ku == 0:
		if onlyLogin(c) {
			return PurposeAuthentication
		}
		return PurposeSigning
	case ku&(x509.KeyUsageKeyEncipherment|x509.KeyUsageDataEncipherment|x509.KeyUsageKeyAgreement) != 0:
		return PurposeEncryption
	}
	return PurposeOther
}

// onlyLogin: every extended usage is about proving who one is, and there is at least one.
func onlyLogin(c *x509.Certificate) bool {
	for _, u := range c.ExtKeyUsage {
		if u != x509.ExtKeyUsageClientAuth {
			return false
		}
	}
	for _, u := range c.UnknownExtKeyUsage {
		if !u.Equal(smartCardLogon) {
			return false
		}
	}
	return len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) > 0
}

// Object identifiers of qualified certificates (domain files, turkey §1.7 and russia §3.2).
const (
	oidQCStatements   = "1.3.6.1.5.5.7.1.3"
	oidQCCompliance   = "0.4.0.1862.1.1"
	oidBTK            = "2.16.792.1.61.0.1.5070.1.1"
	oidSignToolClass  = "1.2.643.100.113."
	oidIssuerSignTool = "1.2.643.100.112"
)

// qualified tells what the certificate says of itself. Turkish issuers put their statements
// into qcStatements or among the policies: both places count.
func qualified(c *Certificate) (bool, string) {
	claims := append(qcStatements(c.X509), c.Policies...)
	has := func(oid string) bool { return slices.Contains(claims, oid) }
	repudiation := c.X509.KeyUsage&x509.KeyUsageContentCommitment != 0
	toolClass := slices.ContainsFunc(c.Policies, func(p string) bool { return strings.HasPrefix(p, oidSignToolClass) })

	switch {
	case c.Purpose != PurposeSigning:
		return false, "not a signing certificate"
	case c.Country == "RU" || toolClass:
		if toolClass && extension(c.X509, oidIssuerSignTool) != nil && repudiation {
			return true, "class of the signature tool, issuerSignTool and nonRepudiation"
		}
		return false, "no class of the signature tool, issuerSignTool or nonRepudiation"
	case !has(oidQCCompliance):
		return false, "no ETSI QcCompliance statement"
	case !repudiation:
		return false, "no nonRepudiation"
	case c.Country == "TR" && !has(oidBTK):
		return false, "no BTK statement"
	case c.Country == "TR":
		return true, "ETSI QcCompliance, BTK statement and nonRepudiation"
	}
	return true, "ETSI QcCompliance and nonRepudiation"
}

// qcStatements lists the statement ids of RFC 3739 §3.2.6; a broken extension claims nothing.
func qcStatements(c *x509.Certificate) []string {
	var statements []struct {
		ID   asn1.ObjectIdentifier
		Info asn1.RawValue `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(extension(c, oidQCStatements), &statements); err != nil {
		return nil
	}
	var ids []string
	for _, s := range statements {
		ids = append(ids, s.ID.String())
	}
	return ids
}

func extension(c *x509.Certificate, oid string) []byte {
	for _, e := range c.Extensions {
		if e.Id.String() == oid {
			return e.Value
		}
	}
	return nil
}

// gostNames: keys that Go cannot use but that must be shown by name (RFC 9215 §4.2, RFC 4491 §2.3.2).
var gostNames = map[string]string{
	"1.2.643.7.1.1.1.1": "gost2012-256",
	"1.2.643.7.1.1.1.2": "gost2012-512",
	"1.2.643.2.2.19":    "gost2001",
}

func keyAlgorithm(spki []byte) string {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(spki, &info); err != nil {
		return ""
	}
	oid := info.Algorithm.Algorithm.String()
	if name, ok := gostNames[oid]; ok {
		return name
	}
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return oid
	}
	switch k := key.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("rsa-%d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return fmt.Sprintf("ec-p%d", k.Curve.Params().BitSize)
	case ed25519.PublicKey:
		return "ed25519"
	}
	return oid
}
