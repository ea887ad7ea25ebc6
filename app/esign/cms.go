package esign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"
)

// message is a detached CMS SignedData (RFC 5652 §5) with one signer and the three signed attributes of
// CAdES B-B (ETSI EN 319 122-1 §6.3): content type, message digest, signing-certificate-v2. The pkcs7
// library that builds with this Go always adds signing-time, which PAdES forbids (EN 319 142-1 §6.3).
type message struct {
	cert   *x509.Certificate
	chain  []*x509.Certificate
	method method
}

// method is how one kind of key signs.
type method struct {
	hash      crypto.Hash
	x509      x509.SignatureAlgorithm
	digest    pkix.AlgorithmIdentifier
	signature pkix.AlgorithmIdentifier
	longest   int // bytes of the longest signature
}

var (
	oidData                 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidSigningCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}

	oidSHA256          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA256WithRSA   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
	oidECDSAWithSHA256 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	oidECDSAWithSHA384 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}
)

func methodFor(public crypto.PublicKey) (method, error) {
	sha256ID := pkix.AlgorithmIdentifier{Algorithm: oidSHA256}
	switch k := public.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() < 2048 {
			return method{}, fmt.Errorf("an RSA key of %d bits is too short", k.N.BitLen())
		}
		algorithm := pkix.AlgorithmIdentifier{Algorithm: oidSHA256WithRSA, Parameters: asn1.NullRawValue}
		return method{crypto.SHA256, x509.SHA256WithRSA, sha256ID, algorithm, k.Size()}, nil
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256():
			return method{crypto.SHA256, x509.ECDSAWithSHA256, sha256ID, pkix.AlgorithmIdentifier{Algorithm: oidECDSAWithSHA256}, 72}, nil
		case elliptic.P384():
			sha384ID := pkix.AlgorithmIdentifier{Algorithm: oidSHA384}
			return method{crypto.SHA384, x509.ECDSAWithSHA384, sha384ID, pkix.AlgorithmIdentifier{Algorithm: oidECDSAWithSHA384}, 104}, nil
		}
	}
	return method{}, fmt.Errorf("its kind of key (%T) cannot sign a PDF here", public)
}

type signedAttribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

type signerInfo struct {
	Version            int
	Issuer             issuerAndSerial
	DigestAlgorithm    pkix.AlgorithmIdentifier
	SignedAttributes   asn1.RawValue
	SignatureAlgorithm pkix.AlgorithmIdentifier
	Signature          []byte
}

type issuerAndSerial struct {
	Name   asn1.RawValue
	Serial *big.Int
}

type signedData struct {
	Version          int
	DigestAlgorithms []pkix.AlgorithmIdentifier `asn1:"set"`
	Content          struct{ Type asn1.ObjectIdentifier }
	Certificates     asn1.RawValue
	Signers          []signerInfo `asn1:"set"`
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue
}

// signingCertificate is SigningCertificateV2 of RFC 5035 §3 with its default hash, SHA-256. A struct of this shape
// also reads one that names another hash.
type signingCertificate struct {
	Certs []essCertID
}

type essCertID struct {
	Hash         pkix.AlgorithmIdentifier `asn1:"optional"`
	CertHash     []byte
	IssuerSerial asn1.RawValue `asn1:"optional"`
}

// attributes is the DER SET of signed attributes: what the card's key signs (RFC 5652 §5.4).
func (m message) attributes(digest []byte) ([]byte, error) {
	certHash := sha256.Sum256(m.cert.Raw)
	type shortID struct{ CertHash []byte } // absent hash means SHA-256
	values := []struct {
		id    asn1.ObjectIdentifier
		value any
	}{
		{oidContentType, oidData},
		{oidMessageDigest, digest},
		{oidSigningCertificateV2, struct{ Certs []shortID }{[]shortID{{certHash[:]}}}},
	}
	var all [][]byte
	for _, v := range values {
		value, err := asn1.Marshal(v.value)
		if err != nil {
			return nil, err
		}
		der, err := asn1.Marshal(signedAttribute{v.id, []asn1.RawValue{{FullBytes: value}}})
		if err != nil {
			return nil, err
		}
		all = append(all, der)
	}
	slices.SortFunc(all, bytes.Compare) // DER orders a SET OF by its bytes
	return asn1.Marshal(asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: bytes.Join(all, nil)})
}

// encode puts the finished message together.
func (m message) encode(attributes, signature []byte) ([]byte, error) {
	var set asn1.RawValue
	if _, err := asn1.Unmarshal(attributes, &set); err != nil {
		return nil, err
	}
	certs := bytes.Clone(m.cert.Raw)
	for _, c := range m.chain {
		if !c.Equal(m.cert) {
			certs = append(certs, c.Raw...)
		}
	}
	data := signedData{
		Version:          1,
		DigestAlgorithms: []pkix.AlgorithmIdentifier{m.method.digest},
		Certificates:     tagged(certs),
		Signers: []signerInfo{{
			Version:            1,
			Issuer:             issuerAndSerial{asn1.RawValue{FullBytes: m.cert.RawIssuer}, m.cert.SerialNumber},
			DigestAlgorithm:    m.method.digest,
			SignedAttributes:   tagged(set.Bytes),
			SignatureAlgorithm: m.method.signature,
			Signature:          signature,
		}},
	}
	data.Content.Type = oidData
	der, err := asn1.Marshal(data)
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(contentInfo{oidSignedData, tagged(der)})
}

// size is the length of the longest message that can come out, in bytes.
func (m message) size() (int, error) {
	attributes, err := m.attributes(make([]byte, m.method.hash.Size()))
	if err != nil {
		return 0, err
	}
	der, err := m.encode(attributes, make([]byte, m.method.longest))
	return len(der), err
}

// tagged is a constructed [0].
func tagged(content []byte) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: content}
}
