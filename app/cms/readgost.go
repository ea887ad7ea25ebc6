package cms

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"

	"rekey/app/gost"
)

// Opened is a message whose signature is right. Whether its signer is to be trusted is not said.
type Opened struct {
	Signer       *x509.Certificate
	Certificates []*x509.Certificate // all that came with it, the signer among them
	Content      []byte
	SigningTime  time.Time // as claimed; zero when not said
	Bound        bool      // signing-certificate-v2 names the signer's certificate
	ContentType  asn1.ObjectIdentifier
	Signature    []byte // value of the signature

	unsigned asn1.RawValue
}

// ReadGOST reads the DER of a CMS SignedData with one GOST signer and verifies it: the digest of the content,
// the signature over the signed attributes, and signing-certificate-v2 when it is there. detached is the
// content of a message that does not hold it; nil otherwise.
//
// Kinds: gost.KindParse, gost.KindAlgorithm (the signer is no GOST signer), gost.KindContent, gost.KindSignature.
func ReadGOST(der, detached []byte) (*Opened, error) {
	const op = "verify message"
	data, err := parseSignedData(der)
	if err != nil {
		return nil, wrong(op, gost.KindParse, err)
	}
	content, err := data.content(detached)
	if err != nil {
		return nil, wrong(op, gost.KindContent, err)
	}
	certificates, err := x509.ParseCertificates(data.Certificates.Bytes)
	if err != nil {
		return nil, wrong(op, gost.KindParse, fmt.Errorf("its certificates: %w", err))
	}
	info := data.Signers[0]
	at := slices.IndexFunc(certificates, info.names)
	if at < 0 {
		return nil, wrong(op, gost.KindParse, errors.New("the signer's certificate is missing"))
	}
	result := &Opened{Signer: certificates[at], Certificates: certificates, Content: content, ContentType: data.Content.Type,
		Signature: info.Signature, unsigned: info.UnsignedAttributes}
	if err := info.check(result, data.Content.Type); err != nil {
		return nil, wrong(op, gost.KindOf(err), err)
	}
	return result, nil
}

// Unsigned gives the value of an unsigned attribute.
func (m *Opened) Unsigned(oid asn1.ObjectIdentifier) ([]byte, bool) {
	var all []Attribute
	set := bytes.Clone(m.unsigned.FullBytes)
	if len(set) == 0 {
		return nil, false
	}
	set[0] = asn1.TagSet | 0x20
	if _, err := asn1.UnmarshalWithParams(set, &all, "set"); err != nil {
		return nil, false
	}
	for _, a := range all {
		if a.Type.Equal(oid) && len(a.Values) == 1 {
			return a.Values[0].FullBytes, true
		}
	}
	return nil, false
}

func parseSignedData(der []byte) (*signedData, error) {
	if len(der) > MaxSize {
		return nil, fmt.Errorf("the message has %d bytes, at most %d are read", len(der), MaxSize)
	}
	var outer contentInfo
	if rest, err := asn1.Unmarshal(der, &outer); err != nil || len(rest) > 0 || !outer.Type.Equal(OIDSignedData) {
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
func (s *signerInfo) check(m *Opened, contentType asn1.ObjectIdentifier) error {
	const op = "verify signer"
	k, err := gost.ParsePublicKey(m.Signer.RawSubjectPublicKeyInfo)
	if err != nil {
		return err
	}
	if err := s.fits(k); err != nil {
		return wrong(op, gost.KindAlgorithm, err)
	}
	digest := streebog(k, m.Content)
	if len(s.SignedAttributes.FullBytes) == 0 {
		if !contentType.Equal(OIDData) { // RFC 5652 §5.3
			return wrong(op, gost.KindParse, errors.New("the signed attributes are missing"))
		}
		return gost.Verify(k, digest, s.Signature)
	}
	set := bytes.Clone(s.SignedAttributes.FullBytes)
	set[0] = asn1.TagSet | 0x20 // what is signed has the tag of a SET (RFC 5652 §5.4)
	if err := gost.Verify(k, streebog(k, set), s.Signature); err != nil {
		return err
	}
	return m.readAttributes(set, contentType, digest)
}

// fits: digest and signature have to be those of the key; the latter is named by the combined identifier or,
// as OpenSSL's engine does, by that of the key.
func (s *signerInfo) fits(k *gost.PublicKey) error {
	ofDigest, err := gost.BitsOf(s.DigestAlgorithm, gost.OIDDigest256, gost.OIDDigest512)
	if err != nil {
		return err
	}
	ofSignature, err := gost.BitsOf(s.SignatureAlgorithm, gost.OIDSignature256, gost.OIDSignature512)
	if err != nil {
		if ofSignature, err = gost.BitsOf(s.SignatureAlgorithm, gost.OIDKey256, gost.OIDKey512); err != nil {
			return err
		}
	}
	if ofDigest != k.Bits() || ofSignature != k.Bits() {
		return fmt.Errorf("a digest of %d and a signature of %d bits with a key of %d", ofDigest, ofSignature, k.Bits())
	}
	return nil
}

func (m *Opened) readAttributes(set []byte, contentType asn1.ObjectIdentifier, digest []byte) error {
	const op = "verify signed attributes"
	var all []Attribute
	if rest, err := asn1.UnmarshalWithParams(set, &all, "set"); err != nil || len(rest) > 0 {
		return wrong(op, gost.KindParse, errors.Join(errors.New("the signed attributes are broken"), err))
	}
	values := map[string][]byte{}
	for _, a := range all {
		id := a.Type.String()
		if _, twice := values[id]; twice || len(a.Values) != 1 {
			return wrong(op, gost.KindParse, fmt.Errorf("attribute %s is there twice, or not with one value", id))
		}
		values[id] = a.Values[0].FullBytes
	}
	var said []byte
	if _, err := asn1.Unmarshal(values[OIDMessageDigest.String()], &said); err != nil {
		return wrong(op, gost.KindParse, errors.New("the digest of the content is not among the signed attributes"))
	}
	if !bytes.Equal(said, digest) {
		return wrong(op, gost.KindContent, errors.New("the message was made for another content"))
	}
	var kind asn1.ObjectIdentifier
	if _, err := asn1.Unmarshal(values[OIDContentType.String()], &kind); err != nil || !kind.Equal(contentType) {
		return wrong(op, gost.KindParse, errors.New("the signed attributes name another type of content"))
	}
	if der, ok := values[OIDSigningTime.String()]; ok {
		if _, err := asn1.Unmarshal(der, &m.SigningTime); err != nil {
			return wrong(op, gost.KindParse, fmt.Errorf("signing time: %w", err))
		}
	}
	if der, ok := values[OIDSigningCertificateV2.String()]; ok {
		digest, want, ok := binding(der)
		switch {
		case !ok:
			return wrong(op, gost.KindSignature, errors.New("signing-certificate-v2 cannot be read"))
		case !bytes.Equal(digest.Sum(m.Signer.Raw), want):
			return wrong(op, gost.KindSignature, errOtherCertificate)
		}
		m.Bound = true
	}
	return nil
}

func streebog(k *gost.PublicKey, data []byte) []byte {
	h := gost.NewHash(k.Bits())
	h.Write(data)
	return h.Sum(nil)
}

func wrong(op string, kind gost.Kind, err error) error {
	return &gost.Error{Op: op, Kind: kind, Err: err}
}
