// Package esign puts an electronic signature into a PDF and checks the ones that are there.
//
// A signature is an approval signature of level PAdES B-B (ETSI EN 319 142-1): sub-filter ETSI.CAdES.detached,
// signing-certificate-v2, no CMS signing-time; with a time stamp authority it becomes B-T. It can show the signer's name, in
// any script that the given fonts have. The work goes in three steps: an incremental update with a blank in place of
// the signature is laid out, the card signs, the CMS is filled in.
//
// It promises: the input stays byte for byte at the front, so earlier signatures stay valid; everything that can be
// refused is refused before the card is asked; the card is asked exactly once; the result is read
// back and verified before it is returned; a name goes into the file as hex and as outlines, so no name can break it;
// whatever a time stamp authority does, a signature that the card has made is not lost.
//
// It goes to the network only for the time stamp, never checks trust or revocation, and never makes a key.
package esign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"rekey/app/cms"
	"rekey/app/esign/pdf"
	"rekey/app/register"
)

// Options of a signature; the zero value is an invisible B-B signature of now.
type Options struct {
	Chain []*x509.Certificate // issuers, nearest first; may be empty
	// At is the claimed time, zero for now; its zone goes into the file.
	At time.Time
	// Appearance nil: invisible.
	Appearance *Appearance
	// TSA is the address of a time stamp authority (RFC 3161 over HTTP); "": none.
	TSA      string
	Client   *http.Client  // nil: http.DefaultClient
	Deadline time.Duration // for the time stamp; 0: 10 s
}

// Result is a signed PDF.
type Result struct {
	PDF   []byte
	Level string // LevelBB or LevelBT
	// TimestampProblem says why there is no time stamp although one was asked for; the signature stands without it.
	TimestampProblem error
}

// Sign adds one invisible signature: SignWith without a time stamp.
func Sign(ctx context.Context, pdf []byte, signer crypto.Signer, cert *x509.Certificate, chain []*x509.Certificate, at time.Time) ([]byte, error) {
	r, err := SignWith(ctx, pdf, signer, cert, Options{Chain: chain, At: at})
	return r.PDF, err
}

// Check tells whether SignWith would take this file, before anybody is asked for a PIN. Kinds: KindNotPDF, KindPDF.
func Check(file []byte) error {
	if _, err := Verify(file); err != nil {
		return err
	}
	f, err := pdf.Open(file)
	if err == nil {
		err = signable(f)
	}
	if err != nil {
		return &Error{"check PDF", KindPDF, err}
	}
	return nil
}

// SignWith adds one signature to a PDF. cert must be valid at the time of signing, be meant for signing and belong to
// signer. RSA of 2048 bits and more (PKCS#1 v1.5, SHA-256), P-256 and P-384; GOST R 34.10-2012 with a GOSTSigner.
//
// The signer is asked once, or not at all when the input is bad; its own error can be found with errors.As. Kinds: KindNotPDF,
// KindPDF, KindCertificate, KindAppearance, KindTSA, KindSigner, KindMismatch.
func SignWith(ctx context.Context, file []byte, signer crypto.Signer, cert *x509.Certificate, o Options) (Result, error) {
	const op = "sign PDF"
	if o.At.IsZero() {
		o.At = time.Now()
	}
	before, err := Verify(file)
	if err != nil {
		return Result{}, err
	}
	message, err := newMessage(cert, signer.Public(), o)
	if err != nil {
		return Result{}, &Error{op, KindCertificate, err}
	}
	room, err := message.Size()
	if err != nil {
		return Result{}, &Error{op, KindCertificate, err}
	}
	sketch, err := prepare(file, room, cert, o)
	if err != nil {
		return Result{}, err
	}
	signed, err := message.Sign(ctx, signer, sketch.digest(message.Digest()))
	switch {
	case errors.Is(err, cms.ErrMismatch):
		return Result{}, &Error{op, KindMismatch, err}
	case err != nil:
		return Result{}, &Error{op, KindSigner, err}
	}
	result, err := sketch.complete(ctx, signed, imprints(message.Digest()), o)
	if err != nil {
		return Result{}, &Error{op, KindMismatch, err}
	}
	last, err := prove(file, result.PDF, before, cert)
	if err != nil {
		return Result{}, &Error{op, KindMismatch, err}
	}
	if result.Level = last.Level; last.StampProblem != "" {
		result.TimestampProblem = errors.New(last.StampProblem)
	}
	return result, nil
}

func newMessage(cert *x509.Certificate, public crypto.PublicKey, o Options) (*cms.Message, error) {
	if err := cms.CheckCertificate(cert, public, o.At); err != nil {
		return nil, err
	}
	return cms.New(cert, o.Chain)
}

// prepare lays the file out with room for the signature, and for a time stamp when one will be asked for.
func prepare(file []byte, room int, cert *x509.Certificate, o Options) (*sketch, error) {
	const op = "sign PDF"
	if o.TSA != "" {
		if err := checkTSA(o.TSA); err != nil {
			return nil, &Error{op, KindTSA, err}
		}
		room += stampRoom + 64 // the attribute around the token
	}
	p := plan{room: room, at: o.At, name: register.Parse(cert.Raw).HolderName}
	var err error
	if o.Appearance != nil {
		if p.place, err = o.Appearance.draw(p.name, o.At); err != nil {
			return nil, &Error{op, KindAppearance, err}
		}
	}
	s, err := layOut(file, p)
	if KindOf(err) == KindAppearance {
		return nil, err
	}
	if err != nil {
		return nil, &Error{op, KindPDF, err}
	}
	return s, nil
}

// complete fills the signature in, with a time stamp when it can be had.
func (s *sketch) complete(ctx context.Context, signed *cms.Signed, hashes []cms.Digest, o Options) (Result, error) {
	var r Result
	var unsigned []cms.Attribute
	if o.TSA != "" {
		var token []byte
		if token, r.TimestampProblem = fetchStamp(ctx, o, hashes, signed.Signature()); r.TimestampProblem == nil {
			unsigned = append(unsigned, cms.NewAttribute(cms.OIDTimeStampToken, token))
		}
	}
	der, err := signed.Detached(unsigned...)
	if err != nil {
		return r, err
	}
	r.PDF = s.file
	return r, s.fill(der)
}

// prove reads the finished file again: the input is at its front, the new signature covers all of it and is
// good, and nothing happened to the ones that were there before.
func prove(file, made []byte, before []Signature, cert *x509.Certificate) (Signature, error) {
	if !bytes.HasPrefix(made, file) {
		return Signature{}, errors.New("the input was changed")
	}
	after, err := Verify(made)
	if err != nil {
		return Signature{}, err
	}
	if len(after) != len(before)+1 {
		return Signature{}, fmt.Errorf("%d signatures instead of %d", len(after), len(before)+1)
	}
	for i, old := range before {
		if after[i].Valid != old.Valid {
			return Signature{}, fmt.Errorf("signature %d was harmed", i+1)
		}
	}
	last := after[len(before)]
	switch {
	case !last.Valid:
		return last, errors.New(last.Problem)
	case !last.CoversWhole, !last.Signer.Equal(cert), last.Level != LevelBB && last.Level != LevelBT:
		return last, errors.New("the new signature is not as it should be")
	}
	return last, nil
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
func (s *sketch) digest(d cms.Digest) []byte { return d.Sum(s.file[:s.start-1], s.file[s.end+1:]) }
