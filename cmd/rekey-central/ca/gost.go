package ca

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"errors"

	"rekey/app/gost"
)

// Go writes neither GOST keys nor GOST signatures. What has one of them is first made by crypto/x509 with a key that it knows, and
// then signed anew, with the fields that differ exchanged.

// sealed is the outer shape of certificates and revocation lists (RFC 5280 §4.1, §5.1).
type sealed struct {
	Content   asn1.RawValue
	Algorithm asn1.RawValue
	Signature asn1.BitString
}

// newCertificate is x509.CreateCertificate, also for a holder's or an authority's GOST R 34.10-2012 key.
func (a *Authority) newCertificate(t *x509.Certificate, r *x509.CertificateRequest) ([]byte, error) {
	holder := gost.IsKey(r.RawSubjectPublicKeyInfo)
	if !holder {
		der, err := x509.CreateCertificate(rand.Reader, t, a.cert, r.PublicKey, a.key)
		return a.anew(der, err, nil)
	}
	der, err := x509.CreateCertificate(rand.Reader, t, a.cert, a.key.Public(), a.key)
	return a.anew(der, err, r.RawSubjectPublicKeyInfo)
}

// anew signs once more what a.key signed, where the holder's key or the signature is a GOST one. holder, when not nil, takes
// the place of a.key's public half. err is that of the making.
func (a *Authority) anew(der []byte, err error, holder []byte) ([]byte, error) {
	if err != nil || holder == nil && a.own == nil {
		return der, err
	}
	var s sealed
	if _, err := asn1.Unmarshal(der, &s); err != nil {
		return nil, err
	}
	var fields []asn1.RawValue
	if _, err := asn1.Unmarshal(s.Content.FullBytes, &fields); err != nil {
		return nil, err
	}
	if holder != nil {
		standIn, err := x509.MarshalPKIXPublicKey(a.key.Public())
		if err != nil {
			return nil, err
		}
		if err := exchange(fields, standIn, holder); err != nil {
			return nil, err
		}
	}
	if a.own != nil {
		algorithm, err := asn1.Marshal(gost.SignatureAlgorithm(a.own.Bits()))
		if err != nil {
			return nil, err
		}
		if err := exchange(fields, s.Algorithm.FullBytes, algorithm); err != nil {
			return nil, err
		}
		s.Algorithm = asn1.RawValue{FullBytes: algorithm}
	}
	content, err := asn1.Marshal(fields)
	if err != nil {
		return nil, err
	}
	signature, err := a.signature(content)
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(sealed{asn1.RawValue{FullBytes: content}, s.Algorithm, asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}})
}

func (a *Authority) signature(content []byte) ([]byte, error) {
	if a.own != nil {
		return gost.SignMessage(context.Background(), a.own, content, a.program.gostSign(a.own.Bits()))
	}
	return crypto.SignMessage(a.key, rand.Reader, content, crypto.SHA256)
}

// exchange replaces the one field that has these bytes.
func exchange(fields []asn1.RawValue, old, with []byte) error {
	found := 0
	for i, f := range fields {
		if bytes.Equal(f.FullBytes, old) {
			fields[i] = asn1.RawValue{FullBytes: with}
			found++
		}
	}
	if found != 1 {
		return errors.New("what was made has no place for a GOST key or signature")
	}
	return nil
}

// proved checks the authority's signature on a certificate, with the rules that names and uses have to keep.
func (a *Authority) proved(c *x509.Certificate) error {
	if a.own != nil {
		return gost.VerifyCertificate(c, a.cert)
	}
	return c.CheckSignatureFrom(a.cert)
}

// fault is whose matter it is when nothing could be signed.
func (a *Authority) fault() Kind {
	if a.program != nil {
		return KindSigner
	}
	return KindInternal
}
