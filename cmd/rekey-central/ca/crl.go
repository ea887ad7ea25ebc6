package ca

import (
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"time"
)

// crlDays is how long a revocation list says that it is good for.
const crlDays = 7

// CRL makes the signed revocation list (DER, RFC 5280 §5). The demonstration CA revokes
// nothing, so it is empty. Its number is the time in seconds, which only grows.
func (a *Authority) CRL(now time.Time) ([]byte, error) {
	now = now.UTC().Truncate(time.Second)
	der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		Number:     big.NewInt(now.Unix()),
		ThisUpdate: now,
		NextUpdate: now.AddDate(0, 0, crlDays),
	}, a.cert, a.key)
	if err != nil {
		return nil, &Error{"make revocation list", KindInternal, err}
	}
	return der, nil
}
