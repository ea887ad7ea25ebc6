package esign

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/digitorus/pkcs7"

	"rekey/app/cms"
	"rekey/app/esign/pdf"
	"rekey/app/register"
)

// Levels of a signature, by its structure. Others are named by their sub-filter.
const (
	LevelBB    = "PAdES B-B"
	LevelBT    = "PAdES B-T" // B-B with a time stamp that belongs to it
	LevelCAdES = "CAdES"     // ETSI.CAdES.detached, but short of B-B
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

	StampTime    time.Time // as the time stamp says; zero: none that is good
	StampedBy    string    // name of the time stamp authority
	StampProblem string    // why a time stamp that is there does not count
}

// Verify reads the signatures of a PDF, oldest first; none is no error. Valid speaks of the bytes and the key only: trust
// and revocation are not checked, of the time stamp authority neither. Kinds: KindNotPDF, KindPDF.
func Verify(file []byte) (found []Signature, err error) {
	const op = "verify PDF"
	if !bytes.HasPrefix(file, []byte("%PDF-")) {
		return nil, &Error{op, KindNotPDF, errors.New("the file does not begin as a PDF does")}
	}
	f, err := pdf.Open(file)
	if err != nil {
		return nil, &Error{op, KindPDF, err}
	}
	if _, _, err := f.Page(1); err != nil {
		return nil, &Error{op, KindPDF, err}
	}
	fields, err := signatureFields(f)
	if err != nil {
		return nil, &Error{op, KindPDF, err}
	}
	if len(fields) > mostSignatures {
		return nil, &Error{op, KindPDF, fmt.Errorf("%d signatures are more than are read here", len(fields))}
	}
	slices.SortStableFunc(fields, func(a, b field) int { return coverage(a, len(file)) - coverage(b, len(file)) })
	for _, one := range fields {
		found = append(found, verifyOne(f, one, file))
	}
	return found, nil
}

var errNotChecked = errors.New("signatures of this kind are not checked here")

// mostSignatures bounds the work: each one reads the whole file.
const mostSignatures = 200

func coverage(f field, length int) int {
	r, err := byteRange(f, length)
	if err != nil {
		return length
	}
	return r.end
}

func verifyOne(f *pdf.File, one field, file []byte) Signature {
	s := Signature{Level: string(f.Name(one.dict["SubFilter"])), Time: parseDate(string(f.String(one.dict["M"])))}
	r, err := byteRange(one, len(file))
	if err != nil {
		s.Problem = err.Error()
		return s
	}
	s.CoversWhole = r.end == len(file)
	if s.Level != subFilterCAdES && s.Level != subFilterPKCS7 {
		s.Problem = errNotChecked.Error()
		return s
	}
	der, err := contents(one.dict, file[r.first:r.second])
	if err != nil {
		s.Problem = err.Error()
		return s
	}
	content := slices.Concat(file[:r.first], file[r.second:r.end])
	if err := s.check(der, content); err != nil {
		s.Problem = err.Error()
		return s
	}
	s.Valid = true
	return s
}

// check verifies the CMS with a library that had no part in making it.
func (s *Signature) check(der, content []byte) error {
	if gost, err := s.checkGOST(der, content); gost {
		return err
	}
	message, err := cms.Parse(der)
	if err != nil {
		return fmt.Errorf("the signature cannot be read: %w", err)
	}
	message.Content = content
	cert := message.Signer
	s.Signer, s.SignerName = cert, register.Parse(cert.Raw).HolderName
	if s.Time.IsZero() {
		_ = message.UnmarshalSignedAttribute(cms.OIDSigningTime, &s.Time) // stays zero
	}
	bound, err := message.Bound()
	if err != nil {
		return err
	}
	s.Level = level(s.Level, bound, message)
	if cert.PublicKeyAlgorithm == x509.UnknownPublicKeyAlgorithm { // GOST, say
		return errNotChecked
	}
	var mismatch *pkcs7.MessageDigestMismatchError
	switch err := message.Verify(); {
	case errors.As(err, &mismatch):
		return errors.New("the document was changed after it was signed")
	case err != nil:
		return fmt.Errorf("the signature is wrong: %w", err)
	}
	if !s.Time.IsZero() && (s.Time.Before(cert.NotBefore) || s.Time.After(cert.NotAfter)) {
		return errors.New("the certificate was not valid at the time of signing")
	}
	s.readStamp(message, message.Signature)
	return nil
}

// readStamp looks at the signature time stamp (ETSI EN 319 122-1 §5.3). One that does not count makes the signature no worse.
func (s *Signature) readStamp(message interface {
	Unsigned(asn1.ObjectIdentifier) ([]byte, bool)
}, signature []byte) {
	token, there := message.Unsigned(cms.OIDTimeStampToken)
	if !there {
		return
	}
	stamp, err := readToken(token, signature)
	switch {
	case err != nil:
		s.StampProblem = err.Error()
		return
	case stamp.at.Before(s.Signer.NotBefore), stamp.at.After(s.Signer.NotAfter):
		s.StampProblem = "the time stamp is of a time when the certificate was not valid"
		return
	}
	s.StampTime, s.StampedBy = stamp.at, stamp.by
	if s.Level == LevelBB {
		s.Level = LevelBT
	}
}

func level(subFilter string, bound bool, message *cms.Parsed) string {
	var at time.Time
	timed := message.UnmarshalSignedAttribute(cms.OIDSigningTime, &at) == nil
	switch {
	case subFilter != subFilterCAdES:
		return LevelPKCS7
	case bound && !timed:
		return LevelBB
	}
	return LevelCAdES
}
