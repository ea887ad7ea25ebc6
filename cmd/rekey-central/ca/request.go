package ca

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"rekey/app/gost"
)

const minRSABits = 2048

// parseRequest reads one PEM PKCS#10 request and proves that its maker holds the key.
func parseRequest(text []byte) (*x509.CertificateRequest, error) {
	block, rest := pem.Decode(text)
	if block == nil || (block.Type != "CERTIFICATE REQUEST" && block.Type != "NEW CERTIFICATE REQUEST") {
		return nil, errors.New("the request is not a PEM PKCS#10 request")
	}
	if len(bytes.TrimSpace(rest)) != 0 {
		return nil, errors.New("there is something after the request in the file")
	}
	r, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the request cannot be read: %w", err)
	}
	if err := checkKey(r); err != nil {
		return nil, err
	}
	if err := checkOwn(r); err != nil {
		return nil, fmt.Errorf("the signature of the request does not verify with its own key: %w", err)
	}
	if len(r.RawSubject) <= 2 { // SEQUENCE of nothing
		return nil, errors.New("the request names no subject")
	}
	return r, nil
}

// checkOwn verifies the request with the key in it.
func checkOwn(r *x509.CertificateRequest) error {
	if gost.IsKey(r.RawSubjectPublicKeyInfo) {
		return gost.VerifyRequest(r.Raw)
	}
	return r.CheckSignature()
}

func checkKey(r *x509.CertificateRequest) error {
	if gost.IsKey(r.RawSubjectPublicKeyInfo) {
		k, err := gost.ParsePublicKey(r.RawSubjectPublicKeyInfo)
		if err == nil && k.Set.Test {
			err = errors.New("its parameters are for examples only")
		}
		return err
	}
	switch k := r.PublicKey.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() < minRSABits {
			return fmt.Errorf("the RSA key has %d bits, at least %d are needed", k.N.BitLen(), minRSABits)
		}
		return nil
	case *ecdsa.PublicKey:
		if k.Curve.Params().BitSize < 256 {
			return fmt.Errorf("the curve %s is too small", k.Curve.Params().Name)
		}
		return nil
	}
	return errors.New("the demonstration CA knows RSA and NIST curves only, and GOST R 34.10-2012; this key is of another kind")
}

// takeOver picks the wanted extensions out of a request, as they are. The two that can be
// asked for are checked for their shape, so that no rubbish gets our signature.
func takeOver(r *x509.CertificateRequest, wanted []asn1.ObjectIdentifier) ([]pkix.Extension, error) {
	var taken []pkix.Extension
	for _, e := range r.Extensions {
		if !slices.ContainsFunc(wanted, e.Id.Equal) {
			continue
		}
		if slices.ContainsFunc(taken, func(t pkix.Extension) bool { return t.Id.Equal(e.Id) }) {
			return nil, fmt.Errorf("the request carries extension %s twice", e.Id)
		}
		if !wellFormed(e) {
			return nil, fmt.Errorf("the request's extension %s is malformed", e.Id)
		}
		taken = append(taken, pkix.Extension{Id: e.Id, Value: e.Value}) // never critical (RFC 9215, RFC 3280)
	}
	return taken, nil
}

func wellFormed(e pkix.Extension) bool {
	var raw asn1.RawValue
	rest, err := asn1.Unmarshal(e.Value, &raw)
	if err != nil || len(rest) != 0 {
		return false
	}
	switch {
	case e.Id.Equal(oidSubjectSignTool): // UTF8String (SIZE (1..200))
		n := utf8.RuneCount(raw.Bytes)
		return raw.Class == asn1.ClassUniversal && raw.Tag == asn1.TagUTF8String && utf8.Valid(raw.Bytes) && n >= 1 && n <= 200
	case e.Id.Equal(oidKeyUsagePeriod): // SEQUENCE of notBefore [0] and notAfter [1], at least one
		return raw.Class == asn1.ClassUniversal && raw.Tag == asn1.TagSequence && len(raw.Bytes) > 0
	}
	return true
}
