package ca

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"

	"rekey/app/gost"
)

// sealed is the outer shape of a certificate (RFC 5280 §4.1).
type sealed struct {
	Content   asn1.RawValue
	Algorithm pkix.AlgorithmIdentifier
	Signature asn1.BitString
}

// newCertificate is x509.CreateCertificate, also for a holder's GOST R 34.10-2012 key, which Go cannot write: the certificate is made for the
// authority's own key first, then the holder's takes its place, and it is signed anew. The authority's signature stays RSA or
// ECDSA: a GOST signature would need a card of its own.
func (a *Authority) newCertificate(t *x509.Certificate, r *x509.CertificateRequest) ([]byte, error) {
	if !gost.IsKey(r.RawSubjectPublicKeyInfo) {
		return x509.CreateCertificate(rand.Reader, t, a.cert, r.PublicKey, a.key)
	}
	der, err := x509.CreateCertificate(rand.Reader, t, a.cert, a.key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	var s sealed
	if _, err := asn1.Unmarshal(der, &s); err != nil {
		return nil, err
	}
	var fields []asn1.RawValue
	if _, err := asn1.Unmarshal(s.Content.FullBytes, &fields); err != nil {
		return nil, err
	}
	replaced := 0
	for i, f := range fields {
		if bytes.Equal(f.FullBytes, a.cert.RawSubjectPublicKeyInfo) {
			fields[i] = asn1.RawValue{FullBytes: r.RawSubjectPublicKeyInfo}
			replaced++
		}
	}
	if replaced != 1 {
		return nil, errors.New("own certificate has no place for the key")
	}
	content, err := asn1.Marshal(fields)
	if err != nil {
		return nil, err
	}
	signature, err := crypto.SignMessage(a.key, rand.Reader, content, crypto.SHA256)
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(sealed{asn1.RawValue{FullBytes: content}, s.Algorithm, asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}})
}
