package request

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"rekey/app/cms"
	"rekey/app/gost"
)

// Sign puts a request (DER) into CMS SignedData (RFC 5652, content type id-data) that the holder's current key signs:
// with it an authority reissues without new papers, because the certificate that it knows vouches for the new key.
// current must belong to signer, be meant for signing and be valid at the time at, which goes in as signing-time; chain holds
// its issuers, nearest first, and may be empty.
//
// The signer is asked once, or not at all when the input is bad; what comes out is read back and verified, the request
// in it too. Kinds: KindParse, KindMismatch (the request), KindCertificate, KindSigner, KindEncode.
func Sign(ctx context.Context, request []byte, signer crypto.Signer, current *x509.Certificate, chain []*x509.Certificate, at time.Time) ([]byte, error) {
	const op = "sign request"
	if err := Check(request); err != nil {
		return nil, err
	}
	if err := cms.CheckCertificate(current, signer.Public(), at); err != nil {
		return nil, &Error{op, KindCertificate, fmt.Errorf("the current certificate: %w", err)}
	}
	message, err := cms.New(current, chain)
	if err != nil {
		return nil, &Error{op, KindCertificate, fmt.Errorf("the current certificate: %w", err)}
	}
	message.SigningTime = at
	signed, err := message.Sign(ctx, signer, message.Digest().Sum(request))
	switch {
	case errors.Is(err, cms.ErrMismatch):
		return nil, &Error{op, KindMismatch, err}
	case err != nil:
		return nil, &Error{op, KindSigner, err}
	}
	der, err := signed.Enveloping(request)
	if err != nil {
		return nil, &Error{op, KindEncode, err}
	}
	inside, by, err := ReadSigned(der)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(inside, request) || !by.Equal(current) {
		return nil, &Error{op, KindMismatch, errors.New("what came out is not what went in")}
	}
	return der, nil
}

// ReadSigned verifies such a message and the request in it, and gives the request (DER) and the certificate that vouches
// for it. Whether that certificate is trusted is not looked at.
func ReadSigned(der []byte) ([]byte, *x509.Certificate, error) {
	content, signer, err := openSigned(der)
	if err != nil {
		return nil, nil, err
	}
	if err := Check(content); err != nil {
		return nil, nil, err
	}
	return content, signer, nil
}

// openSigned verifies the message, whatever the signer's key, and gives its content and the signer.
func openSigned(der []byte) ([]byte, *x509.Certificate, error) {
	const op = "read signed request"
	m, err := cms.ReadGOST(der, nil)
	switch kind := gost.KindOf(err); {
	case err == nil && !m.Bound:
		return nil, nil, &Error{op, KindMismatch, errors.New("the signer's certificate is not signed along (signing-certificate-v2)")}
	case err == nil:
		return m.Content, m.Signer, nil
	case kind != gost.KindParse && kind != gost.KindAlgorithm:
		return nil, nil, &Error{op, KindMismatch, err}
	}
	message, err := cms.Parse(der)
	if err != nil {
		return nil, nil, &Error{op, KindParse, err}
	}
	if _, err := message.Bound(); err != nil {
		return nil, nil, &Error{op, KindMismatch, err}
	}
	if err := message.Verify(); err != nil {
		return nil, nil, &Error{op, KindMismatch, err}
	}
	return message.Content, message.Signer, nil
}
