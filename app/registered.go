package app

import (
	"cmp"
	"context"
	"reflect"
	"strings"
	"time"

	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/store"
	"rekey/token"
)

// found is a certificate on a card, as it goes into the register.
type found struct {
	certificate register.Certificate
	card        store.Card
	caseID      string // that brought it, "" when none did
}

func foundEntry(e register.Entry) found {
	return found{certificate: e.Certificate, card: store.Card{Serial: e.CardSerial, Label: e.CardLabel}}
}

func foundOn(card token.Card, c register.Certificate, caseID string) found {
	return found{c, store.Card{Serial: card.Serial, Label: card.Label, Model: card.Model}, caseID}
}

// registerCards brings the register up to date with the cards in the readers, for the holders who have a case.
func (a *App) registerCards(ctx context.Context) {
	all, err := a.Cases()
	if err != nil || len(all) == 0 || ctx.Err() != nil {
		return
	}
	known := map[string]bool{}
	for _, c := range all {
		known[c.HolderKey] = true
	}
	entries, _ := a.entries(ctx, a.cards.Snapshot(ctx))
	for _, e := range entries {
		if e.Purpose == register.PurposeSigning && e.X509 != nil && known[register.HolderKey(e.Certificate)] {
			_ = a.store.Update(func(tx *store.Tx) error { return a.keepFound(tx, foundEntry(e)) }) // the next start tries again
		}
	}
}

// keepFound puts a certificate, its card and its holder into the register, and into the outbox what the office does not know of it.
func (a *App) keepFound(tx *store.Tx, f found) error {
	key := register.HolderKey(f.certificate)
	old, err := tx.Certificate(f.certificate.Fingerprint)
	if err != nil && store.KindOf(err) != store.NotFound {
		return err
	}
	c := store.Certificate{
		Fingerprint: f.certificate.Fingerprint, HolderKey: key, Holder: f.certificate.HolderName, Issuer: f.certificate.IssuerName, Serial: f.certificate.Serial,
		Card: cmp.Or(f.card.Serial, old.Card), Purpose: f.certificate.Purpose, NotBefore: f.certificate.NotBefore.UTC(), NotAfter: f.certificate.NotAfter.UTC(),
		Case: cmp.Or(f.caseID, old.Case), RevokedAt: old.RevokedAt, Queued: old.Queued,
	}
	if c.Document, err = tx.PutDocument(f.certificate.DER); err != nil {
		return err
	}
	if !reflect.DeepEqual(c, old) {
		if err := tx.PutCertificate(c); err != nil {
			return err
		}
	}
	if err := a.keepHolder(tx, key, f.certificate); err != nil {
		return err
	}
	var cards []string
	if f.card.Serial != "" {
		if err := a.keepCard(tx, key, f.card); err != nil {
			return err
		}
		cards = append(cards, f.card.Serial)
	}
	return a.queueRegister(tx, key, []string{c.Fingerprint}, cards)
}

// keepCard keeps a card; that it was seen again is kept once a day.
func (a *App) keepCard(tx *store.Tx, holderKey string, c store.Card) error {
	old, err := store.CardValues.Get(tx, c.Serial)
	if err != nil && store.KindOf(err) != store.NotFound {
		return err
	}
	c.HolderKey, c.Queued, c.SeenAt = holderKey, old.Queued, a.now().UTC().Truncate(24*time.Hour)
	c.Label, c.Model = cmp.Or(c.Label, old.Label), cmp.Or(c.Model, old.Model)
	if c == old {
		return nil
	}
	return store.CardValues.Put(tx, c.Serial, c)
}

// keepHolder keeps who the holder is, and from the last case how to reach the holder: nothing else of it.
func (a *App) keepHolder(tx *store.Tx, key string, c register.Certificate) error {
	old, err := store.HolderValues.Get(tx, key)
	if err != nil && store.KindOf(err) != store.NotFound {
		return err
	}
	h := store.Holder{Key: key, Name: cmp.Or(c.HolderName, old.Name), Kind: old.Kind, Country: cmp.Or(c.Country, old.Country), Details: old.Details, Office: old.Office,
		Updated: old.Updated, Queued: old.Queued}
	last, err := lastCase(tx, key)
	if err != nil {
		return err
	}
	if last.ID != "" {
		h.Name, h.Kind, h.Details = cmp.Or(h.Name, last.Holder), last.Details[procedure.KindField], a.contact(last)
		if p, err := a.procedure(last.Procedure); err == nil {
			h.Country = cmp.Or(h.Country, p.Country)
		}
	}
	if reflect.DeepEqual(h, old) {
		return nil
	}
	h.Updated = a.now().UTC()
	return store.HolderValues.Put(tx, key, h)
}

// lastCase is the newest case of a holder.
func lastCase(tx *store.Tx, holderKey string) (last cases.Case, err error) {
	err = store.Each(tx, store.Cases, "", func(_ string, c cases.Case) error {
		if c.HolderKey == holderKey && !c.Cancelled && c.CreatedAt.After(last.CreatedAt) {
			last = c
		}
		return nil
	})
	return last, err
}

// contact are the details by which the holder is reached: telephones, mail and postal addresses.
func (a *App) contact(c cases.Case) map[string]string {
	p, err := a.procedure(c.Procedure)
	if err != nil {
		return nil
	}
	var out map[string]string
	for _, f := range p.FieldsFor(c.Reason) {
		reaches := f.Check == "phone" || f.Check == "email" || strings.HasSuffix(f.ID, "address")
		if value := c.Details[f.ID]; reaches && value != "" {
			if out == nil {
				out = map[string]string{}
			}
			out[f.ID] = value
		}
	}
	return out
}

// keepPhoto keeps the photo that a case has now as its holder's.
func (a *App) keepPhoto(tx *store.Tx, c cases.Case) error {
	d, ok := c.Document(docPhoto)
	if !ok {
		return nil
	}
	data, err := tx.Document(d.SHA256)
	if err != nil {
		return err
	}
	old, err := store.PhotoValues.Get(tx, c.HolderKey)
	if err != nil && store.KindOf(err) != store.NotFound {
		return err
	}
	photo := store.Photo{HolderKey: c.HolderKey, Type: pictureType(data), Document: d.SHA256, Size: d.Size, TakenAt: d.At, Queued: old.Queued}
	if old.Document != photo.Document {
		if err := store.PhotoValues.Put(tx, c.HolderKey, photo); err != nil {
			return err
		}
	}
	if err := a.keepHolder(tx, c.HolderKey, register.Certificate{HolderName: c.Holder}); err != nil {
		return err
	}
	return a.queueRegister(tx, c.HolderKey, nil, nil)
}

func pictureType(data []byte) string {
	if strings.HasPrefix(string(data), "\x89PNG") {
		return "image/png"
	}
	return "image/jpeg"
}
