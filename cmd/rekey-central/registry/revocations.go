package registry

import (
	"cmp"
	"context"
	"crypto/x509"
	"math/big"
	"slices"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

// wish is a revocation with what the office alone keeps of it.
type wish struct {
	central.Revocation
	Listed string `json:"listed,omitempty"` // number of the certificate (hex) in the revocation list
}

var wishes = petition[wish]{
	shelf: shelf[wish]{bucket: data.Revocations, alone: true, stamp: func(w *wish) *central.Stamp { return &w.Stamp }},
	told:  ToldRevocation, verdict: func(w *wish) *verdict { return &verdict{&w.State, &w.Why} },
}

// reasons are the codes of RFC 5280 §5.3.1.
var reasons = map[string]int{"unspecified": 0, "keyCompromise": 1, "affiliationChanged": 3, "superseded": 4, "cessationOfOperation": 5}

// Revocations gives a page of a caller's wishes to revoke, of all to the officer.
func (r *Registry) Revocations(ctx context.Context, who office.Caller, after string, limit int) (central.Page[central.Revocation], error) {
	all, err := list(r, ctx, "list revocations", wishes.shelf, who, after, limit)
	page := central.Page[central.Revocation]{Items: []central.Revocation{}, Next: all.Next}
	for _, w := range all.Items {
		page.Items = append(page.Items, w.Revocation)
	}
	return page, err
}

// Revocation gives one.
func (r *Registry) Revocation(ctx context.Context, who office.Caller, id string) (central.Revocation, error) {
	w, err := get(r, ctx, "read revocation", wishes.shelf, who, "", id)
	return w.Revocation, err
}

// AskRevocation takes in the wish to revoke a certificate that the same owner has told about.
func (r *Registry) AskRevocation(ctx context.Context, who office.Caller, v central.Revocation) (central.Revocation, bool, error) {
	const op = "ask to revoke"
	v.CreatedAt, v.RevokedAt = v.CreatedAt.UTC(), nil
	_, known := reasons[v.Reason]
	err := hold(isID(v.ID, "id"), isSum(v.Fingerprint, "fingerprint"), rule{known, "reason", "one of RFC 5280, such as keyCompromise"}, isTime(v.CreatedAt, "created_at"))
	if err != nil {
		return central.Revocation{}, false, wrap(op, err)
	}
	w, created, err := handIn(r, ctx, op, wishes, who, v.ID, wish{Revocation: v}, func(old, w *wish) { w.RevokedAt, w.Listed = old.RevokedAt, old.Listed },
		func(tx data.Tx, owner string) error {
			_, found, err := certificates.read(tx, owner, v.Fingerprint)
			if err == nil && !found {
				err = invalid("fingerprint: the office does not know this certificate from you; tell about it first (PUT /v1/certificates/{fingerprint})")
			}
			return err
		})
	return w.Revocation, created, err
}

// AcceptRevocation marks the certificate and, when made says that it is the demonstration CA's own, puts it into its list.
func (r *Registry) AcceptRevocation(ctx context.Context, who office.Caller, id string, seen int64, made func(*x509.Certificate) bool) (central.Revocation, error) {
	const op = "accept revocation"
	before, err := get(r, ctx, op, wishes.shelf, who, "", id)
	if err != nil {
		return central.Revocation{}, err
	}
	about, err := get(r, ctx, op, certificates, who, before.Owner, before.Fingerprint)
	if err != nil {
		return central.Revocation{}, err
	}
	c, err := r.bytesOf(ctx, before.Owner, about)
	if err != nil {
		return central.Revocation{}, wrap(op, err)
	}
	w, err := decide(r, ctx, op, wishes, who, id, seen, central.Accepted, "", func(tx data.Tx, w *wish) error {
		at := r.now()
		w.RevokedAt = &at
		if c != nil && made(c) {
			w.Listed = c.SerialNumber.Text(16)
		}
		return mark(tx, w.Fingerprint, at)
	})
	return w.Revocation, err
}

// DeclineRevocation is the officer's no, with a reason.
func (r *Registry) DeclineRevocation(ctx context.Context, who office.Caller, id string, seen int64, text string) (central.Revocation, error) {
	const op = "decline revocation"
	text, err := why(text)
	if err != nil {
		return central.Revocation{}, wrap(op, err)
	}
	w, err := decide(r, ctx, op, wishes, who, id, seen, central.Declined, text, func(data.Tx, *wish) error { return nil })
	return w.Revocation, err
}

// Listed gives what the demonstration CA's revocation list holds: each certificate once, as it was revoked first.
func (r *Registry) Listed(ctx context.Context) (all []x509.RevocationListEntry, err error) {
	err = r.db.View(ctx, func(tx data.Tx) error {
		first := map[string]wish{}
		err := tx.Scan(data.Revocations, nil, nil, decode(func(w wish) error {
			if old, twice := first[w.Listed]; w.Listed != "" && w.RevokedAt != nil && (!twice || w.RevokedAt.Before(*old.RevokedAt)) {
				first[w.Listed] = w
			}
			return nil
		}))
		all = entries(first)
		return err
	})
	return all, wrap("read revocation list", err)
}

// entries puts the revoked certificates into the order of their time.
func entries(byNumber map[string]wish) (all []x509.RevocationListEntry) {
	for hex, w := range byNumber {
		number, _ := new(big.Int).SetString(hex, 16) // we wrote it
		all = append(all, x509.RevocationListEntry{SerialNumber: number, RevocationTime: *w.RevokedAt, ReasonCode: reasons[w.Reason]})
	}
	slices.SortFunc(all, func(a, b x509.RevocationListEntry) int {
		return cmp.Or(a.RevocationTime.Compare(b.RevocationTime), a.SerialNumber.Cmp(b.SerialNumber))
	})
	return all
}
