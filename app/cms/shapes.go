package cms

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
)

// Object identifiers of RFC 5652 §11, RFC 5035 §3 and RFC 3161 appendix A.
var (
	OIDData                 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	OIDSignedData           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	OIDContentType          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	OIDMessageDigest        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	OIDSigningTime          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	OIDSigningCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	OIDTimeStampToken       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}
)

var (
	oidSHA256          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
	oidSHA256WithRSA   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
	oidECDSAWithSHA256 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	oidECDSAWithSHA384 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}
)

// HashOf finds the hash of an algorithm identifier among SHA-256, SHA-384 and SHA-512.
func HashOf(oid asn1.ObjectIdentifier) (crypto.Hash, bool) {
	switch {
	case oid.Equal(oidSHA256):
		return crypto.SHA256, true
	case oid.Equal(oidSHA384):
		return crypto.SHA384, true
	case oid.Equal(oidSHA512):
		return crypto.SHA512, true
	}
	return 0, false
}

// method is how one kind of key signs.
type method struct {
	hash      crypto.Hash
	x509      x509.SignatureAlgorithm
	digest    pkix.AlgorithmIdentifier
	signature pkix.AlgorithmIdentifier
	longest   int // bytes of the longest signature
}

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
	return method{}, fmt.Errorf("its kind of key (%T) cannot sign here", public)
}

// Attribute is one signed or unsigned attribute.
type Attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

// NewAttribute is an attribute with one value, given in DER.
func NewAttribute(oid asn1.ObjectIdentifier, der []byte) Attribute {
	return Attribute{oid, []asn1.RawValue{{FullBytes: der}}}
}

type signerInfo struct {
	Version            int
	Issuer             issuerAndSerial
	DigestAlgorithm    pkix.AlgorithmIdentifier
	SignedAttributes   asn1.RawValue
	SignatureAlgorithm pkix.AlgorithmIdentifier
	Signature          []byte
	UnsignedAttributes asn1.RawValue `asn1:"optional"`
}

type issuerAndSerial struct {
	Name   asn1.RawValue
	Serial *big.Int
}

type signedData struct {
	Version          int
	DigestAlgorithms []pkix.AlgorithmIdentifier `asn1:"set"`
	Content          struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"optional"`
	}
	Certificates asn1.RawValue
	Signers      []signerInfo `asn1:"set"`
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue
}

// tagged is a constructed [tag].
func tagged(tag int, content []byte) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, IsCompound: true, Bytes: content}
}

// HashID is the algorithm identifier of a hash that HashOf knows, with the NULL parameters that old servers insist on.
func HashID(hash crypto.Hash) pkix.AlgorithmIdentifier {
	oid := oidSHA256
	switch hash {
	case crypto.SHA384:
		oid = oidSHA384
	case crypto.SHA512:
		oid = oidSHA512
	}
	return pkix.AlgorithmIdentifier{Algorithm: oid, Parameters: asn1.NullRawValue}
}
