// Package esign puts an electronic signature into a PDF and checks the ones that are there.
//
// A signature is an invisible approval signature of level PAdES B-B (ETSI EN 319 142-1): sub-filter
// ETSI.CAdES.detached, signing-certificate-v2, no CMS signing-time. The work goes in two steps: pdfsign lays out the
// incremental update with a blank in place of the signature, then our own CMS is filled in.
//
// It promises: the input stays byte for byte at the front, so earlier signatures stay valid; everything that can be
// refused is refused before the card is asked; the card is asked exactly once; the result is read
// back and verified before it is returned; no name is written as a PDF string, so no name can break the file.
//
// It never goes to the network (no time stamp, no OCSP), never checks trust or revocation, and never makes a key.
package esign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Sign adds one signature to a PDF. cert must be valid at the time at, be meant for signing and belong to signer;
// chain holds its issuers, nearest first, and may be empty. RSA of 2048 bits and more (PKCS#1 v1.5, SHA-256), P-256 and P-384.
// at is the claimed time; its zone goes into the file.
//
// signer.Sign is called once, or not at all when the input is bad; its own error can be found with errors.As. Kinds: KindNotPDF,
// KindPDF, KindCertificate, KindSigner, KindMismatch.
func Sign(ctx context.Context, pdf []byte, signer crypto.Signer, cert *x509.Certificate, chain []*x509.Certificate, at time.Time) ([]byte, error) {
	const op = "sign PDF"
	before, err := Verify(pdf)
	if err != nil {
		return nil, err
	}
	method, err := checkCertificate(cert, signer.Public(), at)
	for _, issuer := range chain {
		if _, broken := x509.ParseCertificate(issuer.Raw); err == nil && broken != nil {
			err = fmt.Errorf("its chain: %w", broken)
		}
	}
	if err != nil {
		return nil, &Error{op, KindCertificate, err}
	}
	cms := message{cert: cert, chain: chain, method: method}
	size, err := cms.size()
	if err != nil {
		return nil, &Error{op, KindCertificate, err}
	}
	sketch, err := layOut(pdf, size, at)
	if err != nil {
		return nil, &Error{op, KindPDF, err}
	}
	attributes, err := cms.attributes(sketch.digest(method.hash))
	if err != nil {
		return nil, &Error{op, KindPDF, err}
	}
	if err := ctx.Err(); err != nil {
		return nil, &Error{op, KindSigner, err}
	}
	signature, err := signer.Sign(rand.Reader, sum(method.hash, attributes), method.hash)
	if err != nil {
		return nil, &Error{op, KindSigner, err}
	}
	if err := cert.CheckSignature(method.x509, attributes, signature); err != nil {
		return nil, &Error{op, KindMismatch, fmt.Errorf("the card's signature does not fit the certificate: %w", err)}
	}
	der, err := cms.encode(attributes, signature)
	if err != nil {
		return nil, &Error{op, KindMismatch, err}
	}
	if err := sketch.fill(der); err != nil {
		return nil, &Error{op, KindMismatch, err}
	}
	if err := prove(pdf, sketch.file, before, cert); err != nil {
		return nil, &Error{op, KindMismatch, err}
	}
	return sketch.file, nil
}

func checkCertificate(cert *x509.Certificate, public crypto.PublicKey, at time.Time) (method, error) {
	own, ok := cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	const signing = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	switch {
	case !ok:
		return method{}, errors.New("its kind of key cannot sign a PDF here")
	case !own.Equal(public):
		return method{}, errors.New("it does not belong to this key")
	case at.Before(cert.NotBefore):
		return method{}, fmt.Errorf("it is not valid before %s", cert.NotBefore.Format(time.RFC3339))
	case at.After(cert.NotAfter):
		return method{}, fmt.Errorf("it ended on %s", cert.NotAfter.Format(time.RFC3339))
	case cert.KeyUsage != 0 && cert.KeyUsage&signing == 0:
		return method{}, errors.New("it is not meant for signing")
	}
	return methodFor(cert.PublicKey)
}

// prove reads the finished file again: the input is at its front, the new signature covers all of it and is
// good, and nothing happened to the ones that were there before.
func prove(pdf, signed []byte, before []Signature, cert *x509.Certificate) error {
	if !bytes.HasPrefix(signed, pdf) {
		return errors.New("the input was changed")
	}
	after, err := Verify(signed)
	if err != nil {
		return err
	}
	if len(after) != len(before)+1 {
		return fmt.Errorf("%d signatures instead of %d", len(after), len(before)+1)
	}
	for i, old := range before {
		if after[i].Valid != old.Valid {
			return fmt.Errorf("signature %d was harmed", i+1)
		}
	}
	last := after[len(before)]
	switch {
	case !last.Valid:
		return errors.New(last.Problem)
	case !last.CoversWhole, last.Level != LevelBB, !last.Signer.Equal(cert):
		return errors.New("the new signature is not as it should be")
	}
	return nil
}

// fill writes the CMS as hex into the blank; the zeros that stay behind it are padding.
func (s *sketch) fill(der []byte) error {
	if hex.EncodedLen(len(der)) > s.end-s.start {
		return fmt.Errorf("the signature is %d bytes too long", len(der)-(s.end-s.start)/2)
	}
	hex.Encode(s.file[s.start:s.end], der)
	return nil
}

// digest is over everything but the blank and its angle brackets (ISO 32000-1 §12.8.1).
func (s *sketch) digest(hash crypto.Hash) []byte {
	return sum(hash, s.file[:s.start-1], s.file[s.end+1:])
}

func sum(hash crypto.Hash, parts ...[]byte) []byte {
	h := hash.New()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}
