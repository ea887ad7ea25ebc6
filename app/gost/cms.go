package gost

import (
	"bytes"
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"slices"
	"time"
)

// Object identifiers of RFC 5652 §11 and RFC 5035 §3.
var (
	oidData                 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidSigningCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
)

// Message is a CMS SignedData in the making (RFC 5652 §5): one signer, Streebog, and the signed attributes content type,
// message digest and signing-certificate-v2, the latter with Streebog too, as OpenSSL's gost engine writes it.
type Message struct {
	Certificate *x509.Certificate
	Chain       []*x509.Certificate // its issuers, nearest first; may be empty
	Content     []byte              // goes inside; nil: detached
	Digest      []byte              // of a detached content, made with NewHash; not used when Content is there
	SigningTime time.Time           // a signed attribute; zero: none
}

// Sign asks the card once and gives the DER of a ContentInfo. Kinds as of SignMessage, and KindAlgorithm when the
// certificate's key is no GOST key.
func (m *Message) Sign(ctx context.Context, sign SignFunc) ([]byte, error) {
	const op = "sign message"
	k, err := ParsePublicKey(m.Certificate.RawSubjectPublicKeyInfo)
	if err != nil {
		return nil, &Error{op, KindOf(err), err}
	}
	digest := m.Digest
	if m.Content != nil {
		digest = sum(NewHash(k.Bits()), m.Content)
	}
	if len(digest) != k.Bits()/8 {
		return nil, &Error{op, KindContent, errors.New("the digest of the content has the wrong length")}
	}
	attributes, err := m.attributes(k.Bits(), digest)
	if err != nil {
		return nil, &Error{op, KindParse, err}
	}
	signature, err := SignMessage(ctx, k, attributes, sign)
	if err != nil {
		return nil, &Error{op, KindOf(err), err}
	}
	der, err := m.encode(k.Bits(), attributes, signature)
	if err != nil {
		return nil, &Error{op, KindParse, err}
	}
	return der, nil
}

// attribute is RFC 5652 §5.3.
type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

type signerInfo struct {
	Version            int
	ID                 asn1.RawValue // issuerAndSerial, or [0] the subject key identifier
	DigestAlgorithm    pkix.AlgorithmIdentifier
	SignedAttributes   asn1.RawValue `asn1:"optional,tag:0"`
	SignatureAlgorithm pkix.AlgorithmIdentifier
	Signature          []byte
	UnsignedAttributes asn1.RawValue `asn1:"optional,tag:1"`
}

type issuerAndSerial struct {
	Name   asn1.RawValue
	Serial *big.Int
}

type signedData struct {
	Version          int
	DigestAlgorithms []pkix.AlgorithmIdentifier `asn1:"set"`
	Content          encapsulated
	Certificates     asn1.RawValue `asn1:"optional,tag:0"`
	CRLs             asn1.RawValue `asn1:"optional,tag:1"`
	Signers          []signerInfo  `asn1:"set"`
}

type encapsulated struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"optional,tag:0"`
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue
}

// essCertificate is ESSCertIDv2 of RFC 5035 §3; without an algorithm its hash is SHA-256.
type essCertificate struct {
	Algorithm pkix.AlgorithmIdentifier `asn1:"optional"`
	Hash      []byte
	Issuer    asn1.RawValue `asn1:"optional"`
}

type essCertificates struct {
	Certificates []essCertificate
	Policies     asn1.RawValue `asn1:"optional"`
}

// attributes is the DER SET that the card signs (RFC 5652 §5.4).
func (m *Message) attributes(bits int, digest []byte) ([]byte, error) {
	type pair struct {
		id    asn1.ObjectIdentifier
		value any
	}
	bound := essCertificates{Certificates: []essCertificate{{Algorithm: DigestAlgorithm(bits), Hash: sum(NewHash(bits), m.Certificate.Raw)}}}
	pairs := []pair{{oidContentType, oidData}, {oidMessageDigest, digest}, {oidSigningCertificateV2, bound}}
	if !m.SigningTime.IsZero() {
		pairs = append(pairs, pair{oidSigningTime, m.SigningTime.UTC()})
	}
	var all [][]byte
	for _, p := range pairs {
		value, err := asn1.Marshal(p.value)
		if err != nil {
			return nil, err
		}
		der, err := asn1.Marshal(attribute{p.id, []asn1.RawValue{{FullBytes: value}}})
		if err != nil {
			return nil, err
		}
		all = append(all, der)
	}
	slices.SortFunc(all, bytes.Compare) // DER orders a SET OF by its bytes
	return asn1.Marshal(asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: bytes.Join(all, nil)})
}

func (m *Message) encode(bits int, attributes, signature []byte) ([]byte, error) {
	var set asn1.RawValue
	if _, err := asn1.Unmarshal(attributes, &set); err != nil {
		return nil, err
	}
	id, err := asn1.Marshal(issuerAndSerial{asn1.RawValue{FullBytes: m.Certificate.RawIssuer}, m.Certificate.SerialNumber})
	if err != nil {
		return nil, err
	}
	certificates := bytes.Clone(m.Certificate.Raw)
	for _, c := range m.Chain {
		if !c.Equal(m.Certificate) {
			certificates = append(certificates, c.Raw...)
		}
	}
	data := signedData{
		Version:          1,
		DigestAlgorithms: []pkix.AlgorithmIdentifier{DigestAlgorithm(bits)},
		Content:          encapsulated{Type: oidData},
		Certificates:     tagged(certificates),
		Signers: []signerInfo{{
			Version:          1,
			ID:               asn1.RawValue{FullBytes: id},
			DigestAlgorithm:  DigestAlgorithm(bits),
			SignedAttributes: tagged(set.Bytes),
			// the key's own identifier, as OpenSSL's engine has it here; readers take both
			SignatureAlgorithm: pkix.AlgorithmIdentifier{Algorithm: pick(bits, OIDKey256, OIDKey512)},
			Signature:          signature,
		}},
	}
	if m.Content != nil {
		octets, err := asn1.Marshal(m.Content)
		if err != nil {
			return nil, err
		}
		data.Content.Content = tagged(octets)
	}
	der, err := asn1.Marshal(data)
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(contentInfo{oidSignedData, tagged(der)})
}

// tagged is a constructed [0].
func tagged(content []byte) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: content}
}
