package gost

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"testing"
	"time"

	"rekey/token/gosttest"
)

// newOffice is an authority with keys of this set.
func newOffice(t testing.TB, judge *gosttest.Judge, set *Set) *gosttest.Office {
	t.Helper()
	name := engineName[set.Name]
	if name == "" {
		name = set.OID.String()
	}
	return gosttest.NewOffice(t, judge, set.Bits, name)
}

// plainCertificate is one of an ECDSA key, self-signed, under a given name.
func plainCertificate(t testing.TB, name []byte) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), RawSubject: name, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}
