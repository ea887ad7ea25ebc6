package cms

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"

	"github.com/digitorus/pkcs7"
)

// MaxSize is the longest message that is read, in bytes.
const MaxSize = 1 << 20

// deepest nesting that is read; real messages have less than 20.
const deepest = 48

// Parsed is a message that somebody made, read with a library that has no part in making ours.
type Parsed struct {
	*pkcs7.PKCS7
	Signer    *x509.Certificate
	Signature []byte // value of the signature
	unsigned  map[string][]byte
}

// Parse reads SignedData with one signer; padding behind it is allowed. It verifies nothing: call Verify of it.
func Parse(der []byte) (p *Parsed, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, fmt.Errorf("the message cannot be read: %v", r)
		}
	}()
	if len(der) > MaxSize {
		return nil, fmt.Errorf("the message has %d bytes, at most %d are read", len(der), MaxSize)
	}
	if _, err := measure(der, 0); err != nil {
		return nil, err
	}
	read, err := pkcs7.Parse(der)
	if err != nil {
		return nil, fmt.Errorf("the message cannot be read: %w", err)
	}
	if len(read.Signers) != 1 {
		return nil, fmt.Errorf("the message has %d signers, one is expected", len(read.Signers))
	}
	p = &Parsed{PKCS7: read, Signer: read.GetOnlySigner(), Signature: read.Signers[0].EncryptedDigest, unsigned: map[string][]byte{}}
	if p.Signer == nil {
		return nil, errors.New("the signer's certificate is missing")
	}
	for _, a := range read.Signers[0].UnauthenticatedAttributes {
		p.unsigned[a.Type.String()] = a.Value.Bytes
	}
	return p, nil
}

// Unsigned gives the value of an unsigned attribute.
func (p *Parsed) Unsigned(oid asn1.ObjectIdentifier) ([]byte, bool) {
	value, ok := p.unsigned[oid.String()]
	return value, ok
}

// Bound tells whether signing-certificate-v2 names the signer's certificate. One that names another is an
// error: somebody exchanged the certificate.
func (p *Parsed) Bound() (bool, error) {
	var value asn1.RawValue
	if err := p.UnmarshalSignedAttribute(OIDSigningCertificateV2, &value); err != nil {
		return false, nil
	}
	digest, want, ok := binding(value.FullBytes)
	if !ok {
		return false, nil
	}
	if !bytes.Equal(digest.Sum(p.Signer.Raw), want) {
		return false, errOtherCertificate
	}
	return true, nil
}

var errOtherCertificate = errors.New("the signature was made for another certificate")

// binding reads signing-certificate-v2 (RFC 5035 §3): the hash of the signer's certificate.
func binding(der []byte) (d Digest, want []byte, ok bool) {
	var named essCertificates
	if _, err := asn1.Unmarshal(der, &named); err != nil || len(named.Certificates) == 0 {
		return d, nil, false
	}
	first := named.Certificates[0]
	if len(first.Algorithm.Algorithm) == 0 {
		return SHA256(), first.Hash, true
	}
	d, ok = DigestOf(first.Algorithm.Algorithm)
	return d, first.Hash, ok
}

// measure gives the length of one BER value and refuses one that is nested too deeply: readers of BER call
// themselves for each level.
func measure(ber []byte, depth int) (int, error) {
	broken := errors.New("the message is broken")
	if depth > deepest {
		return 0, errors.New("the message is nested too deeply")
	}
	if len(ber) < 2 {
		return 0, broken
	}
	head, constructed := 1, ber[0]&0x20 != 0
	if ber[0]&0x1f == 0x1f {
		for head < len(ber) && ber[head]&0x80 != 0 {
			head++
		}
		head++
	}
	if head >= len(ber) {
		return 0, broken
	}
	length, indefinite := int(ber[head]), false
	head++
	switch {
	case length == 0x80:
		indefinite, length = true, len(ber)-head
	case length > 0x80:
		n := length & 0x7f
		if n > 4 || head+n > len(ber) {
			return 0, broken
		}
		length = 0
		for _, b := range ber[head : head+n] {
			length = length<<8 | int(b)
		}
		head += n
	}
	if length > len(ber)-head || indefinite && !constructed {
		return 0, broken
	}
	if !constructed {
		return head + length, nil
	}
	at, end := head, head+length
	for at < end {
		if indefinite && end-at >= 2 && ber[at] == 0 && ber[at+1] == 0 {
			return at + 2, nil
		}
		n, err := measure(ber[at:end], depth+1)
		if err != nil {
			return 0, err
		}
		at += n
	}
	if indefinite {
		return 0, broken
	}
	return end, nil
}
