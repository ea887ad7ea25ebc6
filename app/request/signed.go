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
	hash := message.Hash().New()
	hash.Write(request)
	signed, err := message.Sign(ctx, signer, hash.Sum(nil))
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
	const op = "read signed request"
	if m, err := gost.ReadMessage(der, nil); err == nil && gost.IsKey(m.Signer.RawSubjectPublicKeyInfo) {
		return readSignedGOST(der)
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
	if err := Check(message.Content); err != nil {
		return nil, nil, err
	}
	return message.Content, message.Signer, nil
}
