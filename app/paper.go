package app

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"rekey/app/calendar"
	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/form"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/app/request"
	"rekey/token"
)

// Kinds of documents that stay with the holder.
const (
	DocPayment     = "payment"
	docPaymentText = "payment-text"
	DocForm        = "form-" // further forms: form-letter, form-certificate-paper
	docPhoto       = "photo" // attached; printed where the form has a place for it
)

// makeForm lays out the forms of the route: the application, and what goes with it.
func (w *work) makeForm(_ context.Context, c cases.Case) (cases.Case, error) {
	current, err := w.app.current(c)
	if err != nil && KindOf(err) != NotFound {
		return c, err
	}
	var docs []newDocument
	for _, id := range w.route.Forms() {
		if id == formCertificate {
			continue // when it is there: see install
		}
		printed := c
		if id == formLetter {
			printed.Rows = w.enclosures()
		}
		pdf, err := w.app.layOut(w.procedure, w.route, id, printed, current)
		if err != nil {
			return c, err
		}
		kind := DocForm + id
		if id == w.route.Form {
			kind = central.DocApplication
		}
		docs = append(docs, newDocument{kind, id + ".pdf", pdf})
	}
	return w.app.fileAll(c, procedure.Form, docs...)
}

// formLetter is the covering letter that lists what goes with it.
const formLetter = "letter"

// enclosures are the rows of the covering letter: the papers of the route that are on the table now.
func (w *work) enclosures() []map[string]string {
	var rows []map[string]string
	for _, id := range w.route.Forms() {
		if f, ok := w.procedure.Form(id); ok && id != formLetter && id != formCertificate {
			rows = append(rows, map[string]string{"document": f.Title.In(w.procedure.Language), "copies": strconv.Itoa(w.procedure.CopiesOf(w.route, id))})
		}
	}
	return rows
}

// layOut renders one form. The date is the case's own, so that the same case gives the same bytes.
func (a *App) layOut(p *procedure.Procedure, route procedure.Route, id string, c cases.Case, current register.Certificate) ([]byte, error) {
	doc, err := a.makeDocument(p, route, id, c, current)
	if err != nil {
		return nil, err
	}
	return doc.PDF, nil
}

func (a *App) makeDocument(p *procedure.Procedure, route procedure.Route, id string, c cases.Case, current register.Certificate) (*form.Document, error) {
	spec, err := a.form(p.ID, id)
	if err != nil {
		return nil, err
	}
	fonts, err := a.fonts()
	if err != nil {
		return nil, err
	}
	date := c.CreatedAt
	if date.IsZero() {
		date = a.now()
	}
	in := form.Input{
		Form: spec, Copies: p.CopiesOf(route, id), Case: c.ID, Route: formRoute(route.ID), Reason: c.Reason, Date: date.Local(),
		Details: shown(p, c.Details), Rows: c.Rows, Fonts: fonts,
	}
	if p.Language == "fa" {
		in.DateText = calendar.PersianDate(date.Local())
	}
	if current.X509 != nil {
		in.Certificate = certificateValues(current)
	}
	if photo, ok := c.Document(docPhoto); ok {
		if in.Photo, err = a.document(photo); err != nil {
			return nil, err
		}
	}
	if len(c.SPKI) > 0 {
		in.KeyAlgorithm, in.PublicKey, in.KeyFingerprint = keyName(c.KeyAlgorithm), c.SPKI, request.Fingerprint(c.SPKI)
	}
	return form.Make(in)
}

// makeCertificatePaper lays out the paper form of the new certificate where the procedure wants one.
func (w *work) makeCertificatePaper(c cases.Case, cert register.Certificate) (cases.Case, error) {
	if !slices.Contains(w.route.Forms(), formCertificate) {
		return c, nil
	}
	rows, err := w.app.certificateRows(w.procedure.Language, cert)
	if err != nil {
		return c, err
	}
	printed := c
	printed.Rows = rows
	pdf, err := w.app.layOut(w.procedure, w.route, formCertificate, printed, cert)
	if err != nil {
		return c, err
	}
	return w.app.fileAll(c, "", newDocument{DocForm + formCertificate, formCertificate + ".pdf", pdf})
}

// formRoute is the route as the forms know it: a letter or a sheet of our own is paper.
func formRoute(id string) string {
	switch id {
	case form.RouteESigned, form.RouteTransport:
		return id
	}
	return form.RoutePaper
}

func (a *App) form(procedureID, id string) (*form.Form, error) {
	forms, err := fs.Sub(a.assets, "forms")
	if err != nil {
		return nil, err
	}
	return form.LoadID(forms, procedureID+"."+id)
}

// shown gives the details with the choices as the office reads them.
func shown(p *procedure.Procedure, details map[string]string) map[string]string {
	out := map[string]string{}
	for id, value := range details {
		out[id] = value
		if f, ok := p.Field(id); ok {
			for _, choice := range f.Choices {
				if choice.ID == value {
					out[id] = choice.Label.In(p.Language)
				}
			}
		}
	}
	return out
}

func certificateValues(c register.Certificate) map[string]string {
	return map[string]string{
		"holder":       c.HolderName,
		"organisation": c.Organisation,
		"national_id":  c.NationalID,
		"issuer":       c.IssuerName,
		"serial":       c.Serial,
		"valid_from":   c.NotBefore.Local().Format("02.01.2006"),
		"valid_until":  c.NotAfter.Local().Format("02.01.2006"),
		"fingerprint":  c.Fingerprint,
	}
}

// keyName is a key algorithm as forms say it.
func keyName(algorithm string) string {
	if name := map[string]string{
		"rsa-2048": "RSA 2048", "rsa-3072": "RSA 3072", "rsa-4096": "RSA 4096",
		"ec-p256": "ECDSA P-256", "ec-p384": "ECDSA P-384",
	}[algorithm]; name != "" {
		return name
	}
	if bits := token.Algorithm(algorithm).GOSTBits(); bits > 0 {
		_, set, _ := strings.Cut(algorithm, "/")
		return fmt.Sprintf("ГОСТ Р 34.10-2012, %d бит, %s", bits, set)
	}
	return algorithm
}

// FormFor lays one form out without a card or a case. What is not given is left open to be filled in by hand.
func (a *App) FormFor(procedureID, formID string, details map[string]string, rows []map[string]string) ([]byte, error) {
	const op = "lay out form"
	p, err := a.procedure(procedureID)
	if err != nil {
		return nil, err
	}
	if _, ok := p.Form(formID); !ok {
		return nil, &Error{op, NotFound, fmt.Errorf("procedure %s has no form %q", p.ID, formID)}
	}
	spec, err := a.form(p.ID, formID)
	if err != nil {
		return nil, &Error{op, NotFound, err}
	}
	known := map[string]string{}
	for id, value := range details {
		f, ok := p.Field(id)
		if !ok {
			return nil, &Error{op, BadInput, unknownField(p, id)}
		}
		checked := a.checkField(p, f, value, nil)
		if checked.Rule != "" && checked.Rule != "required" {
			return nil, &Error{op, BadInput, fieldError(id, checked)}
		}
		known[id] = checked.Normal
	}
	fonts, err := a.fonts()
	if err != nil {
		return nil, failed(op, err)
	}
	pdf, err := form.Render(form.Input{
		Form: spec, Copies: p.CopiesOf(paperRoute(p, formID), formID), Route: form.RoutePaper, Date: a.now(), Details: shown(p, known), Rows: rows, Fonts: fonts,
	})
	return pdf, failed(op, err)
}

// paperRoute is the paper route that has this form as its own, for the number of copies.
func paperRoute(p *procedure.Procedure, formID string) procedure.Route {
	for _, r := range p.Reasons {
		for _, route := range r.Routes {
			if route.ID == form.RoutePaper && route.Form == formID {
				return route
			}
		}
	}
	return procedure.Route{}
}
