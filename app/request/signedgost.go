package request

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"rekey/app/cms"
	"rekey/app/gost"
)

// SignGOST is Sign for a current certificate with a GOST R 34.10-2012 key: the digests are Streebog (RFC 9215). sign is called once, or
// not at all when the input is bad. Kinds as of Sign.
func SignGOST(ctx context.Context, request []byte, sign gost.SignFunc, current *x509.Certificate, chain []*x509.Certificate, at time.Time) ([]byte, error) {
	const op = "sign request"
	if err := Check(request); err != nil {
		return nil, err
	}
	if err := cms.CheckUse(current, at); err != nil {
		return nil, &Error{op, KindCertificate, fmt.Errorf("the current certificate: %w", err)}
	}
	message := gost.Message{Certificate: current, Chain: chain, Content: request, SigningTime: at}
	der, err := message.Sign(ctx, sign)
	switch gost.KindOf(err) {
	case "":
	case gost.KindSigner:
		return nil, &Error{op, KindSigner, err}
	case gost.KindSignature, gost.KindOrder:
		return nil, &Error{op, KindMismatch, err}
	case gost.KindAlgorithm:
		return nil, &Error{op, KindCertificate, err}
	default:
		return nil, &Error{op, KindEncode, err}
	}
	inside, by, err := readSignedGOST(der)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(inside, request) || !by.Equal(current) {
		return nil, &Error{op, KindMismatch, errors.New("what came out is not what went in")}
	}
	return der, nil
}

func readSignedGOST(der []byte) ([]byte, *x509.Certificate, error) {
	const op = "read signed request"
	message, err := gost.ReadMessage(der, nil)
	switch {
	case gost.KindOf(err) == gost.KindParse:
		return nil, nil, &Error{op, KindParse, err}
	case err != nil:
		return nil, nil, &Error{op, KindMismatch, err}
	case !message.Bound:
		return nil, nil, &Error{op, KindMismatch, errors.New("the signer's certificate is not signed along (signing-certificate-v2)")}
	}
	if err := Check(message.Content); err != nil {
		return nil, nil, err
	}
	return message.Content, message.Signer, nil
}
