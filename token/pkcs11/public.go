package pkcs11

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/asn1"
	"errors"
	"math/big"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

// The curves that Rekey can use, by the DER of their OID as CKA_EC_PARAMS has it (RFC 5480 §2.1.1.1).
var (
	oidP256   = asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}
	oidP384   = asn1.ObjectIdentifier{1, 3, 132, 0, 34}
	errNotOur = errors.New("not a key that Rekey can use")
)

func curveOf(params []byte) elliptic.Curve {
	var oid asn1.ObjectIdentifier
	if rest, err := asn1.Unmarshal(params, &oid); err != nil || len(rest) > 0 {
		return nil
	}
	switch {
	case oid.Equal(oidP256):
		return elliptic.P256()
	case oid.Equal(oidP384):
		return elliptic.P384()
	}
	return nil
}

// publicHalf reads the public key from a public key object, or from a private RSA or EC one as far as that shows it.
func (s *session) publicHalf(o p11.ObjectHandle) (crypto.PublicKey, error) {
	kind, ok := s.keyType(o)
	if !ok {
		return nil, errNotOur
	}
	if bits := gostBits(kind); bits > 0 {
		return s.gostPublic(o, bits)
	}
	if kind == p11.CKK_RSA {
		return rsaPublic(s.value(o, p11.CKA_MODULUS), s.value(o, p11.CKA_PUBLIC_EXPONENT))
	}
	curve := curveOf(s.value(o, p11.CKA_EC_PARAMS))
	if curve == nil {
		return nil, errNotOur
	}
	return ecPublic(curve, s.value(o, p11.CKA_EC_POINT))
}

func rsaPublic(modulus, exponent []byte) (crypto.PublicKey, error) {
	n, e := new(big.Int).SetBytes(modulus), new(big.Int).SetBytes(exponent)
	if n.BitLen() < 1024 || n.BitLen() > 16384 || e.BitLen() < 2 || e.BitLen() > 31 || e.Bit(0) == 0 {
		return nil, errNotOur
	}
	return &rsa.PublicKey{N: n, E: int(e.Int64())}, nil
}

// ecPublic takes the point as the standard has it (in an OCTET STRING) and as some modules give it (bare).
func ecPublic(curve elliptic.Curve, point []byte) (crypto.PublicKey, error) {
	var inner []byte
	if rest, err := asn1.Unmarshal(point, &inner); err == nil && len(rest) == 0 {
		if k, err := ecdsa.ParseUncompressedPublicKey(curve, inner); err == nil {
			return k, nil
		}
	}
	return ecdsa.ParseUncompressedPublicKey(curve, point)
}

// describe makes the key's public name.
func describe(public crypto.PublicKey, id []byte, label string) (token.Key, error) {
	alg, ok := token.AlgorithmOf(public)
	if !ok {
		return token.Key{}, errNotOur
	}
	spki, err := token.MarshalPublic(public)
	if err != nil {
		return token.Key{}, err
	}
	return token.Key{ID: id, Label: label, Algorithm: alg, SPKI: spki}, nil
}

func sameKey(a, b token.Key) bool {
	return bytes.Equal(a.ID, b.ID) && bytes.Equal(a.SPKI, b.SPKI)
}
