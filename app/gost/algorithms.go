package gost

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"hash"
	"slices"
	"sync"
)

// Object identifiers of RFC 9215 §2–4 and RFC 9216.
var (
	OIDKey256       = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 1, 1}
	OIDKey512       = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 1, 2}
	OIDDigest256    = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 2}
	OIDDigest512    = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 3}
	OIDSignature256 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 3, 2}
	OIDSignature512 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 3, 3}
)

// Set is a set of public key parameters: a curve under one of its names.
type Set struct {
	Name string // "tc26-256-A", "CryptoPro-XchA"
	OID  asn1.ObjectIdentifier
	Bits int  // 256 or 512
	Test bool // of examples; never to be used in earnest (RFC 9215 §4.2)

	curve *curve
	// With digest says that digestParamSet must be written, which RFC 9215 §4.2 wants for the old names. For
	// the others it must, or should, be left out.
	withDigest bool
}

// Sets lists what is known, real ones first.
func Sets() []*Set { return slices.Clone(sets()) }

var sets = sync.OnceValue(func() []*Set {
	tc26 := asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 1}
	old := asn1.ObjectIdentifier{1, 2, 643, 2, 2}
	at := func(base asn1.ObjectIdentifier, tail ...int) asn1.ObjectIdentifier {
		return append(slices.Clone(base), tail...)
	}
	all := []*Set{
		{Name: "tc26-256-A", OID: at(tc26, 1, 1), curve: curves()["256A"]},
		{Name: "tc26-256-B", OID: at(tc26, 1, 2), curve: curves()["ProA"]},
		{Name: "tc26-256-C", OID: at(tc26, 1, 3), curve: curves()["ProB"]},
		{Name: "tc26-256-D", OID: at(tc26, 1, 4), curve: curves()["ProC"]},
		{Name: "tc26-512-A", OID: at(tc26, 2, 1), curve: curves()["512A"]},
		{Name: "tc26-512-B", OID: at(tc26, 2, 2), curve: curves()["512B"]},
		{Name: "tc26-512-C", OID: at(tc26, 2, 3), curve: curves()["512C"]},
		{Name: "CryptoPro-A", OID: at(old, 35, 1), curve: curves()["ProA"], withDigest: true},
		{Name: "CryptoPro-B", OID: at(old, 35, 2), curve: curves()["ProB"], withDigest: true},
		{Name: "CryptoPro-C", OID: at(old, 35, 3), curve: curves()["ProC"], withDigest: true},
		{Name: "CryptoPro-XchA", OID: at(old, 36, 0), curve: curves()["ProA"], withDigest: true},
		{Name: "CryptoPro-XchB", OID: at(old, 36, 1), curve: curves()["ProC"], withDigest: true},
		{Name: "test-256", OID: at(old, 35, 0), curve: curves()["Test256"], withDigest: true, Test: true},
		{Name: "test-512", OID: at(tc26, 2, 0), curve: curves()["Test512"], Test: true},
	}
	for _, s := range all {
		s.Bits = s.curve.bits
	}
	return all
})

// SetOf finds a parameter set by its OID.
func SetOf(oid asn1.ObjectIdentifier) (*Set, bool) {
	for _, s := range sets() {
		if s.OID.Equal(oid) {
			return s, true
		}
	}
	return nil, false
}

// SetNamed finds a parameter set by its name, as a procedure file has it.
func SetNamed(name string) (*Set, bool) {
	for _, s := range sets() {
		if s.Name == name {
			return s, true
		}
	}
	return nil, false
}

// NewHash gives the hash that belongs to keys of this length.
func NewHash(bits int) hash.Hash {
	if bits == 512 {
		return New512()
	}
	return New256()
}

// HashOf finds the hash of an algorithm identifier; false when it is no Streebog.
func HashOf(oid asn1.ObjectIdentifier) (newHash func() hash.Hash, ok bool) {
	switch {
	case oid.Equal(OIDDigest256):
		return New256, true
	case oid.Equal(OIDDigest512):
		return New512, true
	}
	return nil, false
}

// DigestAlgorithm and SignatureAlgorithm are written without parameters (RFC 9215 §2, §3); NULL, which others
// write, is accepted when read.
func DigestAlgorithm(bits int) pkix.AlgorithmIdentifier {
	return pkix.AlgorithmIdentifier{Algorithm: pick(bits, OIDDigest256, OIDDigest512)}
}

// SignatureAlgorithm is the combined one: the signature and its hash.
func SignatureAlgorithm(bits int) pkix.AlgorithmIdentifier {
	return pkix.AlgorithmIdentifier{Algorithm: pick(bits, OIDSignature256, OIDSignature512)}
}

func pick(bits int, short, long asn1.ObjectIdentifier) asn1.ObjectIdentifier {
	if bits == 512 {
		return long
	}
	return short
}

// BitsOf reads an algorithm identifier that may be written without parameters or with NULL.
func BitsOf(id pkix.AlgorithmIdentifier, short, long asn1.ObjectIdentifier) (int, error) {
	if p := id.Parameters; len(p.FullBytes) > 0 && (p.Class != asn1.ClassUniversal || p.Tag != asn1.TagNull || len(p.Bytes) > 0) {
		return 0, fmt.Errorf("algorithm %v has parameters", id.Algorithm)
	}
	switch {
	case id.Algorithm.Equal(short):
		return 256, nil
	case id.Algorithm.Equal(long):
		return 512, nil
	}
	return 0, fmt.Errorf("%v is not the GOST algorithm expected here", id.Algorithm)
}
