package app

import (
	"context"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/store"
)

// takeResource keeps what the office says about something else than a case: how a holder is known there, a receipt, a revocation. What
// this program does not know, it passes over.
func (a *App) takeResource(ctx context.Context, client *central.Client, change central.Change) error {
	var keep func(tx *store.Tx) error
	switch change.Kind {
	case "holder":
		h, err := client.Holder(ctx, change.ID)
		if err != nil && central.KindOf(err) != central.Refused {
			return err
		}
		keep = func(tx *store.Tx) error { return keepOffice(tx, h) }
	case "revocation":
		r, err := client.Revocation(ctx, change.ID)
		if err != nil && central.KindOf(err) != central.Refused {
			return err
		}
		keep = func(tx *store.Tx) error { return keepRevoked(tx, r) }
	case "receipt":
		r, err := client.Receipt(ctx, change.ID)
		if err != nil && central.KindOf(err) != central.Refused {
			return err
		}
		keep = func(tx *store.Tx) error { return a.noteReceipt(tx, r) }
	default:
		keep = func(*store.Tx) error { return nil }
	}
	return a.store.Update(func(tx *store.Tx) error {
		if err := keep(tx); err != nil {
			return err
		}
		return seen(tx, change)
	})
}

// keepOffice keeps the office's part of a holder who is known here.
func keepOffice(tx *store.Tx, from central.Holder) error {
	var mine []store.Holder
	err := store.HolderValues.Each(tx, "", func(key string, h store.Holder) error {
		if wireID(key) == from.ID {
			mine = append(mine, h)
		}
		return nil
	})
	for _, h := range mine {
		if h.Office = from.Office; err == nil {
			err = store.HolderValues.Put(tx, h.Key, h)
		}
	}
	return err
}

// keepRevoked marks a certificate that the office has revoked.
func keepRevoked(tx *store.Tx, r central.Revocation) error {
	if r.State != central.Accepted {
		return nil
	}
	c, err := tx.Certificate(r.Fingerprint)
	if store.KindOf(err) == store.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	c.RevokedAt = r.UpdatedAt.UTC()
	if r.RevokedAt != nil {
		c.RevokedAt = r.RevokedAt.UTC()
	}
	return tx.PutCertificate(c)
}

// noteReceipt writes into the case what the office says of its receipt.
func (a *App) noteReceipt(tx *store.Tx, r central.Receipt) error {
	c, err := store.Get[cases.Case](tx, store.Cases, r.Case)
	if store.KindOf(err) == store.NotFound {
		return nil
	}
	what, decided := receiptNotes[r.State]
	if err != nil || !decided || c.Cancelled {
		return err
	}
	_, err = a.apply(tx, c, cases.Event{Kind: cases.Noted, Note: what, Why: r.Why, Said: r.UpdatedAt.UTC()})
	return err
}

var receiptNotes = map[string]string{central.Accepted: cases.NoteReceiptAccepted, central.Declined: cases.NoteReceiptDeclined}
