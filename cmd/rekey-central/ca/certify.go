package ca

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"time"
)

// Order is what a certificate is made from.
type Order struct {
	Request []byte    // PEM PKCS#10
	Profile string    // an ID of Profiles
	From    time.Time // zero: now
	Until   time.Time // zero: From plus the validity of the profile
	Renewal bool      // identified by the signature in force, not in person
	CRL     string    // URL of the revocation list, http or https
}

// Certify makes a certificate, as PEM. KindRequest says that the request is at fault,
// KindProfile that the rest of the order is.
func (a *Authority) Certify(o Order) ([]byte, error) {
	const op = "make certificate"
	p, ok := profile(o.Profile)
	if !ok {
		return nil, &Error{op, KindProfile, fmt.Errorf("no profile %q", o.Profile)}
	}
	r, err := parseRequest(o.Request)
	if err != nil {
		return nil, &Error{op, KindRequest, err}
	}
	if bytes.Equal(r.RawSubject, a.cert.RawSubject) {
		return nil, &Error{op, KindRequest, errors.New("the request names the demonstration CA itself")}
	}
	taken, err := takeOver(r, p.FromRequest)
	if err != nil {
		return nil, &Error{op, KindRequest, err}
	}
	if err := a.checkOrder(&o, p); err != nil {
		return nil, &Error{op, KindProfile, err}
	}
	template, err := fill(p, r, o, taken)
	if err != nil {
		return nil, &Error{op, KindInternal, err}
	}
	der, err := a.sign(template, r)
	if err != nil {
		return nil, &Error{op, a.fault(), err}
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}

// checkOrder fills in the dates and checks them and the URL.
func (a *Authority) checkOrder(o *Order, p Profile) error {
	if o.From.IsZero() {
		o.From = time.Now()
	}
	o.From = o.From.UTC().Truncate(time.Second)
	if o.Until.IsZero() {
		o.Until = o.From.AddDate(0, p.Months, 0)
	}
	o.Until = o.Until.UTC().Truncate(time.Second)
	if !o.Until.After(o.From) {
		return errors.New("the certificate would end before it begins")
	}
	if o.Until.After(a.cert.NotAfter) {
		return fmt.Errorf("the certificate would end after the demonstration CA itself (%s)", a.cert.NotAfter.Format(time.DateOnly))
	}
	u, err := url.Parse(o.CRL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("%q is no http address of a revocation list", o.CRL)
	}
	return nil
}

func fill(p Profile, r *x509.CertificateRequest, o Order, taken []pkix.Extension) (*x509.Certificate, error) {
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	id, err := keyIDOf(r.RawSubjectPublicKeyInfo)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber:          serial,
		RawSubject:            r.RawSubject, // order and string types stay
		NotBefore:             o.From,
		NotAfter:              o.Until,
		BasicConstraintsValid: true,
		KeyUsage:              p.KeyUsage,
		UnknownExtKeyUsage:    p.Purposes,
		SubjectKeyId:          id,
		CRLDistributionPoints: []string{o.CRL},
		ExtraExtensions:       taken,
	}
	for _, numbers := range p.Policies {
		policy, err := x509.OIDFromInts(numbers)
		if err != nil {
			return nil, err
		}
		t.Policies = append(t.Policies, policy)
	}
	if len(p.QCStatements) > 0 {
		if err := addExtension(t, oidQCStatements, statements(p.QCStatements)); err != nil {
			return nil, err
		}
	}
	if p.MarksRenewal && o.Renewal {
		if err := addExtension(t, oidIdentificationKind, 1); err != nil {
			return nil, err
		}
	}
	return t, nil
}

type statement struct{ ID asn1.ObjectIdentifier }

func statements(ids []asn1.ObjectIdentifier) []statement {
	list := make([]statement, 0, len(ids))
	for _, id := range ids {
		list = append(list, statement{id})
	}
	return list
}

func addExtension(t *x509.Certificate, id asn1.ObjectIdentifier, value any) error {
	der, err := asn1.Marshal(value)
	if err != nil {
		return err
	}
	t.ExtraExtensions = append(t.ExtraExtensions, pkix.Extension{Id: id, Value: der})
	return nil
}

// sign makes the certificate and proves it: our signature, the holder's key, the holder's name.
func (a *Authority) sign(t *x509.Certificate, r *x509.CertificateRequest) ([]byte, error) {
	der, err := a.newCertificate(t, r)
	if err != nil {
		return nil, err
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("own certificate cannot be read: %w", err)
	}
	if err := a.proved(made); err != nil {
		return nil, fmt.Errorf("own certificate does not verify: %w", err)
	}
	if !bytes.Equal(made.RawSubject, r.RawSubject) || !bytes.Equal(made.RawSubjectPublicKeyInfo, r.RawSubjectPublicKeyInfo) {
		return nil, errors.New("own certificate differs from the request")
	}
	return der, nil
}
