package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rekey/app/esign"
	"rekey/app/procedure"
	"rekey/app/register"
)

// SignFile signs any PDF with the key of a certificate on a card. An empty fingerprint means: the only current signing
// certificate that is there. All that may be wrong with the file shows before the PIN is asked for; the time is ours.
//
// It gives back the certificate too. A time stamp that could not be had is no error: see esign.Result.
func (a *App) SignFile(ctx context.Context, pdf []byte, fingerprint string, o esign.Options, ask Ask) (esign.Result, register.Certificate, error) {
	const op = "sign file"
	a.running.Lock()
	defer a.running.Unlock()
	if err := esign.Check(pdf); err != nil {
		return esign.Result{}, register.Certificate{}, signFailed(op, err)
	}
	entry, err := a.signingEntry(ctx, fingerprint)
	if err != nil {
		return esign.Result{}, register.Certificate{}, err
	}
	o.At = a.now()
	switch {
	case entry.X509 == nil || entry.Purpose != register.PurposeSigning:
		return esign.Result{}, entry.Certificate, &Error{op, BadInput, errors.New("this certificate is not for signing")}
	case o.At.After(entry.NotAfter):
		return esign.Result{}, entry.Certificate, &Error{op, Expired, nil}
	}
	card, err := a.login(ctx, ask, entry.CardSerial, procedure.ESign)
	if err != nil {
		return esign.Result{}, entry.Certificate, failed(op, err)
	}
	defer card.close()
	signer, err := cardSigner(ctx, card.session, entry.SPKI)
	if err != nil {
		return esign.Result{}, entry.Certificate, failed(op, err)
	}
	result, err := esign.SignWith(ctx, pdf, signer, entry.X509, o)
	return result, entry.Certificate, signFailed(op, err)
}

// signingEntry finds the certificate to sign with.
func (a *App) signingEntry(ctx context.Context, fingerprint string) (register.Entry, error) {
	const op = "find certificate"
	if fingerprint != "" {
		return a.entry(ctx, fingerprint)
	}
	view, err := a.Look(ctx)
	if err != nil {
		return register.Entry{}, err
	}
	var found []register.Entry
	var names []string
	for _, e := range view.Entries {
		if e.State == register.StateCurrent && e.Purpose == register.PurposeSigning && e.X509 != nil {
			found = append(found, e)
			names = append(names, fmt.Sprintf("%s (%s)", e.Fingerprint[:16], e.HolderName))
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		err := errors.New("no card in the readers holds a signing certificate")
		if len(view.Findings) > 0 {
			err = fmt.Errorf("%w (%s)", err, view.Findings[0]) // the layer that fails
		}
		return register.Entry{}, &Error{op, NoCard, err}
	}
	return register.Entry{}, &Error{op, BadInput, fmt.Errorf("there are %d signing certificates, say which: %s", len(found), strings.Join(names, ", "))}
}

// signFailed maps what esign refuses by itself; the card's errors keep their kinds.
func signFailed(op string, err error) error {
	switch esign.KindOf(err) {
	case esign.KindNotPDF, esign.KindPDF, esign.KindCertificate, esign.KindAppearance, esign.KindTSA:
		return &Error{op, BadInput, err}
	}
	return failed(op, err)
}
