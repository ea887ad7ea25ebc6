package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"
)

// selfSigned makes the authority's own certificate, as PEM, and proves it.
func (a *Authority) selfSigned(now time.Time) ([]byte, error) {
	spki, err := a.spki()
	if err != nil {
		return nil, err
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	id, err := keyIDOf(spki)
	if err != nil {
		return nil, err
	}
	from := now.UTC().Truncate(time.Second)
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{Organization: []string{"Rekey"}, CommonName: CommonName},
		NotBefore:             from,
		NotAfter:              from.AddDate(years, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		SubjectKeyId:          id,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if a.own != nil {
		der, err = a.anew(der, err, spki)
	}
	if err != nil {
		return nil, err
	}
	made := &Authority{own: a.own}
	if made.cert, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	return made.PEM(), made.proved(made.cert)
}

// spki is the DER of the authority's public key.
func (a *Authority) spki() ([]byte, error) {
	if a.own != nil {
		return a.own.SPKI()
	}
	return x509.MarshalPKIXPublicKey(a.key.Public())
}

func newKey(t KeyType) (crypto.Signer, error) {
	if t == KeyRSA {
		return rsa.GenerateKey(rand.Reader, 3072)
	}
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// newSerial gives a positive random number of 128 bits (RFC 5280 §4.1.2.2 allows 20 octets).
func newSerial() (*big.Int, error) {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	return n.SetBit(n, 127, 1), nil // the top bit is set: always 128 bits, never zero
}

// keyIDOf is the leftmost 160 bits of the SHA-256 of the public key's bits (RFC 7093 §2, method 1).
func keyIDOf(der []byte) ([]byte, error) {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(info.Key.Bytes)
	return sum[:20], nil
}
