package app

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"io/fs"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/esign"
	"rekey/app/procedure"
	"rekey/app/register"
)

// SettingTSA is the address of a time-stamping authority (RFC 3161); "" signs without a time stamp.
const SettingTSA = "tsa"

var errNoTSA = errors.New("want the http or https address of a time-stamping authority")

// signForm signs the application form with the key of the current certificate.
func (w *work) signForm(ctx context.Context, c cases.Case) (cases.Case, error) {
	current, err := w.app.current(c)
	if err != nil {
		return c, err
	}
	if current.X509 == nil || w.app.now().After(current.NotAfter) {
		return c, &Error{"sign form", Expired, nil}
	}
	doc, ok := c.Document(central.DocApplication)
	if !ok {
		return c, &Error{"sign form", NotFound, nil}
	}
	pdf, err := w.app.document(doc)
	if err != nil {
		return c, err
	}
	options := esign.Options{At: w.app.now(), TSA: w.app.Setting(SettingTSA)}
	if options.Appearance, err = w.appearance(c, current, pdf); err != nil {
		return c, err
	}
	session, err := w.open(ctx, c, procedure.ESign)
	if err != nil {
		return c, err
	}
	signer, err := cardSigner(ctx, session, current.SPKI)
	if err != nil {
		return c, err
	}
	return w.keepSigned(ctx, c, pdf, signer, current, options)
}

func (w *work) keepSigned(ctx context.Context, c cases.Case, pdf []byte, signer crypto.Signer, current register.Certificate, options esign.Options) (cases.Case, error) {
	result, err := esign.SignWith(ctx, pdf, signer, current.X509, options)
	if err != nil {
		return c, err
	}
	if result.TimestampProblem != nil { // the signature stands; the case says that it has no time stamp
		if c, err = w.app.record(c.ID, cases.Event{Kind: cases.Noted, Note: cases.NoteNoTimeStamp, Why: result.TimestampProblem.Error()}); err != nil {
			return c, err
		}
	}
	return w.app.fileAll(c, procedure.ESign, newDocument{central.DocApplicationSigned, "application-signed.pdf", result.PDF})
}

// appearance is where the form has room for the signature: the first place of the first copy. A form that comes out otherwise
// today than it was filed gets an invisible signature.
func (w *work) appearance(c cases.Case, current register.Certificate, pdf []byte) (*esign.Appearance, error) {
	doc, err := w.app.makeDocument(w.procedure, w.route, w.route.Form, c, current)
	if err != nil || !bytes.Equal(doc.PDF, pdf) || len(doc.Places) == 0 {
		return nil, nil
	}
	fonts, err := w.app.signatureFonts()
	if err != nil {
		return nil, err
	}
	p := doc.Places[0]
	return &esign.Appearance{Page: p.Page, X: p.X, Y: p.Y, W: p.W, H: p.H, Fonts: fonts}, nil
}

func (a *App) signatureFonts() (*esign.Fonts, error) {
	var files [][]byte
	for _, name := range []string{"NotoSans-Regular.ttf", "Vazirmatn-Regular.ttf"} {
		data, err := fs.ReadFile(a.assets, "fonts/"+name)
		if err != nil {
			return nil, err
		}
		files = append(files, data)
	}
	return esign.NewFonts(files...)
}
