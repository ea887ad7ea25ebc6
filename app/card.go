package app

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/esign"
	"rekey/app/gost"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/store"
	"rekey/token"
)

// open gives the session of this run, logged in.
func (w *work) open(ctx context.Context, c cases.Case, reason string) (token.Session, error) {
	if w.card == nil {
		card, err := w.app.login(ctx, w.ask, c.CardSerial, reason)
		if err != nil {
			return nil, err
		}
		w.card = card
	}
	return w.card.session, nil
}

// makeKey makes the pair under an identifier that is on disk first, or finds the pair that an interrupted run has made.
func (w *work) makeKey(ctx context.Context, c cases.Case) (cases.Case, error) {
	session, err := w.open(ctx, c, procedure.MakeKey)
	if err != nil {
		return c, err
	}
	if len(c.KeyID) == 0 {
		id := make([]byte, 16)
		rand.Read(id)
		algorithm, err := pickAlgorithm(ctx, session, w.procedure.Keys, c.KeyAlgorithm)
		if err != nil {
			return c, err
		}
		if c, err = w.app.record(c.ID, cases.Event{Kind: cases.KeyIntended, KeyID: id, Algorithm: algorithm}); err != nil {
			return c, err
		}
	}
	keys, err := session.Keys(ctx)
	if err != nil {
		return c, err
	}
	var key token.Key
	for _, k := range keys {
		if bytes.Equal(k.ID, c.KeyID) && k.Private {
			key = k
		}
	}
	if key.SPKI == nil {
		c, key, err = w.newPair(ctx, session, c)
	} else {
		err = checkNew(ctx, session, key)
	}
	if err != nil {
		return c, err
	}
	return w.app.record(c.ID, cases.Event{Kind: cases.KeyMade, SPKI: key.SPKI})
}

// cardSigner gives the signer of a key on the card; that of a GOST key is an esign.GOSTSigner, which only package esign can use.
func cardSigner(ctx context.Context, session token.Session, spki []byte) (crypto.Signer, error) {
	key, err := cardKey(ctx, session, spki)
	if err != nil {
		return nil, err
	}
	if gost.IsKey(spki) {
		k, err := gost.ParsePublicKey(spki)
		return esign.GOSTSigner{Key: k, Card: gostSigner(session, key)}, err
	}
	return token.NewSigner(ctx, session, key)
}

// install writes the certificate beside the old one, reads it back, proves the key, and only then calls it installed.
func (w *work) install(ctx context.Context, c cases.Case) (cases.Case, error) {
	doc, _ := c.Document(central.DocCertificate)
	data, err := w.app.document(doc)
	if err != nil {
		return c, err
	}
	cert, err := newCertificate(data, c.SPKI)
	if err != nil {
		return c, err
	}
	session, err := w.open(ctx, c, procedure.Install)
	if err != nil {
		return c, err
	}
	if err := session.PutCertificate(ctx, c.KeyID, "Rekey "+cert.NotAfter.Format("2006-01-02"), cert.Raw); err != nil {
		return c, err
	}
	if err := readBack(ctx, session, cert); err != nil {
		return c, err
	}
	if err := proveKey(ctx, session, cert); err != nil {
		return c, err
	}
	if c, err = w.makeCertificatePaper(c, register.Parse(cert.Raw)); err != nil {
		return c, err
	}
	c, err = w.app.change(c.ID, func(tx *store.Tx, c cases.Case) (cases.Case, error) {
		c, err := w.app.apply(tx, c, cases.Event{Kind: cases.Installed, Fingerprint: fingerprint(cert.Raw)})
		if err != nil {
			return c, err
		}
		return c, w.app.keepFound(tx, foundOn(session.Card(), register.Parse(cert.Raw), c.ID))
	})
	return c, failed("record installed", err)
}

func readBack(ctx context.Context, session token.Session, cert *x509.Certificate) error {
	onCard, err := session.Certificates(ctx)
	if err != nil {
		return err
	}
	for _, got := range onCard {
		if bytes.Equal(got.DER, cert.Raw) {
			return nil
		}
	}
	return &Error{"read back", CardError, errors.New("the card does not give back the certificate that was written")}
}
