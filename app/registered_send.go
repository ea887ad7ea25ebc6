package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/store"
)

// wireID is the name of a holder or a card at the office: nothing can be read from it.
func wireID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// queueBehind puts into the outbox what follows a case that the office has got: what the register has of its holder through the holder's
// cases, and the wish for a revocation where this case is about one.
func (a *App) queueBehind(tx *store.Tx, c cases.Case) error {
	if tx.Has(store.Holders, c.HolderKey) {
		var fps, cards []string
		if err := store.Each(tx, store.Cases, "", func(_ string, x cases.Case) error {
			if x.HolderKey == c.HolderKey {
				fps, cards = append(fps, x.Current, x.New), append(cards, x.CardSerial)
			}
			return nil
		}); err != nil {
			return err
		}
		fps = slices.DeleteFunc(fps, func(fp string) bool { return !tx.Has(store.Certificates, fp) })
		cards = slices.DeleteFunc(cards, func(serial string) bool { return !tx.Has(store.Cards, serial) })
		if err := a.queueRegister(tx, c.HolderKey, fps, cards); err != nil {
			return err
		}
	}
	return a.queueRevocation(tx, c)
}

// mayKnow says whether the office may learn of a holder: one is set, and it has been given a case of that holder.
func (a *App) mayKnow(tx *store.Tx, holderKey string) (may bool, err error) {
	if a.address(tx) == "" {
		return false, nil
	}
	err = store.Each(tx, store.Cases, "", func(_ string, c cases.Case) error {
		may = may || c.HolderKey == holderKey && c.AtOffice() && !c.Cancelled
		return nil
	})
	return may, err
}

// queueRegister puts into the outbox what has changed of a holder, and of these certificates and cards, since it was last put there for
// this office. Before the office has been given a case of that holder it is told nothing: see queueBehind.
func (a *App) queueRegister(tx *store.Tx, holderKey string, fps, cards []string) error {
	if may, err := a.mayKnow(tx, holderKey); !may || err != nil {
		return err
	}
	h, err := store.HolderValues.Get(tx, holderKey)
	if err != nil {
		return err
	}
	wire := central.Holder{ID: wireID(holderKey), Name: h.Name, Kind: h.Kind, Country: h.Country, Fields: h.Details}
	if err := a.queueChanged(tx, item{Kind: sendHolder, HolderKey: holderKey, About: wire.ID}, wire, &h.Queued, func() error { return store.HolderValues.Put(tx, holderKey, h) }); err != nil {
		return err
	}
	for _, serial := range cards {
		c, err := store.CardValues.Get(tx, serial)
		if err != nil {
			return err
		}
		wire := central.Card{ID: wireID(c.Serial), Serial: c.Serial, Label: c.Label, Model: c.Model, Holder: wireID(holderKey), SeenAt: c.SeenAt}
		if err := a.queueChanged(tx, item{Kind: sendCard, HolderKey: holderKey, About: wire.ID}, wire, &c.Queued, func() error { return store.CardValues.Put(tx, c.Serial, c) }); err != nil {
			return err
		}
	}
	for _, fp := range fps {
		if err := a.queueCertificate(tx, fp); err != nil {
			return err
		}
	}
	return a.queuePhoto(tx, holderKey)
}

// queueCertificate does it for one certificate.
func (a *App) queueCertificate(tx *store.Tx, fp string) error {
	c, err := tx.Certificate(fp)
	if err != nil {
		return err
	}
	chosen, err := store.Get[string](tx, store.Choices, c.HolderKey)
	if err != nil && store.KindOf(err) != store.NotFound {
		return err
	}
	wire := central.Certificate{Fingerprint: c.Fingerprint, Holder: wireID(c.HolderKey), Issuer: c.Issuer, Serial: c.Serial, Card: c.Card, Case: c.Case,
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, Current: chosen == c.Fingerprint, Document: c.Document}
	return a.queueChanged(tx, item{Kind: sendCertificate, HolderKey: c.HolderKey, About: c.Fingerprint}, wire, &c.Queued, func() error { return tx.PutCertificate(c) })
}

func (a *App) queuePhoto(tx *store.Tx, holderKey string) error {
	p, err := store.PhotoValues.Get(tx, holderKey)
	if store.KindOf(err) == store.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	wire := central.Photo{Holder: wireID(holderKey), Type: p.Type, SHA256: p.Document, Size: p.Size, TakenAt: p.TakenAt}
	return a.queueChanged(tx, item{Kind: sendPhoto, HolderKey: holderKey, About: wire.Holder}, wire, &p.Queued, func() error { return store.PhotoValues.Put(tx, holderKey, p) })
}

// queueChanged queues what differs from what was last queued for this office, and remembers it with keep.
func (a *App) queueChanged(tx *store.Tx, it item, wire any, queued *string, keep func() error) error {
	data, err := json.Marshal(wire)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(append([]byte(a.address(tx)+"\n"), data...))
	digest := hex.EncodeToString(sum[:16])
	if *queued == digest {
		return nil
	}
	*queued = digest
	if err := keep(); err != nil {
		return err
	}
	return a.queue(tx, it, wire)
}

// queueReceipt hands a receipt in as one where the procedure has something to pay; its paper goes as a document.
func (a *App) queueReceipt(tx *store.Tx, c cases.Case, d cases.Document) error {
	if _, pays := c.Step(procedure.Pay); d.Kind != central.DocReceipt || !pays {
		return nil
	}
	r := central.Receipt{ID: receiptID(c.ID, d.SHA256), Case: c.ID, SHA256: d.SHA256, State: central.Waiting, CreatedAt: d.At}
	if p, err := a.procedure(c.Procedure); err == nil {
		if fee, ok := p.Fee(c.Reason, c.Details[procedure.KindField]); ok {
			r.Amount, r.Currency = fee.Amount, fee.Currency
		}
	}
	return a.queue(tx, item{Kind: sendReceipt, Case: c.ID, HolderKey: c.HolderKey, About: r.ID}, r)
}

// queueRevocation asks for the revocation of the certificate that a case is about, where the procedure has it revoked. It goes after the
// certificate itself, which the office may not know.
func (a *App) queueRevocation(tx *store.Tx, c cases.Case) error {
	if _, revokes := c.Step(procedure.Revoke); !revokes || c.Current == "" || a.address(tx) == "" {
		return nil
	}
	d, ok := c.Document(docCurrent)
	if !ok {
		return nil
	}
	der, err := tx.Document(d.SHA256)
	if err != nil {
		return err
	}
	if err := a.keepFound(tx, found{certificate: register.Parse(der), card: store.Card{Serial: c.CardSerial}}); err != nil {
		return err
	}
	r := central.Revocation{ID: derivedID(c.ID, "revocation", c.Current), Fingerprint: c.Current, State: central.Waiting, CreatedAt: c.CreatedAt,
		Reason: cmp.Or(revocationReasons[c.Details["status_reason"]], "unspecified")}
	return a.queue(tx, item{Kind: sendRevocation, HolderKey: c.HolderKey, About: r.ID}, r)
}

// revocationReasons are the words of the procedures' field status_reason in those of RFC 5280.
var revocationReasons = map[string]string{
	"compromised": "keyCompromise", "lost": "keyCompromise", "ceased": "cessationOfOperation", "dismissed": "affiliationChanged", "authority-lost": "affiliationChanged", "changed": "affiliationChanged",
}

// receiptID is the ID of the receipt that a document of a case is.
func receiptID(caseID, sha256 string) string { return derivedID(caseID, "receipt", sha256) }

// derivedID is a UUIDv7 that is the same for the same thing of a case, so that it is one thing at the office however often it is queued.
func derivedID(caseID, what, name string) string {
	sum := sha256.Sum256([]byte(caseID + "|" + what + "|" + name))
	id := uuid.UUID(sum[:16])
	if from, err := uuid.Parse(caseID); err == nil {
		copy(id[:6], from[:6]) // the case's time
	}
	id[6], id[8] = id[6]&0x0F|0x70, id[8]&0x3F|0x80 // version 7, variant of RFC 9562
	return id.String()
}

// deliverResource sends one thing of the register after the document that it speaks of.
func (a *App) deliverResource(ctx context.Context, client *central.Client, it item, arrives central.Progress) (err error) {
	switch it.Kind {
	case sendHolder:
		_, err = withBody(it, func(h central.Holder) (int64, error) { _, err := client.PutHolder(ctx, h, 0); return 0, err })
	case sendCard:
		_, err = withBody(it, func(c central.Card) (int64, error) { _, err := client.PutCard(ctx, c, 0); return 0, err })
	case sendCertificate:
		_, err = withBody(it, func(c central.Certificate) (int64, error) {
			if err := a.sendDocuments(ctx, client, arrives, central.Document{Name: "certificate", SHA256: c.Document}); err != nil {
				return 0, err
			}
			_, err := client.PutCertificate(ctx, c, 0)
			return 0, err
		})
	case sendPhoto:
		_, err = withBody(it, func(p central.Photo) (int64, error) {
			if err := a.sendDocuments(ctx, client, arrives, central.Document{Name: "photo", SHA256: p.SHA256}); err != nil {
				return 0, err
			}
			_, err := client.PutPhoto(ctx, p, 0)
			return 0, err
		})
	case sendRevocation:
		_, err = withBody(it, func(r central.Revocation) (int64, error) { _, err := client.PostRevocation(ctx, r); return 0, err })
	default:
		err = &Error{"send " + it.Kind, StoreDamaged, nil} // of a newer program: the schema should have kept it out
	}
	return err
}
