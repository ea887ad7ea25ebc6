package pkcs11

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/asn1"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

func (s *session) Certificates(ctx context.Context) ([]token.Certificate, error) {
	const op = "list certificates"
	if _, err := s.enter(ctx, op); err != nil {
		return nil, err
	}
	defer s.m.mu.Unlock()
	return s.certificates(op)
}

func (s *session) certificates(op string) ([]token.Certificate, error) {
	objects, err := s.search(op, class(p11.CKO_CERTIFICATE))
	if err != nil {
		return nil, err
	}
	var certs []token.Certificate
	for _, o := range objects {
		certs = append(certs, token.Certificate{
			ID:    s.value(o, p11.CKA_ID),
			Label: text(string(s.value(o, p11.CKA_LABEL))),
			DER:   s.value(o, p11.CKA_VALUE),
		})
	}
	return certs, s.whole(op)
}

func (s *session) PutCertificate(ctx context.Context, id []byte, label string, der []byte) error {
	const op = "write certificate"
	if _, err := s.enter(ctx, op); err != nil {
		return err
	}
	defer s.m.mu.Unlock()
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return &token.Error{Op: op, Kind: token.KindNotAllowed, Err: err}
	}
	there, err := s.certificates(op)
	if err != nil {
		return err
	}
	for _, c := range there {
		if bytes.Equal(c.DER, der) {
			return nil // written already, perhaps before a crash
		}
	}
	template, err := certificateTemplate(cert, id, label)
	if err != nil {
		return refuse(op, err)
	}
	made, err := s.m.ctx.CreateObject(s.handle, template)
	if err != nil {
		return refuse(op, err)
	}
	if back := s.value(made, p11.CKA_VALUE); s.whole(op) != nil {
		return s.whole(op)
	} else if !bytes.Equal(back, der) {
		return refusal(op, token.KindBadAnswer, "the card gives the certificate back changed")
	}
	return nil
}

func certificateTemplate(cert *x509.Certificate, id []byte, label string) ([]*p11.Attribute, error) {
	serial, err := asn1.Marshal(cert.SerialNumber)
	if err != nil {
		return nil, err
	}
	return []*p11.Attribute{
		class(p11.CKO_CERTIFICATE),
		p11.NewAttribute(p11.CKA_CERTIFICATE_TYPE, uint(p11.CKC_X_509)),
		p11.NewAttribute(p11.CKA_TOKEN, true),
		p11.NewAttribute(p11.CKA_PRIVATE, false),
		p11.NewAttribute(p11.CKA_ID, id),
		p11.NewAttribute(p11.CKA_LABEL, label),
		p11.NewAttribute(p11.CKA_SUBJECT, cert.RawSubject),
		p11.NewAttribute(p11.CKA_ISSUER, cert.RawIssuer),
		p11.NewAttribute(p11.CKA_SERIAL_NUMBER, serial),
		p11.NewAttribute(p11.CKA_VALUE, cert.Raw),
	}, nil
}
