// Package cms makes CMS SignedData (RFC 5652 §5) with one signer, in the two shapes that Rekey needs: detached, as it
// goes into a PDF (CAdES B-B), and with the content inside, as a request that the current key vouches for. Keys are RSA, EC and GOST R 34.10-2012.
// It reads such messages of others: those with GOST keys by itself, the rest with a library that has no part in making ours.
//
// It promises: DER; signing-certificate-v2 (RFC 5035) binds the certificate; the key is asked exactly once, and
// what it gave is verified with the certificate before anybody sees it.
//
// It never makes keys, never goes to a network, never checks trust, and never adds a signing-time that it was not
// given: PAdES forbids one (ETSI EN 319 142-1 §6.3).
package cms

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Message is one SignedData in the making. Get it from New.
type Message struct {
	SigningTime time.Time // put in as a signed attribute; zero: none

	cert   *x509.Certificate
	chain  []*x509.Certificate
	method method
}

// New prepares a message that cert signs; chain holds its issuers, nearest first, and may be empty. Keys: RSA of 2048 bits
// and more (PKCS#1 v1.5, SHA-256), P-256 and P-384, and GOST R 34.10-2012 with Streebog (RFC 9215).
func New(cert *x509.Certificate, chain []*x509.Certificate) (*Message, error) {
	m, err := methodFor(cert)
	if err != nil {
		return nil, err
	}
	for _, issuer := range chain {
		if _, err := x509.ParseCertificate(issuer.Raw); err != nil {
			return nil, fmt.Errorf("its chain: %w", err)
		}
	}
	return &Message{cert: cert, chain: chain, method: m}, nil
}

// Digest is the hash that the content and the attributes go through.
func (m *Message) Digest() Digest { return m.method.digest }

// ErrMismatch says that a signature does not belong to the certificate.
var ErrMismatch = errors.New("the card's signature does not fit the certificate")

// Signed is a message with its signature.
type Signed struct {
	message    *Message
	attributes []byte
	signature  []byte
}

// Signature is the value that a time stamp is made for.
func (s *Signed) Signature() []byte { return s.signature }

// Sign asks the key once: a GOST key through a GOSTSigner. digest is the content's, made with Digest. An error of the signer can be found with
// errors.As; ErrMismatch when what it gave is wrong.
func (m *Message) Sign(ctx context.Context, signer crypto.Signer, digest []byte) (*Signed, error) {
	attributes, err := m.attributes(digest)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	signature, err := m.method.sign(ctx, signer, m.cert, attributes)
	if err != nil {
		return nil, err
	}
	return &Signed{m, attributes, signature}, nil
}

// Detached gives the message without its content; unsigned attributes may follow the signature.
func (s *Signed) Detached(unsigned ...Attribute) ([]byte, error) {
	return s.message.encode(s.attributes, s.signature, nil, unsigned)
}

// Enveloping gives the message with the content inside.
func (s *Signed) Enveloping(content []byte) ([]byte, error) {
	return s.message.encode(s.attributes, s.signature, content, nil)
}

// Size is the length of the longest detached message without unsigned attributes, in bytes.
func (m *Message) Size() (int, error) {
	attributes, err := m.attributes(make([]byte, m.method.digest.New().Size()))
	if err != nil {
		return 0, err
	}
	der, err := m.encode(attributes, make([]byte, m.method.longest), nil, nil)
	return len(der), err
}

// attributes is the DER SET of signed attributes: what the card's key signs (RFC 5652 §5.4).
func (m *Message) attributes(digest []byte) ([]byte, error) {
	if len(digest) != m.method.digest.New().Size() {
		return nil, fmt.Errorf("the digest of the content has %d bytes", len(digest))
	}
	bound := essCertificates{Certificates: []essCertificate{{Algorithm: m.method.bound, Hash: m.method.boundHash().Sum(m.cert.Raw)}}}
	type value struct {
		id    asn1.ObjectIdentifier
		value any
	}
	values := []value{
		{OIDContentType, OIDData},
		{OIDMessageDigest, digest},
		{OIDSigningCertificateV2, bound},
	}
	if !m.SigningTime.IsZero() {
		values = append(values, value{OIDSigningTime, m.SigningTime.UTC()})
	}
	var all [][]byte
	for _, v := range values {
		inner, err := asn1.Marshal(v.value)
		if err != nil {
			return nil, err
		}
		der, err := asn1.Marshal(Attribute{v.id, []asn1.RawValue{{FullBytes: inner}}})
		if err != nil {
			return nil, err
		}
		all = append(all, der)
	}
	slices.SortFunc(all, bytes.Compare) // DER orders a SET OF by its bytes
	return asn1.Marshal(asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: bytes.Join(all, nil)})
}

// encode puts the finished message together.
func (m *Message) encode(attributes, signature, content []byte, unsigned []Attribute) ([]byte, error) {
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
	id, err := asn1.Marshal(issuerAndSerial{asn1.RawValue{FullBytes: m.cert.RawIssuer}, m.cert.SerialNumber})
	if err != nil {
		return nil, err
	}
	signer := signerInfo{
		Version:            1,
		ID:                 asn1.RawValue{FullBytes: id},
		DigestAlgorithm:    m.method.digest.ID,
		SignedAttributes:   tagged(0, set.Bytes),
		SignatureAlgorithm: m.method.signature,
		Signature:          signature,
	}
	if len(unsigned) > 0 {
		var all []byte
		for _, a := range unsigned {
			der, err := asn1.Marshal(a)
			if err != nil {
				return nil, err
			}
			all = append(all, der...)
		}
		signer.UnsignedAttributes = tagged(1, all)
	}
	data := signedData{Version: 1, Certificates: tagged(0, certs), Signers: []signerInfo{signer}}
	data.DigestAlgorithms = append(data.DigestAlgorithms, m.method.digest.ID)
	data.Content.Type = OIDData
	if content != nil {
		octets, err := asn1.Marshal(content)
		if err != nil {
			return nil, err
		}
		data.Content.Content = tagged(0, octets)
	}
	der, err := asn1.Marshal(data)
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(contentInfo{OIDSignedData, tagged(0, der)})
}
