// Package request builds the PKCS#10 certification request (RFC 2986) of a renewal, and puts it into CMS that the current
// key signs.
//
// It promises: the subject goes in byte for byte; the card's key is asked to sign exactly once; a request is
// verified with its own public key, and that key compared with the one asked for, before anybody
// gets to see it (rule 4 of the architecture).
//
// It never makes keys, never asks for a PIN and never sends anything. What a subject or an extension has to
// hold is the procedure's business.
package request

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"

	"rekey/app/gost"
)

// New gives the DER of a request for the signer's key: RSA of 2048 bits and more with SHA-256 (PKCS#1 v1.5), P-256 with
// SHA-256, P-384 with SHA-384. exts travel as PKCS#9 extensionRequest. signer.Sign is called once, or not at all when
// the input is bad; its own error can be found with errors.As.
//
// Kinds: KindSubject, KindKey, KindSigner, KindMismatch, KindEncode.
func New(ctx context.Context, signer crypto.Signer, subjectDER []byte, exts []pkix.Extension) ([]byte, error) {
	const op = "make request"
	if err := checkName(subjectDER); err != nil {
		return nil, &Error{op, KindSubject, err}
	}
	public := signer.Public()
	spki, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, &Error{op, KindKey, err}
	}
	algorithm, err := algorithmFor(public)
	if err != nil {
		return nil, &Error{op, KindKey, err}
	}
	if err := ctx.Err(); err != nil {
		return nil, &Error{op, KindSigner, err}
	}
	once := &oneCall{signer: signer, public: public}
	template := &x509.CertificateRequest{RawSubject: subjectDER, ExtraExtensions: exts, SignatureAlgorithm: algorithm}
	der, err := x509.CreateCertificateRequest(rand.Reader, template, once)
	switch {
	case once.err != nil:
		return nil, &Error{op, KindSigner, once.err}
	case err != nil && once.called: // the standard library checks the signature too
		return nil, &Error{op, KindMismatch, err}
	case err != nil:
		return nil, &Error{op, KindEncode, err}
	}
	if err := prove(der, spki, subjectDER); err != nil {
		return nil, &Error{op, KindMismatch, err}
	}
	return der, nil
}

// oneCall lets one signature through and keeps the public key fixed, whatever the signer says later.
type oneCall struct {
	signer crypto.Signer
	public crypto.PublicKey
	called bool
	err    error
}

func (o *oneCall) Public() crypto.PublicKey { return o.public }

func (o *oneCall) Sign(r io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return o.once(func() ([]byte, error) { return o.signer.Sign(r, digest, opts) })
}

// SignMessage is for cards that sign only whole messages.
func (o *oneCall) SignMessage(r io.Reader, msg []byte, opts crypto.SignerOpts) ([]byte, error) {
	return o.once(func() ([]byte, error) { return crypto.SignMessage(o.signer, r, msg, opts) })
}

func (o *oneCall) once(sign func() ([]byte, error)) ([]byte, error) {
	if o.called {
		o.err = errors.New("a second signature was asked for")
		return nil, o.err
	}
	o.called = true
	signature, err := sign()
	o.err = err
	return signature, err
}

// prove looks at what was made: the key and the subject that were asked for. Its signature has been verified with
// that key by x509.CreateCertificateRequest; the tests' lying signers watch that this stays so.
func prove(der, spki, subject []byte) error {
	made, err := x509.ParseCertificateRequest(der)
	switch {
	case err != nil:
		return err
	case !bytes.Equal(made.RawSubjectPublicKeyInfo, spki):
		return errors.New("the request holds another public key")
	case !bytes.Equal(made.RawSubject, subject):
		return errors.New("the request holds another subject")
	}
	return nil
}

func algorithmFor(public crypto.PublicKey) (x509.SignatureAlgorithm, error) {
	switch k := public.(type) {
	case *rsa.PublicKey:
		if bits := k.N.BitLen(); bits < 2048 {
			return 0, fmt.Errorf("an RSA key of %d bits is too short", bits)
		}
		return x509.SHA256WithRSA, nil
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256():
			return x509.ECDSAWithSHA256, nil
		case elliptic.P384():
			return x509.ECDSAWithSHA384, nil
		}
		return 0, fmt.Errorf("curve %s", k.Curve.Params().Name)
	}
	return 0, fmt.Errorf("key of type %T", public)
}

// Check verifies the signature of a request (DER) with the public key in it.
func Check(der []byte) error {
	const op = "check request"
	r, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return &Error{op, KindParse, err}
	}
	if gost.IsKey(r.RawSubjectPublicKeyInfo) {
		return CheckGOST(der)
	}
	if err := r.CheckSignature(); err != nil {
		return &Error{op, KindMismatch, err}
	}
	return nil
}

const pemType = "CERTIFICATE REQUEST"

// PEM is the text form (RFC 7468 §7).
func PEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der})
}

// Parse reads a request from PEM (also with the old label NEW CERTIFICATE REQUEST) or DER. It does not
// verify: see Check.
func Parse(pemOrDER []byte) (*x509.CertificateRequest, error) {
	const op = "read request"
	der := pemOrDER
	if block, _ := pem.Decode(pemOrDER); block != nil {
		if block.Type != pemType && block.Type != "NEW "+pemType {
			return nil, &Error{op, KindParse, fmt.Errorf("the PEM block is a %q", block.Type)}
		}
		der = block.Bytes
	}
	r, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, &Error{op, KindParse, err}
	}
	return r, nil
}

// Fingerprint is the SHA-256 of a DER SubjectPublicKeyInfo in lower-case hex: what ties the paper to the request.
func Fingerprint(spki []byte) string {
	sum := sha256.Sum256(spki)
	return hex.EncodeToString(sum[:])
}

// checkName accepts a DER Name with at least one attribute.
func checkName(der []byte) error {
	rdns, err := readName(der)
	if err != nil {
		return err
	}
	if len(rdns) == 0 {
		return errors.New("the subject is empty")
	}
	return nil
}

// readName splits a DER Name into its RDNs, each with the bytes it came with.
func readName(der []byte) ([]asn1.RawValue, error) {
	var rdns []asn1.RawValue
	rest, err := asn1.Unmarshal(der, &rdns)
	if err != nil {
		return nil, fmt.Errorf("the subject is no DER name: %w", err)
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%d bytes after the subject", len(rest))
	}
	for _, rdn := range rdns {
		if rdn.Class != asn1.ClassUniversal || rdn.Tag != asn1.TagSet || len(rdn.Bytes) == 0 {
			return nil, errors.New("the subject holds something that is no attribute set")
		}
	}
	return rdns, nil
}
