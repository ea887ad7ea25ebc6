package esign

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"slices"

	"rekey/app/cms"
	"rekey/app/gost"
	"rekey/app/register"
)

// GOSTSigner lets SignWith use a GOST R 34.10-2012 key, which no crypto.Signer can be: Go does not know its hash. The signature is CMS
// with Streebog (RFC 9215); it gets no time stamp.
type GOSTSigner struct {
	Key  *gost.PublicKey
	Card gost.SignFunc
}

// Public gives the *gost.PublicKey.
func (s GOSTSigner) Public() crypto.PublicKey { return s.Key }

// Sign always fails; SignWith does not call it.
func (GOSTSigner) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("a GOST key signs messages with Streebog only")
}

var errNoGOSTStamp = errors.New("signatures with GOST keys get no time stamp yet")

func signGOST(ctx context.Context, file []byte, signer GOSTSigner, cert *x509.Certificate, o Options, before []Signature) (Result, error) {
	const op = "sign PDF"
	if err := fitsGOST(cert, signer.Key, o); err != nil {
		return Result{}, &Error{op, KindCertificate, err}
	}
	room := 2048 + len(cert.Raw) // attributes, names, signature
	for _, c := range o.Chain {
		room += len(c.Raw)
	}
	sketch, err := prepare(file, room, cert, o)
	if err != nil {
		return Result{}, err
	}
	streebog := gost.NewHash(signer.Key.Bits())
	streebog.Write(sketch.file[:sketch.start-1])
	streebog.Write(sketch.file[sketch.end+1:])
	message := gost.Message{Certificate: cert, Chain: o.Chain, Digest: streebog.Sum(nil)}
	der, err := message.Sign(ctx, signer.Card)
	switch gost.KindOf(err) {
	case "":
	case gost.KindSigner:
		return Result{}, &Error{op, KindSigner, err}
	default:
		return Result{}, &Error{op, KindMismatch, err}
	}
	if err := sketch.fill(der); err != nil {
		return Result{}, &Error{op, KindMismatch, err}
	}
	last, err := prove(file, sketch.file, before, cert)
	if err != nil {
		return Result{}, &Error{op, KindMismatch, err}
	}
	result := Result{PDF: sketch.file, Level: last.Level}
	if o.TSA != "" {
		result.TimestampProblem = errNoGOSTStamp
	}
	return result, nil
}

func fitsGOST(cert *x509.Certificate, key *gost.PublicKey, o Options) error {
	own, err := gost.ParsePublicKey(cert.RawSubjectPublicKeyInfo)
	if err != nil {
		return err
	}
	spki, err := key.SPKI()
	if err != nil {
		return err
	}
	if !gost.SameKey(spki, cert.RawSubjectPublicKeyInfo) {
		return errors.New("it does not belong to this key")
	}
	if own.Set.Test {
		return fmt.Errorf("the parameters %s are for examples only", own.Set.Name)
	}
	return cms.CheckUse(cert, o.At)
}

// checkGOST verifies a CMS whose signer may have a GOST key; false when it has not, or cannot be read as such.
func (s *Signature) checkGOST(der, content []byte) (bool, error) {
	var whole asn1.RawValue
	padding, err := asn1.Unmarshal(der, &whole)
	if err != nil || slices.ContainsFunc(padding, func(b byte) bool { return b != 0 }) {
		return false, nil
	}
	message, err := gost.ReadMessage(whole.FullBytes, content)
	switch gost.KindOf(err) {
	case "":
	case gost.KindParse, gost.KindAlgorithm:
		return false, nil
	case gost.KindContent:
		return true, errors.New("the document was changed after it was signed")
	default:
		return true, fmt.Errorf("the signature is wrong: %w", err)
	}
	cert := message.Signer
	s.Signer, s.SignerName = cert, register.Parse(cert.Raw).HolderName
	if s.Time.IsZero() {
		s.Time = message.SigningTime
	}
	switch {
	case s.Level != subFilterCAdES:
		s.Level = LevelPKCS7
	case message.Bound && message.SigningTime.IsZero():
		s.Level = LevelBB
	default:
		s.Level = LevelCAdES
	}
	if !s.Time.IsZero() && (s.Time.Before(cert.NotBefore) || s.Time.After(cert.NotAfter)) {
		return true, errors.New("the certificate was not valid at the time of signing")
	}
	return true, nil
}
