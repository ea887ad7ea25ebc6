package esign

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"

	pdfread "github.com/digitorus/pdf"
	"github.com/digitorus/pkcs7"

	"rekey/app/register"
)

// Levels of a signature, by its structure. Others are named by their sub-filter.
const (
	LevelBB    = "PAdES B-B"
	LevelCAdES = "CAdES" // ETSI.CAdES.detached, but short of B-B
	LevelPKCS7 = "PKCS#7"
)

// Signature is one signature of a PDF.
type Signature struct {
	Signer      *x509.Certificate // nil when the signature could not be read
	SignerName  string            // the holder's name in it
	Time        time.Time         // as the signer claims; zero when not told
	Level       string            // one of the levels
	CoversWhole bool              // nothing was added to the file after it
	Valid       bool              // the bytes are those that were signed with the key of Signer
	Problem     string            // why it is not valid
}

// Verify reads the signatures of a PDF, oldest first; none is no error. Valid speaks of the bytes and the key only: trust
// and revocation are not checked. Kinds: KindNotPDF, KindPDF.
func Verify(pdf []byte) (found []Signature, err error) {
	const op = "verify PDF"
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return nil, &Error{op, KindNotPDF, errors.New("the file does not begin as a PDF does")}
	}
	if err := plausible(pdf); err != nil {
		return nil, &Error{op, KindPDF, err}
	}
	defer func() {
		if r := recover(); r != nil { // the PDF reader panics on broken objects
			found, err = nil, &Error{op, KindPDF, fmt.Errorf("broken PDF: %v", r)}
		}
	}()
	reader, err := pdfread.NewReader(bytes.NewReader(pdf), int64(len(pdf)))
	if err != nil {
		return nil, &Error{op, KindPDF, err}
	}
	fields := signatureFields(reader)
	slices.SortStableFunc(fields, func(a, b pdfread.Value) int { return coverage(a, len(pdf)) - coverage(b, len(pdf)) })
	for _, f := range fields {
		found = append(found, verifyOne(f, pdf))
	}
	return found, nil
}

func coverage(field pdfread.Value, length int) int {
	r, err := byteRange(field, length)
	if err != nil {
		return length
	}
	return r.end
}

func verifyOne(field pdfread.Value, pdf []byte) Signature {
	dict := field.Key("V")
	s := Signature{Level: dict.Key("SubFilter").Name(), Time: parseDate(dict.Key("M").RawString())}
	r, err := byteRange(field, len(pdf))
	if err != nil {
		s.Problem = err.Error()
		return s
	}
	s.CoversWhole = r.end == len(pdf)
	if s.Level != subFilterCAdES[1:] && s.Level != subFilterPKCS7[1:] {
		s.Problem = "signatures of this kind are not checked here"
		return s
	}
	der, err := contents(dict, pdf[r.first:r.second])
	if err != nil {
		s.Problem = err.Error()
		return s
	}
	content := slices.Concat(pdf[:r.first], pdf[r.second:r.end])
	if err := s.check(der, content); err != nil {
		s.Problem = err.Error()
		return s
	}
	s.Valid = true
	return s
}

// check verifies the CMS with a library that had no part in making it.
func (s *Signature) check(der, content []byte) error {
	cms, err := pkcs7.Parse(der)
	if err != nil {
		return fmt.Errorf("the signature cannot be read: %w", err)
	}
	cms.Content = content
	cert := cms.GetOnlySigner()
	if cert == nil {
		return errors.New("the signer's certificate is missing")
	}
	s.Signer, s.SignerName = cert, register.Parse(cert.Raw).HolderName
	if s.Time.IsZero() {
		_ = cms.UnmarshalSignedAttribute(oidSigningTime, &s.Time) // stays zero
	}
	bound, err := certificateBound(cms, cert)
	if err != nil {
		return err
	}
	s.Level = level(s.Level, bound, cms)
	var mismatch *pkcs7.MessageDigestMismatchError
	switch err := cms.Verify(); {
	case errors.As(err, &mismatch):
		return errors.New("the document was changed after it was signed")
	case err != nil:
		return fmt.Errorf("the signature is wrong: %w", err)
	}
	if !s.Time.IsZero() && (s.Time.Before(cert.NotBefore) || s.Time.After(cert.NotAfter)) {
		return errors.New("the certificate was not valid at the time of signing")
	}
	return nil
}

func level(subFilter string, bound bool, cms *pkcs7.PKCS7) string {
	var at time.Time
	timed := cms.UnmarshalSignedAttribute(oidSigningTime, &at) == nil
	switch {
	case subFilter != subFilterCAdES[1:]:
		return LevelPKCS7
	case bound && !timed:
		return LevelBB
	}
	return LevelCAdES
}

// certificateBound: signing-certificate-v2 is there and names this certificate. One that names
// another is an error: somebody exchanged the certificate.
func certificateBound(cms *pkcs7.PKCS7, cert *x509.Certificate) (bool, error) {
	var ids signingCertificate
	if err := cms.UnmarshalSignedAttribute(oidSigningCertificateV2, &ids); err != nil || len(ids.Certs) == 0 {
		return false, nil
	}
	first := ids.Certs[0]
	var hash []byte
	switch algorithm := first.Hash.Algorithm; {
	case len(algorithm) == 0, algorithm.Equal(oidSHA256):
		h := sha256.Sum256(cert.Raw)
		hash = h[:]
	case algorithm.Equal(oidSHA384):
		h := sha512.Sum384(cert.Raw)
		hash = h[:]
	case algorithm.Equal(asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}):
		h := sha512.Sum512(cert.Raw)
		hash = h[:]
	default:
		return false, nil
	}
	if !bytes.Equal(hash, first.CertHash) {
		return false, errors.New("the signature was made for another certificate")
	}
	return true, nil
}
