package token

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// GOSTKey is the public half of a GOST R 34.10-2012 key pair as a card gives it. This package only carries it: whether the point lies
// on its curve, Streebog and the verification of signatures are for the caller to see to (SignOptions.Streebog).
type GOSTKey struct {
	Algorithm Algorithm // gost2012-256/<set> or gost2012-512/<set>
	Point     []byte    // x and y, little endian, 64 or 128 bytes (RFC 9215 §4.1; CKA_VALUE)
}

// gostSet is a parameter set (RFC 9215 §4.2; RFC 4357 §8.4). Sets with the same curve differ in the name only.
type gostSet struct {
	alg   Algorithm
	oid   asn1.ObjectIdentifier
	curve string
}

var (
	oidGOSTKey256  = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 1, 1}
	oidGOSTKey512  = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 1, 2}
	oidStreebog256 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 2}
	oidStreebog512 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 3}
)

var gostSets = []gostSet{
	{"gost2012-256/CryptoPro-A", asn1.ObjectIdentifier{1, 2, 643, 2, 2, 35, 1}, "ProA"},
	{"gost2012-256/CryptoPro-B", asn1.ObjectIdentifier{1, 2, 643, 2, 2, 35, 2}, "ProB"},
	{"gost2012-256/CryptoPro-C", asn1.ObjectIdentifier{1, 2, 643, 2, 2, 35, 3}, "ProC"},
	{"gost2012-256/CryptoPro-XchA", asn1.ObjectIdentifier{1, 2, 643, 2, 2, 36, 0}, "ProA"},
	{"gost2012-256/CryptoPro-XchB", asn1.ObjectIdentifier{1, 2, 643, 2, 2, 36, 1}, "ProC"},
	{"gost2012-256/tc26-256-A", asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 1, 1, 1}, "256A"},
	{"gost2012-256/tc26-256-B", asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 1, 1, 2}, "ProA"},
	{"gost2012-256/tc26-256-C", asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 1, 1, 3}, "ProB"},
	{"gost2012-256/tc26-256-D", asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 1, 1, 4}, "ProC"},
	{"gost2012-512/tc26-512-A", asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 1, 2, 1}, "512A"},
	{"gost2012-512/tc26-512-B", asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 1, 2, 2}, "512B"},
	{"gost2012-512/tc26-512-C", asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 1, 2, 3}, "512C"},
}

// GOSTAlgorithms lists the kinds of GOST key pairs that have a name here.
func GOSTAlgorithms() []Algorithm {
	var all []Algorithm
	for _, s := range gostSets {
		all = append(all, s.alg)
	}
	return all
}

// GOSTBits is 256 or 512 for a GOST R 34.10-2012 algorithm, and 0 for others.
func (a Algorithm) GOSTBits() int {
	switch {
	case strings.HasPrefix(string(a), "gost2012-256/"):
		return 256
	case strings.HasPrefix(string(a), "gost2012-512/"):
		return 512
	}
	return 0
}

// GOSTParameters gives the DER of the OIDs that CKA_GOSTR3410_PARAMS and CKA_GOSTR3411_PARAMS want.
func (a Algorithm) GOSTParameters() (key, hash []byte, ok bool) {
	s, ok := gostSetNamed(a)
	if !ok {
		return nil, nil, false
	}
	key, err := asn1.Marshal(s.oid)
	if err != nil {
		return nil, nil, false
	}
	if hash, err = asn1.Marshal(streebogOf(a)); err != nil {
		return nil, nil, false
	}
	return key, hash, true
}

// NewGOSTKey makes a public key of what a card's object has: the parameters (DER of an OID) of a key of 256 or 512 bits, and CKA_VALUE,
// bare or in an OCTET STRING.
func NewGOSTKey(bits int, parameters, value []byte) (*GOSTKey, error) {
	var oid asn1.ObjectIdentifier
	if rest, err := asn1.Unmarshal(parameters, &oid); err != nil || len(rest) > 0 {
		return nil, errors.New("the parameters are no OID")
	}
	i := slices.IndexFunc(gostSets, func(s gostSet) bool { return s.oid.Equal(oid) && s.alg.GOSTBits() == bits })
	if i < 0 {
		return nil, fmt.Errorf("parameter set %v of a key of %d bits", oid, bits)
	}
	point := value
	if len(value) > bits/4 {
		if rest, err := asn1.Unmarshal(value, &point); err != nil || len(rest) > 0 {
			return nil, errors.New("the key is no OCTET STRING")
		}
	}
	if len(point) != bits/4 {
		return nil, fmt.Errorf("a GOST key of %d bits in %d bytes", bits, len(point))
	}
	return &GOSTKey{Algorithm: gostSets[i].alg, Point: bytes.Clone(point)}, nil
}

func gostSetNamed(a Algorithm) (gostSet, bool) {
	i := slices.IndexFunc(gostSets, func(s gostSet) bool { return s.alg == a })
	if i < 0 {
		return gostSet{}, false
	}
	return gostSets[i], true
}

func streebogOf(a Algorithm) asn1.ObjectIdentifier {
	if a.GOSTBits() == 512 {
		return oidStreebog512
	}
	return oidStreebog256
}

// The shapes of RFC 5280 §4.1 and RFC 9215 §4.2.
type gostInfo struct {
	Algorithm pkix.AlgorithmIdentifier
	Key       asn1.BitString
}

type gostParameters struct {
	Set    asn1.ObjectIdentifier
	Digest asn1.ObjectIdentifier `asn1:"optional"`
}

// MarshalPublic gives the DER SubjectPublicKeyInfo of a public key; also of a *GOSTKey: with digestParamSet for the CryptoPro sets, without
// it for those of TC26 (RFC 9215 §4.2).
func MarshalPublic(public crypto.PublicKey) ([]byte, error) {
	k, ok := public.(*GOSTKey)
	if !ok {
		return x509.MarshalPKIXPublicKey(public)
	}
	set, ok := gostSetNamed(k.Algorithm)
	if !ok {
		return nil, fmt.Errorf("no parameter set %q", k.Algorithm)
	}
	parameters := gostParameters{Set: set.oid}
	if !strings.Contains(string(set.alg), "/tc26-") {
		parameters.Digest = streebogOf(k.Algorithm)
	}
	inner, err := asn1.Marshal(parameters)
	if err != nil {
		return nil, err
	}
	octets, err := asn1.Marshal(k.Point)
	if err != nil {
		return nil, err
	}
	id := oidGOSTKey256
	if k.Algorithm.GOSTBits() == 512 {
		id = oidGOSTKey512
	}
	return asn1.Marshal(gostInfo{
		Algorithm: pkix.AlgorithmIdentifier{Algorithm: id, Parameters: asn1.RawValue{FullBytes: inner}},
		Key:       asn1.BitString{Bytes: octets, BitLength: 8 * len(octets)},
	})
}

// ParsePublic reads a DER SubjectPublicKeyInfo: as crypto/x509 does, and a GOST R 34.10-2012 key as a *GOSTKey.
func ParsePublic(spki []byte) (crypto.PublicKey, error) {
	var info gostInfo
	rest, err := asn1.Unmarshal(spki, &info)
	if err != nil || len(rest) > 0 {
		return x509.ParsePKIXPublicKey(spki)
	}
	bits := 0
	switch {
	case info.Algorithm.Algorithm.Equal(oidGOSTKey256):
		bits = 256
	case info.Algorithm.Algorithm.Equal(oidGOSTKey512):
		bits = 512
	default:
		return x509.ParsePKIXPublicKey(spki)
	}
	var parameters gostParameters
	if rest, err := asn1.Unmarshal(info.Algorithm.Parameters.FullBytes, &parameters); err != nil || len(rest) > 0 {
		return nil, errors.New("a GOST key without parameters")
	}
	set, err := asn1.Marshal(parameters.Set)
	if err != nil {
		return nil, err
	}
	return NewGOSTKey(bits, set, info.Key.RightAlign())
}

// SamePublic tells whether two DER SubjectPublicKeyInfo hold the same key. Those of one GOST key may differ: digestParamSet
// is there or not, and a curve has several names.
func SamePublic(spki, other []byte) bool {
	if bytes.Equal(spki, other) {
		return true
	}
	a, ok := gostOf(spki)
	if !ok {
		return false
	}
	b, ok := gostOf(other)
	return ok && a.sameAs(b)
}

func gostOf(spki []byte) (*GOSTKey, bool) {
	public, err := ParsePublic(spki)
	if err != nil {
		return nil, false
	}
	k, ok := public.(*GOSTKey)
	return k, ok
}

func (k *GOSTKey) sameAs(other *GOSTKey) bool {
	a, ok := gostSetNamed(k.Algorithm)
	b, okB := gostSetNamed(other.Algorithm)
	return ok && okB && a.curve == b.curve && bytes.Equal(k.Point, other.Point)
}

// Equal makes it a public key like those of Go.
func (k *GOSTKey) Equal(other crypto.PublicKey) bool {
	o, ok := other.(*GOSTKey)
	return ok && k.sameAs(o)
}
