package register

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"

	"rekey/app/gost"
)

// Key is the public key of a certificate, for people.
type Key struct {
	ID            string // "rsa-2048", "ec-p256", "gost2012-256", else the OID; "" when it cannot be read
	OID           string // of the algorithm
	Name          string // "RSA", "GOST R 34.10-2012"
	Bits          int    // 0: unknown
	Parameters    string // name of the curve or the GOST parameter set, "" when there is none
	ParametersOID string
	DigestOID     string // GOST only, often absent (RFC 9215 §4.2)
	Value         []byte // the bits of the key as they stand in the certificate
	Checkable     bool   // Rekey can check its signatures
}

// gostKeys: keys that Go cannot use and that must be shown by name (RFC 9215 §4.2, RFC 4491 §2.3.2).
var gostKeys = map[string]struct {
	id, name string
	bits     int
}{
	"1.2.643.7.1.1.1.1": {"gost2012-256", "GOST R 34.10-2012", 256},
	"1.2.643.7.1.1.1.2": {"gost2012-512", "GOST R 34.10-2012", 512},
	"1.2.643.2.2.19":    {"gost2001", "GOST R 34.10-2001", 256},
}

// parameterSets are the curves by their names in RFC 4357 §8.4, RFC 7836 and RFC 9215 (domain/russia.md §3.3).
var parameterSets = map[string]string{
	"1.2.643.2.2.35.0":     "id-GostR3410-2001-TestParamSet",
	"1.2.643.2.2.35.1":     "id-GostR3410-2001-CryptoPro-A-ParamSet",
	"1.2.643.2.2.35.2":     "id-GostR3410-2001-CryptoPro-B-ParamSet",
	"1.2.643.2.2.35.3":     "id-GostR3410-2001-CryptoPro-C-ParamSet",
	"1.2.643.2.2.36.0":     "id-GostR3410-2001-CryptoPro-XchA-ParamSet",
	"1.2.643.2.2.36.1":     "id-GostR3410-2001-CryptoPro-XchB-ParamSet",
	"1.2.643.7.1.2.1.1.1":  "id-tc26-gost-3410-2012-256-paramSetA",
	"1.2.643.7.1.2.1.1.2":  "id-tc26-gost-3410-2012-256-paramSetB",
	"1.2.643.7.1.2.1.1.3":  "id-tc26-gost-3410-2012-256-paramSetC",
	"1.2.643.7.1.2.1.1.4":  "id-tc26-gost-3410-2012-256-paramSetD",
	"1.2.643.7.1.2.1.2.0":  "id-tc26-gost-3410-2012-512-paramSetTest",
	"1.2.643.7.1.2.1.2.1":  "id-tc26-gost-3410-2012-512-paramSetA",
	"1.2.643.7.1.2.1.2.2":  "id-tc26-gost-3410-2012-512-paramSetB",
	"1.2.643.7.1.2.1.2.3":  "id-tc26-gost-3410-2012-512-paramSetC",
	"1.2.840.10045.3.1.7":  "P-256",
	"1.3.132.0.34":         "P-384",
	"1.3.132.0.35":         "P-521",
	"1.3.132.0.33":         "P-224",
	"1.3.132.0.10":         "secp256k1",
	"1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1", "1.3.36.3.3.2.8.1.1.11": "brainpoolP384r1", "1.3.36.3.3.2.8.1.1.13": "brainpoolP512r1",
}

// keyNames are the other algorithms of public keys.
var keyNames = map[string]string{
	"1.2.840.113549.1.1.1":  "RSA",
	"1.2.840.113549.1.1.10": "RSA-PSS",
	"1.2.840.10045.2.1":     "ECDSA",
	"1.2.840.10040.4.1":     "DSA",
	"1.3.101.112":           "Ed25519",
	"1.3.101.113":           "Ed448",
}

// ReadKey reads a DER SubjectPublicKeyInfo. It never fails: what cannot be read stays empty.
func ReadKey(spki []byte) Key {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(spki, &info); err != nil {
		return Key{}
	}
	oid := info.Algorithm.Algorithm.String()
	k := Key{ID: oid, OID: oid, Name: keyNames[oid], Value: info.Key.Bytes}
	if k.Name == "" {
		k.Name = oid
	}
	if kind, ok := gostKeys[oid]; ok {
		k.ID, k.Name, k.Bits = kind.id, kind.name, kind.bits
		k.readGOST(info.Algorithm.Parameters.FullBytes)
		_, err := gost.ParsePublicKey(spki)
		k.Checkable = err == nil
		return k
	}
	k.readCurve(info.Algorithm.Parameters.FullBytes)
	public, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return k
	}
	switch p := public.(type) {
	case *rsa.PublicKey:
		k.Bits, k.Checkable = p.N.BitLen(), true
		k.ID = fmt.Sprintf("rsa-%d", k.Bits)
	case *ecdsa.PublicKey:
		k.Bits, k.Checkable = p.Curve.Params().BitSize, true
		k.ID = fmt.Sprintf("ec-p%d", k.Bits)
	case ed25519.PublicKey:
		k.ID, k.Bits, k.Checkable = "ed25519", 256, true
	}
	return k
}

// readGOST reads GostR3410-PublicKeyParameters: publicKeyParamSet, digestParamSet OPTIONAL, and in keys of 2001 a third.
func (k *Key) readGOST(der []byte) {
	var sets []asn1.ObjectIdentifier
	if _, err := asn1.Unmarshal(der, &sets); err != nil || len(sets) == 0 {
		return
	}
	k.setParameters(sets[0].String())
	if len(sets) > 1 {
		k.DigestOID = sets[1].String()
	}
}

func (k *Key) readCurve(der []byte) {
	var curve asn1.ObjectIdentifier
	if _, err := asn1.Unmarshal(der, &curve); err == nil {
		k.setParameters(curve.String())
	}
}

func (k *Key) setParameters(oid string) {
	k.ParametersOID, k.Parameters = oid, parameterSets[oid]
	if k.Parameters == "" {
		k.Parameters = oid
	}
}

// Algorithm is how a certificate is signed.
type Algorithm struct {
	OID       string
	Name      string // the OID when unknown
	Checkable bool   // Rekey can check such signatures
}

type signatureKind struct {
	name      string
	checkable bool
}

// signatures: RFC 8017, 5758, 8410, 9215, 4491. Go refuses MD5 and does not know Ed448 and DSA any more; app/gost has the GOST of 2012.
var signatures = map[string]signatureKind{
	"1.2.840.113549.1.1.4":  {"MD5 with RSA", false},
	"1.2.840.113549.1.1.5":  {"SHA-1 with RSA", true},
	"1.2.840.113549.1.1.14": {"SHA-224 with RSA", false},
	"1.2.840.113549.1.1.11": {"SHA-256 with RSA", true},
	"1.2.840.113549.1.1.12": {"SHA-384 with RSA", true},
	"1.2.840.113549.1.1.13": {"SHA-512 with RSA", true},
	"1.2.840.113549.1.1.10": {"RSA-PSS", true},
	"1.2.840.10045.4.1":     {"SHA-1 with ECDSA", true},
	"1.2.840.10045.4.3.2":   {"SHA-256 with ECDSA", true},
	"1.2.840.10045.4.3.3":   {"SHA-384 with ECDSA", true},
	"1.2.840.10045.4.3.4":   {"SHA-512 with ECDSA", true},
	"1.3.101.112":           {"Ed25519", true},
	"1.3.101.113":           {"Ed448", false},
	"1.2.643.7.1.1.3.2":     {"GOST R 34.11-2012 (256) with GOST R 34.10-2012 (256)", true},
	"1.2.643.7.1.1.3.3":     {"GOST R 34.11-2012 (512) with GOST R 34.10-2012 (512)", true},
	"1.2.643.2.2.3":         {"GOST R 34.11-94 with GOST R 34.10-2001", false},
}

// readAlgorithm reads an AlgorithmIdentifier; an empty one for what cannot be read.
func readAlgorithm(der []byte) Algorithm {
	var id pkix.AlgorithmIdentifier
	if _, err := asn1.Unmarshal(der, &id); err != nil {
		return Algorithm{}
	}
	oid := id.Algorithm.String()
	if kind, ok := signatures[oid]; ok {
		return Algorithm{oid, kind.name, kind.checkable}
	}
	return Algorithm{OID: oid, Name: oid}
}

// Key reads the public key of the certificate.
func (c Certificate) Key() Key { return ReadKey(c.SPKI) }

// Signature says how the issuer signed the certificate.
func (c Certificate) Signature() Algorithm {
	r := readRaw(c.DER)
	if r.outer == nil {
		return readAlgorithm(r.inner)
	}
	return readAlgorithm(r.outer)
}
