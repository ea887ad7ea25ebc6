package app

import (
	"cmp"
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"slices"
	"strings"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/gost"
	"rekey/app/procedure"
	"rekey/app/request"
	"rekey/token"
)

// makeRequest makes the PKCS#10; package request verifies it with its own key before it comes back.
func (w *work) makeRequest(ctx context.Context, c cases.Case) (cases.Case, error) {
	session, err := w.open(ctx, c, procedure.Request)
	if err != nil {
		return c, err
	}
	subject, err := w.subject(c)
	if err != nil {
		return c, err
	}
	exts, err := w.requestExtensions(c)
	if err != nil {
		return c, err
	}
	der, err := newRequest(ctx, session, c.SPKI, subject, exts)
	if err != nil {
		return c, err
	}
	return w.app.fileAll(c, procedure.Request, newDocument{central.DocRequest, "request.p10", request.PEM(der)})
}

func newRequest(ctx context.Context, session token.Session, spki, subject []byte, exts []pkix.Extension) ([]byte, error) {
	if !gost.IsKey(spki) {
		signer, err := cardSigner(ctx, session, spki)
		if err != nil {
			return nil, err
		}
		return request.New(ctx, signer, subject, exts)
	}
	k, err := gost.ParsePublicKey(spki)
	if err != nil {
		return nil, err
	}
	key, err := cardKey(ctx, session, spki)
	if err != nil {
		return nil, err
	}
	der, err := request.NewGOST(ctx, k, gostSigner(session, key), subject, exts)
	return der, gostFailed("make request", err)
}

// signRequest puts the request into CMS signed with the current key: who has a valid certificate brings no papers again.
func (w *work) signRequest(ctx context.Context, c cases.Case) (cases.Case, error) {
	current, err := w.app.current(c)
	if err != nil {
		return c, err
	}
	if current.X509 == nil || w.app.now().After(current.NotAfter) {
		return c, &Error{"sign request", Expired, nil}
	}
	doc, ok := c.Document(central.DocRequest)
	if !ok {
		return c, &Error{"sign request", NotFound, nil}
	}
	text, err := w.app.document(doc)
	if err != nil {
		return c, err
	}
	parsed, err := request.Parse(text)
	if err != nil {
		return c, err
	}
	session, err := w.open(ctx, c, procedure.SignRequest)
	if err != nil {
		return c, err
	}
	signed, err := w.signedRequest(ctx, session, parsed.Raw, current.X509)
	if err != nil {
		return c, err
	}
	return w.app.fileAll(c, procedure.SignRequest, newDocument{central.DocRequestSigned, "request-signed.p7s", signed})
}

func (w *work) signedRequest(ctx context.Context, session token.Session, der []byte, current *x509.Certificate) ([]byte, error) {
	signer, err := cardSigner(ctx, session, current.RawSubjectPublicKeyInfo)
	if err != nil {
		return nil, err
	}
	signed, err := request.Sign(ctx, der, signer, current, nil, w.app.now())
	if gost.IsKey(current.RawSubjectPublicKeyInfo) {
		err = gostFailed("sign request", err)
	}
	return signed, err
}

// subject is the current certificate's, byte for byte but for what the holder has changed; without a certificate it is made by
// the procedure's profile.
func (w *work) subject(c cases.Case) ([]byte, error) {
	if c.Current != "" {
		current, err := w.app.current(c)
		if err != nil {
			return nil, err
		}
		return request.Subject(current.X509, w.changes(c, current.X509))
	}
	var attrs []request.Attr
	for _, rule := range w.profile(c.Reason) {
		if len(rule.OnlyFor) > 0 && !slices.Contains(rule.OnlyFor, c.Details[procedure.KindField]) {
			continue
		}
		value := w.subjectValue(c, rule.OID)
		if value == "" && rule.Required {
			return nil, &Error{"subject", BadInput, fmt.Errorf("the details do not give %s (%s)", rule.Name, rule.OID)}
		}
		if value != "" {
			attrs = append(attrs, request.Attr{OID: rule.OID, Value: value, Type: request.StringType(cmp.Or(rule.String, string(request.UTF8)))})
		}
	}
	return request.NewSubject(attrs)
}

// profile is what the subject is made of: the procedure's rules, or, where it has none, what its fields are named after.
func (w *work) profile(reason string) []procedure.Attribute {
	if len(w.procedure.Subject) > 0 {
		return w.procedure.Subject
	}
	rules := []procedure.Attribute{{OID: oidCommonName, Name: "CN", Required: true}}
	for _, f := range w.procedure.FieldsFor(reason) {
		if strings.Contains(f.From, ".") && f.From != oidCommonName {
			rules = append(rules, procedure.Attribute{OID: f.From, Name: f.ID})
		}
	}
	return rules
}

const oidCommonName = "2.5.4.3"

// subjectValue finds what the details say for an attribute of the subject.
func (w *work) subjectValue(c cases.Case, oid string) string {
	for _, f := range w.procedure.FieldsFor(c.Reason) {
		if f.From == oid && c.Details[f.ID] != "" {
			return c.Details[f.ID]
		}
	}
	switch oid {
	case "2.5.4.6":
		return w.procedure.Country
	case oidCommonName:
		return c.Holder
	}
	return ""
}
