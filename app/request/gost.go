package request

import (
	"bytes"
	"context"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"time"

	"rekey/app/gost"
)

// certificationRequestInfo is what the key signs (RFC 2986 §4.1).
type certificationRequestInfo struct {
	Version    int
	Subject    asn1.RawValue
	PublicKey  asn1.RawValue
	Attributes asn1.RawValue
}

type certificationRequest struct {
	Info      asn1.RawValue
	Algorithm pkix.AlgorithmIdentifier
	Signature asn1.BitString
}

// NewGOST is New for a GOST R 34.10-2012 key, which Go's crypto/x509 cannot write (RFC 9215; parameters of the
// signature algorithm absent). sign is called once, or not at all when the input is bad; its own error can be found
// with errors.As.
//
// Kinds: KindSubject, KindKey, KindSigner, KindMismatch, KindEncode. When a card signs with the right key in
// another order of bytes, the mismatch holds a *gost.OrderError that names it: no request comes out.
func NewGOST(ctx context.Context, key *gost.PublicKey, sign gost.SignFunc, subjectDER []byte, exts []pkix.Extension) ([]byte, error) {
	const op = "make request"
	if err := checkName(subjectDER); err != nil {
		return nil, &Error{op, KindSubject, err}
	}
	if key.Set.Test {
		return nil, &Error{op, KindKey, fmt.Errorf("the parameters %s are for examples only", key.Set.Name)}
	}
	spki, err := key.SPKI()
	if err != nil {
		return nil, &Error{op, KindKey, err}
	}
	info, err := requestInfo(subjectDER, spki, exts)
	if err != nil {
		return nil, &Error{op, KindEncode, err}
	}
	signature, err := gost.SignMessage(ctx, key, info, sign)
	switch gost.KindOf(err) {
	case "":
	case gost.KindSigner:
		return nil, &Error{op, KindSigner, err}
	default:
		return nil, &Error{op, KindMismatch, err}
	}
	der, err := asn1.Marshal(certificationRequest{
		Info:      asn1.RawValue{FullBytes: info},
		Algorithm: gost.SignatureAlgorithm(key.Bits()),
		Signature: asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)},
	})
	if err != nil {
		return nil, &Error{op, KindEncode, err}
	}
	if err := proveGOST(der, key, info, subjectDER, signature); err != nil {
		return nil, &Error{op, KindMismatch, err}
	}
	return der, nil
}

func requestInfo(subject, spki []byte, exts []pkix.Extension) ([]byte, error) {
	var attributes []byte
	if len(exts) > 0 {
		type attribute struct {
			Type   asn1.ObjectIdentifier
			Values [][]pkix.Extension `asn1:"set"`
		}
		var err error
		attributes, err = asn1.Marshal(attribute{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 14}, [][]pkix.Extension{exts}})
		if err != nil {
			return nil, err
		}
	}
	return asn1.Marshal(certificationRequestInfo{
		Subject:    asn1.RawValue{FullBytes: subject},
		PublicKey:  asn1.RawValue{FullBytes: spki},
		Attributes: asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: attributes},
	})
}

// proveGOST reads the finished request again, as an authority would. The signature over info has been verified with
// key; what is left is that the request holds just these.
func proveGOST(der []byte, key *gost.PublicKey, info, subject, signature []byte) error {
	made, err := Parse(der)
	if err != nil {
		return err
	}
	inside, err := gost.ParsePublicKey(made.RawSubjectPublicKeyInfo)
	switch {
	case err != nil:
		return err
	case !inside.Equal(key):
		return errors.New("the request holds another public key")
	case !bytes.Equal(made.RawSubject, subject):
		return errors.New("the request holds another subject")
	case !bytes.Equal(made.RawTBSCertificateRequest, info) || !bytes.Equal(made.Signature, signature):
		return errors.New("the request is not what was signed")
	}
	return nil
}

// CheckGOST is Check for a request with a GOST key.
func CheckGOST(der []byte) error {
	const op = "check request"
	err := gost.VerifyRequest(der)
	switch gost.KindOf(err) {
	case "":
		return nil
	case gost.KindParse:
		return &Error{op, KindParse, err}
	case gost.KindAlgorithm:
		return &Error{op, KindKey, err}
	}
	return &Error{op, KindMismatch, err}
}

// PrivateKeyUsagePeriod says when the key may sign (RFC 3280 §4.2.1.4, 2.5.29.16): of a GOST key on a card that is often
// shorter than the certificate's time. Whole seconds, UTC.
func PrivateKeyUsagePeriod(notBefore, notAfter time.Time) pkix.Extension {
	return extension(asn1.ObjectIdentifier{2, 5, 29, 16}, false, struct {
		NotBefore time.Time `asn1:"tag:0,generalized"`
		NotAfter  time.Time `asn1:"tag:1,generalized"`
	}{notBefore.UTC().Truncate(time.Second), notAfter.UTC().Truncate(time.Second)})
}
