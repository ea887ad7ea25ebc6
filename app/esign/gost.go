package esign

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	"rekey/app/cms"
	"rekey/app/gost"
	"rekey/app/register"
)

// GOSTSigner lets SignWith use a GOST R 34.10-2012 key, which no crypto.Signer can be. The signature is CMS with Streebog (RFC 9215).
type GOSTSigner = cms.GOSTSigner

// checkGOST verifies a CMS whose signer may have a GOST key; false when it has not, or cannot be read as such.
func (s *Signature) checkGOST(der, content []byte) (bool, error) {
	var whole asn1.RawValue
	padding, err := asn1.Unmarshal(der, &whole)
	if err != nil || slices.ContainsFunc(padding, func(b byte) bool { return b != 0 }) {
		return false, nil
	}
	message, err := cms.ReadGOST(whole.FullBytes, content)
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
	s.readStamp(message, message.Signature)
	return true, nil
}
