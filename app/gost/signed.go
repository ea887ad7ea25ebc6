package gost

import (
	"bytes"
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
)

// SignFunc asks a card for one signature. digest is Streebog of the message as Sum gives it; a card that hashes
// by itself takes the message. The answer has the form of X.509, s‖r, which is also what C_Sign gives.
type SignFunc func(ctx context.Context, digest, message []byte) ([]byte, error)

// SignMessage has a message signed and proves the answer: KindSigner, KindSignature or KindOrder.
func SignMessage(ctx context.Context, k *PublicKey, message []byte, sign SignFunc) ([]byte, error) {
	const op = "sign with GOST"
	if err := ctx.Err(); err != nil {
		return nil, &Error{op, KindSigner, err}
	}
	digest := sum(NewHash(k.Bits()), message)
	signature, err := sign(ctx, bytes.Clone(digest), message)
	if err != nil {
		return nil, &Error{op, KindSigner, err}
	}
	if err := Prove(k, digest, signature); err != nil {
		return nil, err
	}
	return signature, nil
}

// VerifyMessage checks a signature over a message; algorithm is the combined one of RFC 9215 §3, and has to be
// that of the key's length.
func VerifyMessage(k *PublicKey, algorithm pkix.AlgorithmIdentifier, message, signature []byte) error {
	const op = "verify GOST signature"
	bits, err := BitsOf(algorithm, OIDSignature256, OIDSignature512)
	if err != nil {
		return &Error{op, KindAlgorithm, err}
	}
	if bits != k.Bits() {
		return &Error{op, KindAlgorithm, fmt.Errorf("a signature of %d bits with a key of %d", bits, k.Bits())}
	}
	return Verify(k, sum(NewHash(bits), message), signature)
}

// signed is the outer shape of certificates, revocation lists and requests.
type signed struct {
	Content   asn1.RawValue
	Algorithm pkix.AlgorithmIdentifier
	Signature asn1.BitString
}

func verifySigned(op string, der []byte, k *PublicKey) error {
	var s signed
	if rest, err := asn1.Unmarshal(der, &s); err != nil || len(rest) > 0 {
		return &Error{op, KindParse, errors.Join(errors.New("not something signed"), err)}
	}
	if s.Signature.BitLength%8 != 0 {
		return &Error{op, KindParse, errors.New("the signature is no row of bytes")}
	}
	if err := VerifyMessage(k, s.Algorithm, s.Content.FullBytes, s.Signature.Bytes); err != nil {
		return &Error{op, KindOf(err), err}
	}
	return nil
}

// CheckSignature checks only that issuer's GOST key made the signature of a certificate, revocation list or other thing
// of that shape (DER). KindAlgorithm when one of the two is no GOST.
func CheckSignature(der []byte, issuer *x509.Certificate) error {
	const op = "check signature"
	k, err := ParsePublicKey(issuer.RawSubjectPublicKeyInfo)
	if err != nil {
		return &Error{op, KindOf(err), err}
	}
	return verifySigned(op, der, k)
}

// VerifyCertificate checks that cert was signed with issuer's GOST key, that the names fit, and that issuer may
// sign certificates, like CheckSignatureFrom of crypto/x509. It asks nothing of the dates and
// gives no trust.
//
// Kinds: KindAlgorithm (the issuer's key or the signature is no GOST: let crypto/x509 check it), KindIssuer, KindSignature.
func VerifyCertificate(cert, issuer *x509.Certificate) error {
	const op = "verify certificate"
	switch {
	case !bytes.Equal(cert.RawIssuer, issuer.RawSubject):
		return &Error{op, KindIssuer, errors.New("it names another issuer")}
	case issuer.Version == 3 && !(issuer.BasicConstraintsValid && issuer.IsCA):
		return &Error{op, KindIssuer, errors.New("the issuer is no certification authority")}
	case issuer.KeyUsage != 0 && issuer.KeyUsage&x509.KeyUsageCertSign == 0:
		return &Error{op, KindIssuer, errors.New("the issuer's key is not for signing certificates")}
	}
	return CheckSignature(cert.Raw, issuer)
}

// VerifyCRL checks that list was signed with issuer's GOST key, and that issuer may sign such lists.
// Kinds as of VerifyCertificate.
func VerifyCRL(list *x509.RevocationList, issuer *x509.Certificate) error {
	const op = "verify revocation list"
	switch {
	case !bytes.Equal(list.RawIssuer, issuer.RawSubject):
		return &Error{op, KindIssuer, errors.New("it names another issuer")}
	case issuer.KeyUsage != 0 && issuer.KeyUsage&x509.KeyUsageCRLSign == 0:
		return &Error{op, KindIssuer, errors.New("the issuer's key is not for signing revocation lists")}
	}
	return CheckSignature(list.Raw, issuer)
}

// VerifyRequest checks the signature of a PKCS#10 request (DER) with the GOST key in it.
func VerifyRequest(der []byte) error {
	const op = "verify request"
	r, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return &Error{op, KindParse, err}
	}
	k, err := ParsePublicKey(r.RawSubjectPublicKeyInfo)
	if err != nil {
		return &Error{op, KindOf(err), err}
	}
	return verifySigned(op, r.Raw, k)
}
