package register

import (
	"crypto/x509"
	"encoding/asn1"
	"slices"
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
