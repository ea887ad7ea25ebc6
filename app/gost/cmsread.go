package gost

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash"
	"slices"
	"time"
)

// MaxMessage is the longest message that is read, in bytes.
const MaxMessage = 64 << 20

// Signed is a message whose signature is right. Whether its signer is to be trusted is not said.
type Signed struct {
	Signer       *x509.Certificate
	Certificates []*x509.Certificate // all that came with it, the signer among them
	Content      []byte
	SigningTime  time.Time // as claimed; zero when not said
	Bound        bool      // signing-certificate-v2 names the signer's certificate
}

// ReadMessage reads the DER of a CMS SignedData with one GOST signer and verifies it: the digest of the content,
// the signature over the signed attributes, and signing-certificate-v2 when it is there. detached is the
// content of a message that does not hold it; nil otherwise.
//
// Kinds: KindParse, KindAlgorithm (the signer is no GOST signer), KindContent, KindSignature.
func ReadMessage(der, detached []byte) (*Signed, error) {
	const op = "verify message"
	data, err := parseSignedData(der)
	if err != nil {
		return nil, &Error{op, KindParse, err}
	}
	content, err := data.content(detached)
	if err != nil {
		return nil, &Error{op, KindContent, err}
	}
	certificates, err := x509.ParseCertificates(data.Certificates.Bytes)
	if err != nil {
		return nil, &Error{op, KindParse, fmt.Errorf("its certificates: %w", err)}
	}
	info := data.Signers[0]
	at := slices.IndexFunc(certificates, info.names)
	if at < 0 {
		return nil, &Error{op, KindParse, errors.New("the signer's certificate is missing")}
	}
	result := &Signed{Signer: certificates[at], Certificates: certificates, Content: content}
	if err := info.check(result, data.Content.Type); err != nil {
		return nil, &Error{op, KindOf(err), err}
	}
	return result, nil
}

func parseSignedData(der []byte) (*signedData, error) {
	if len(der) > MaxMessage {
		return nil, fmt.Errorf("the message has %d bytes, at most %d are read", len(der), MaxMessage)
	}
	var outer contentInfo
	if rest, err := asn1.Unmarshal(der, &outer); err != nil || len(rest) > 0 || !outer.Type.Equal(oidSignedData) {
		return nil, errors.Join(errors.New("it is no signed message"), err)
	}
	data := new(signedData)
	if rest, err := asn1.Unmarshal(outer.Content.Bytes, data); err != nil || len(rest) > 0 {
		return nil, errors.Join(errors.New("the signed message is broken"), err)
	}
	if len(data.Signers) != 1 {
		return nil, fmt.Errorf("the message has %d signers, one is expected", len(data.Signers))
	}
	return data, nil
}

func (d *signedData) content(detached []byte) ([]byte, error) {
	inside := d.Content.Content
	switch {
	case len(inside.FullBytes) == 0 && detached == nil:
		return nil, errors.New("the message comes without its content")
	case len(inside.FullBytes) == 0:
		return detached, nil
	}
	var content []byte
	if rest, err := asn1.Unmarshal(inside.Bytes, &content); err != nil || len(rest) > 0 {
		return nil, errors.Join(errors.New("the content inside is broken"), err)
	}
	if detached != nil && !bytes.Equal(content, detached) {
		return nil, errors.New("the message holds another content")
	}
	return content, nil
}

// names tells whether the signer is identified as this certificate's holder.
func (s *signerInfo) names(c *x509.Certificate) bool {
	if s.ID.Class == asn1.ClassContextSpecific && s.ID.Tag == 0 {
		return len(s.ID.Bytes) > 0 && bytes.Equal(s.ID.Bytes, c.SubjectKeyId)
	}
	var id issuerAndSerial
	rest, err := asn1.Unmarshal(s.ID.FullBytes, &id)
	return err == nil && len(rest) == 0 && bytes.Equal(id.Name.FullBytes, c.RawIssuer) && id.Serial.Cmp(c.SerialNumber) == 0
}

// check verifies one signer; errors come with their kind.
func (s *signerInfo) check(m *Signed, contentType asn1.ObjectIdentifier) error {
	const op = "verify signer"
	k, err := ParsePublicKey(m.Signer.RawSubjectPublicKeyInfo)
	if err != nil {
		return err
	}
	if err := s.fits(k); err != nil {
		return &Error{op, KindAlgorithm, err}
	}
	digest := sum(NewHash(k.Bits()), m.Content)
	if len(s.SignedAttributes.FullBytes) == 0 {
		if !contentType.Equal(oidData) { // RFC 5652 §5.3
			return &Error{op, KindParse, errors.New("the signed attributes are missing")}
		}
		return Verify(k, digest, s.Signature)
	}
	set := bytes.Clone(s.SignedAttributes.FullBytes)
	set[0] = asn1.TagSet | 0x20 // what is signed has the tag of a SET (RFC 5652 §5.4)
	if err := Verify(k, sum(NewHash(k.Bits()), set), s.Signature); err != nil {
		return err
	}
	return m.readAttributes(set, contentType, digest)
}

// fits: digest and signature have to be those of the key; the latter is named by the combined identifier or,
// as OpenSSL's engine does, by that of the key.
func (s *signerInfo) fits(k *PublicKey) error {
	ofDigest, err := bitsOf(s.DigestAlgorithm, OIDDigest256, OIDDigest512)
	if err != nil {
		return err
	}
	ofSignature, err := bitsOf(s.SignatureAlgorithm, OIDSignature256, OIDSignature512)
	if err != nil {
		if ofSignature, err = bitsOf(s.SignatureAlgorithm, OIDKey256, OIDKey512); err != nil {
			return err
		}
	}
	if ofDigest != k.Bits() || ofSignature != k.Bits() {
		return fmt.Errorf("a digest of %d and a signature of %d bits with a key of %d", ofDigest, ofSignature, k.Bits())
	}
	return nil
}

func (m *Signed) readAttributes(set []byte, contentType asn1.ObjectIdentifier, digest []byte) error {
	const op = "verify signed attributes"
	var all []attribute
	if rest, err := asn1.UnmarshalWithParams(set, &all, "set"); err != nil || len(rest) > 0 {
		return &Error{op, KindParse, errors.Join(errors.New("the signed attributes are broken"), err)}
	}
	values := map[string][]byte{}
	for _, a := range all {
		id := a.Type.String()
		if _, twice := values[id]; twice || len(a.Values) != 1 {
			return &Error{op, KindParse, fmt.Errorf("attribute %s is there twice, or not with one value", id)}
		}
		values[id] = a.Values[0].FullBytes
	}
	var said []byte
	if _, err := asn1.Unmarshal(values[oidMessageDigest.String()], &said); err != nil {
		return &Error{op, KindParse, errors.New("the digest of the content is not among the signed attributes")}
	}
	if !bytes.Equal(said, digest) {
		return &Error{op, KindContent, errors.New("the message was made for another content")}
	}
	var kind asn1.ObjectIdentifier
	if _, err := asn1.Unmarshal(values[oidContentType.String()], &kind); err != nil || !kind.Equal(contentType) {
		return &Error{op, KindParse, errors.New("the signed attributes name another type of content")}
	}
	if der, ok := values[oidSigningTime.String()]; ok {
		if _, err := asn1.Unmarshal(der, &m.SigningTime); err != nil {
			return &Error{op, KindParse, fmt.Errorf("signing time: %w", err)}
		}
	}
	if der, ok := values[oidSigningCertificateV2.String()]; ok {
		if err := boundTo(m.Signer, der); err != nil {
			return &Error{op, KindSignature, err}
		}
		m.Bound = true
	}
	return nil
}

// boundTo checks that the first certificate of signing-certificate-v2 is this one (RFC 5035 §3).
func boundTo(c *x509.Certificate, der []byte) error {
	var named essCertificates
	if _, err := asn1.Unmarshal(der, &named); err != nil || len(named.Certificates) == 0 {
		return errors.Join(errors.New("signing-certificate-v2 is broken"), err)
	}
	first := named.Certificates[0]
	newHash, ok := certificateHash(first.Algorithm)
	if !ok {
		return fmt.Errorf("signing-certificate-v2 with the hash %v", first.Algorithm.Algorithm)
	}
	if !bytes.Equal(sum(newHash(), c.Raw), first.Hash) {
		return errors.New("the signature was made for another certificate")
	}
	return nil
}

func certificateHash(id pkix.AlgorithmIdentifier) (func() hash.Hash, bool) {
	nist := asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2}
	switch tail := len(nist); {
	case len(id.Algorithm) == 0:
		return sha256.New, true
	case len(id.Algorithm) == tail+1 && nist.Equal(id.Algorithm[:tail]):
		switch id.Algorithm[tail] {
		case 1:
			return sha256.New, true
		case 2:
			return sha512.New384, true
		case 3:
			return sha512.New, true
		}
	}
	return HashOf(id.Algorithm)
}
