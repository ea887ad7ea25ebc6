package cms

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash"
	"io"

	"rekey/app/gost"
)

var (
	oidSHA256          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
	oidSHA256WithRSA   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
	oidECDSAWithSHA256 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	oidECDSAWithSHA384 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}
)

// Digest is a hash and its name.
type Digest struct {
	ID  pkix.AlgorithmIdentifier // without parameters
	New func() hash.Hash
}

// Sum is the digest of some parts, one after the other.
func (d Digest) Sum(parts ...[]byte) []byte {
	h := d.New()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// DigestOf finds a hash by its identifier: SHA-256, SHA-384, SHA-512 and both lengths of Streebog.
func DigestOf(oid asn1.ObjectIdentifier) (Digest, bool) {
	d := Digest{ID: pkix.AlgorithmIdentifier{Algorithm: oid}}
	switch {
	case oid.Equal(oidSHA256):
		d.New = crypto.SHA256.New
	case oid.Equal(oidSHA384):
		d.New = crypto.SHA384.New
	case oid.Equal(oidSHA512):
		d.New = crypto.SHA512.New
	default:
		d.New, _ = gost.HashOf(oid)
	}
	return d, d.New != nil
}

// SHA256 is the hash that everybody knows.
func SHA256() Digest {
	return Digest{pkix.AlgorithmIdentifier{Algorithm: oidSHA256}, crypto.SHA256.New}
}

// GOSTSigner stands for a GOST R 34.10-2012 key where a crypto.Signer is wanted, which no such key can be: Go does not know its hash.
type GOSTSigner struct {
	Key  *gost.PublicKey
	Card gost.SignFunc
}

// Public gives the *gost.PublicKey.
func (s GOSTSigner) Public() crypto.PublicKey { return s.Key }

// Sign always fails: Message.Sign does not call it.
func (GOSTSigner) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("a GOST key signs messages with Streebog only")
}

// method is how one kind of key signs.
type method struct {
	digest    Digest
	bound     pkix.AlgorithmIdentifier // as signing-certificate-v2 names the hash: SHA-256 by not naming it
	signature pkix.AlgorithmIdentifier
	longest   int // bytes of the longest signature

	hash crypto.Hash // of a key that Go knows
	x509 x509.SignatureAlgorithm
	gost *gost.PublicKey
}

func methodFor(cert *x509.Certificate) (method, error) {
	if gost.IsKey(cert.RawSubjectPublicKeyInfo) {
		return gostMethod(cert)
	}
	m := method{digest: SHA256(), hash: crypto.SHA256}
	switch k := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() < 2048 {
			return method{}, fmt.Errorf("an RSA key of %d bits is too short", k.N.BitLen())
		}
		m.x509, m.longest = x509.SHA256WithRSA, k.Size()
		m.signature = pkix.AlgorithmIdentifier{Algorithm: oidSHA256WithRSA, Parameters: asn1.NullRawValue}
		return m, nil
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256():
			m.x509, m.longest, m.signature.Algorithm = x509.ECDSAWithSHA256, 72, oidECDSAWithSHA256
			return m, nil
		case elliptic.P384():
			m.digest, _ = DigestOf(oidSHA384)
			m.hash, m.x509, m.longest, m.signature.Algorithm = crypto.SHA384, x509.ECDSAWithSHA384, 104, oidECDSAWithSHA384
			return m, nil
		}
	}
	return method{}, fmt.Errorf("its kind of key (%T) cannot sign here", cert.PublicKey)
}

func gostMethod(cert *x509.Certificate) (method, error) {
	k, err := gost.ParsePublicKey(cert.RawSubjectPublicKeyInfo)
	if err != nil {
		return method{}, err
	}
	id := gost.DigestAlgorithm(k.Bits())
	signature := gost.OIDKey256 // the key's own identifier, as OpenSSL's engine has it here; readers take both
	if k.Bits() == 512 {
		signature = gost.OIDKey512
	}
	digest, _ := DigestOf(id.Algorithm)
	return method{digest: digest, bound: id, signature: pkix.AlgorithmIdentifier{Algorithm: signature}, longest: k.Bits() / 4, gost: k}, nil
}

// boundHash is that of signing-certificate-v2.
func (m method) boundHash() Digest {
	if d, ok := DigestOf(m.bound.Algorithm); ok {
		return d
	}
	return SHA256()
}

// sign asks the key once, and proves what it gave.
func (m method) sign(ctx context.Context, signer crypto.Signer, cert *x509.Certificate, attributes []byte) ([]byte, error) {
	if m.gost != nil {
		card, ok := signer.(GOSTSigner)
		if !ok {
			return nil, errors.New("a GOST certificate wants a GOST signer")
		}
		signature, err := gost.SignMessage(ctx, m.gost, attributes, card.Card)
		if err != nil && gost.KindOf(err) != gost.KindSigner {
			err = fmt.Errorf("%w: %w", ErrMismatch, err)
		}
		return signature, err
	}
	// a card that signs only whole messages is served too
	signature, err := crypto.SignMessage(signer, rand.Reader, attributes, m.hash)
	if err != nil {
		return nil, err
	}
	if err := cert.CheckSignature(m.x509, attributes, signature); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMismatch, err)
	}
	return signature, nil
}
