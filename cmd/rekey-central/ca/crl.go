package ca

import (
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"time"
)

// crlDays is how long a revocation list says that it is good for.
const crlDays = 7

// CRL makes the signed revocation list (DER, RFC 5280 §5) of what is revoked. Its number is the time in milliseconds, which only
// grows (§5.2.3), so that two lists of one second can be told apart.
func (a *Authority) CRL(now time.Time, revoked ...x509.RevocationListEntry) ([]byte, error) {
	number := big.NewInt(now.UnixMilli())
	now = now.UTC().Truncate(time.Second)
	der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		Number:                    number,
		ThisUpdate:                now,
		NextUpdate:                now.AddDate(0, 0, crlDays),
		RevokedCertificateEntries: revoked,
	}, a.cert, a.key)
	if der, err = a.anew(der, err, nil); err != nil {
		return nil, &Error{"make revocation list", a.fault(), err}
	}
	return der, nil
}

// Made tells that this authority has signed the certificate.
func (a *Authority) Made(c *x509.Certificate) bool { return a.proved(c) == nil }
