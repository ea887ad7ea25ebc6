package gost

import (
	"bytes"
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// PublicKey is a point of the curve of its parameter set. Get it from ParsePublicKey or NewPublicKey.
type PublicKey struct {
	Set  *Set
	X, Y *big.Int
}

// Equal makes it a public key like those of Go: the same point under the same name of the curve.
func (k *PublicKey) Equal(other crypto.PublicKey) bool {
	o, ok := other.(*PublicKey)
	return ok && k.Set == o.Set && k.X.Cmp(o.X) == 0 && k.Y.Cmp(o.Y) == 0
}

// Bits is 256 or 512.
func (k *PublicKey) Bits() int { return k.Set.Bits }

// NewPublicKey reads the value of a card's public key object (CKA_VALUE): x and y, little endian, 64 or 128
// bytes, bare or inside an OCTET STRING. KindOrder when another order of bytes gives a point of the curve, and this one does not.
func NewPublicKey(set *Set, value []byte) (*PublicKey, error) {
	const op = "read GOST key"
	size := set.Bits / 4
	if len(value) != size {
		var inner []byte
		rest, err := asn1.Unmarshal(value, &inner)
		if err != nil || len(rest) > 0 || len(inner) != size {
			return nil, &Error{op, KindParse, fmt.Errorf("a key of %s has %d bytes, not %d", set.Name, size, len(value))}
		}
		value = inner
	}
	for i, order := range keyOrders {
		k := order.read(set, value)
		if !set.curve.contains(k.X, k.Y) {
			continue
		}
		if i > 0 {
			return nil, &Error{op, KindOrder, errors.New("the key is given " + order.name)}
		}
		return k, nil
	}
	return nil, &Error{op, KindParse, fmt.Errorf("it is no point of the curve %s", set.Name)}
}

// keyOrder is an order of bytes in which a public key may come.
type keyOrder struct {
	name                    string
	yFirst, mostSignificant bool
}

// keyOrders: the right one first.
var keyOrders = []keyOrder{
	{"with x and y little endian", false, false},
	{"with x and y big endian", false, true},
	{"with y before x, little endian", true, false},
	{"with y before x, big endian", true, true},
}

func (o keyOrder) read(set *Set, value []byte) *PublicKey {
	number := littleEndian
	if o.mostSignificant {
		number = bigEndian
	}
	x, y := number(value[:len(value)/2]), number(value[len(value)/2:])
	if o.yFirst {
		x, y = y, x
	}
	return &PublicKey{set, x, y}
}

// Value is x and y, little endian: what a card has in CKA_VALUE.
func (k *PublicKey) Value() []byte {
	size := k.Set.Bits / 8
	value := make([]byte, 2*size)
	k.X.FillBytes(value[:size])
	k.Y.FillBytes(value[size:])
	slices.Reverse(value[:size])
	slices.Reverse(value[size:])
	return value
}

// subjectPublicKeyInfo is RFC 5280 §4.1; keyParameters GostR3410-2012-PublicKeyParameters of RFC 9215 §4.2.
type subjectPublicKeyInfo struct {
	Algorithm pkix.AlgorithmIdentifier
	Key       asn1.BitString
}

type keyParameters struct {
	Set    asn1.ObjectIdentifier
	Digest asn1.ObjectIdentifier `asn1:"optional"`
}

// SPKI is the DER SubjectPublicKeyInfo of RFC 9215 §4: with digestParamSet for the CryptoPro sets, without it for those of TC26.
func (k *PublicKey) SPKI() ([]byte, error) { return k.marshal(k.Set.withDigest) }

func (k *PublicKey) marshal(withDigest bool) ([]byte, error) {
	const op = "write GOST key"
	parameters := keyParameters{Set: k.Set.OID}
	if withDigest {
		parameters.Digest = pick(k.Set.Bits, OIDDigest256, OIDDigest512)
	}
	inner, err := asn1.Marshal(parameters)
	if err != nil {
		return nil, &Error{op, KindParse, err}
	}
	octets, err := asn1.Marshal(k.Value()) // an OCTET STRING inside the BIT STRING
	if err != nil {
		return nil, &Error{op, KindParse, err}
	}
	der, err := asn1.Marshal(subjectPublicKeyInfo{
		Algorithm: pkix.AlgorithmIdentifier{Algorithm: pick(k.Set.Bits, OIDKey256, OIDKey512), Parameters: asn1.RawValue{FullBytes: inner}},
		Key:       asn1.BitString{Bytes: octets, BitLength: 8 * len(octets)},
	})
	if err != nil {
		return nil, &Error{op, KindParse, err}
	}
	return der, nil
}

// IsKey tells whether a DER SubjectPublicKeyInfo says that it holds a GOST R 34.10-2012 key.
func IsKey(spki []byte) bool {
	var info subjectPublicKeyInfo
	rest, err := asn1.Unmarshal(spki, &info)
	return err == nil && len(rest) == 0 && (info.Algorithm.Algorithm.Equal(OIDKey256) || info.Algorithm.Algorithm.Equal(OIDKey512))
}

// SameKey tells whether two DER SubjectPublicKeyInfo hold the same GOST key: the same point of the same curve. Their bytes may
// differ, since digestParamSet is there or not, and one curve has several names.
func SameKey(spki, other []byte) bool {
	a, err := ParsePublicKey(spki)
	if err != nil {
		return false
	}
	b, err := ParsePublicKey(other)
	return err == nil && a.Set.curve == b.Set.curve && a.X.Cmp(b.X) == 0 && a.Y.Cmp(b.Y) == 0
}

// ParsePublicKey reads a DER SubjectPublicKeyInfo, with or without digestParamSet. KindAlgorithm when it is
// no GOST R 34.10-2012 key or its parameter set is not known.
func ParsePublicKey(spki []byte) (*PublicKey, error) {
	const op = "read GOST key"
	var info subjectPublicKeyInfo
	if rest, err := asn1.Unmarshal(spki, &info); err != nil || len(rest) > 0 {
		return nil, &Error{op, KindParse, errors.Join(errors.New("no SubjectPublicKeyInfo"), err)}
	}
	var bits int
	switch {
	case info.Algorithm.Algorithm.Equal(OIDKey256):
		bits = 256
	case info.Algorithm.Algorithm.Equal(OIDKey512):
		bits = 512
	default:
		return nil, &Error{op, KindAlgorithm, fmt.Errorf("%v is no GOST R 34.10-2012 key", info.Algorithm.Algorithm)}
	}
	var parameters keyParameters
	if rest, err := asn1.Unmarshal(info.Algorithm.Parameters.FullBytes, &parameters); err != nil || len(rest) > 0 {
		return nil, &Error{op, KindParse, errors.Join(errors.New("no key parameters"), err)}
	}
	set, ok := SetOf(parameters.Set)
	if !ok || set.Bits != bits {
		return nil, &Error{op, KindAlgorithm, fmt.Errorf("parameter set %v of a key of %d bits", parameters.Set, bits)}
	}
	if d := parameters.Digest; d != nil && !d.Equal(pick(bits, OIDDigest256, OIDDigest512)) {
		return nil, &Error{op, KindAlgorithm, fmt.Errorf("a key of %d bits with the hash %v", bits, d)}
	}
	var value []byte
	if rest, err := asn1.Unmarshal(info.Key.RightAlign(), &value); err != nil || len(rest) > 0 || len(value) != bits/4 {
		return nil, &Error{op, KindParse, errors.New("the key has the wrong length")}
	}
	k := keyOrders[0].read(set, value)
	if !set.curve.contains(k.X, k.Y) {
		return nil, &Error{op, KindParse, fmt.Errorf("it is no point of the curve %s", set.Name)}
	}
	return k, nil
}

// littleEndian and bigEndian read a number without touching its bytes.
func littleEndian(b []byte) *big.Int {
	b = bytes.Clone(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}

func bigEndian(b []byte) *big.Int { return new(big.Int).SetBytes(b) }
