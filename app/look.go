package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/store"
	"rekey/token"
)

// Look reads cards, certificates, cases and the outbox at one moment. A broken card or module is a finding,
// never an error; an error means that the store could not be read.
func (a *App) Look(ctx context.Context) (View, error) {
	if err := a.ready(); err != nil {
		return View{At: a.now()}, failed("look", err)
	}
	v := View{At: a.now(), Snapshot: a.cards.Snapshot(ctx)}
	entries, broken := a.entries(ctx, v.Snapshot)
	chosen := map[string]string{}
	err := a.store.View(func(tx *store.Tx) error {
		return store.Each(tx, store.Choices, "", func(holder, fingerprint string) error {
			chosen[holder] = fingerprint
			return nil
		})
	})
	if err != nil {
		return v, failed("look", err)
	}
	v.Entries = register.States(entries, chosen, v.At)
	v.Findings = findings(v.Snapshot, v.Entries, broken)
	all, err := a.Cases()
	if err != nil {
		return v, err
	}
	v.Holders = a.holders(v.Entries, all, v.At)
	_ = a.keepEnds(v.Holders) // a full disk must not hide the cards; the next look tries again
	if v.Revoked, err = a.revoked(v.Entries); err != nil {
		return v, err
	}
	v.Store = a.storeState()
	v.Outbox, err = a.outbox()
	return v, err
}

// revoked says which certificates the office has revoked, as far as the register knows; nil: none.
func (a *App) revoked(entries []register.Entry) (all map[string]bool, err error) {
	err = a.store.View(func(tx *store.Tx) error {
		for _, e := range entries {
			c, err := tx.Certificate(e.Fingerprint)
			if err != nil && store.KindOf(err) != store.NotFound {
				return err
			}
			if !c.RevokedAt.IsZero() {
				if all == nil {
					all = map[string]bool{}
				}
				all[e.Fingerprint] = true
			}
		}
		return nil
	})
	return all, failed("read register", err)
}

func (a *App) storeState() StoreState {
	place := a.store.KeyPlace()
	s := StoreState{Keyring: place.Keyring, KeyNote: place.Note, Tightened: a.store.Tightened()}
	if err := a.store.BackupTrouble(); err != nil {
		s.Backup, s.Trouble = err.Error(), KindOf(err)
	}
	return s
}

// entries reads every certificate of every card.
func (a *App) entries(ctx context.Context, s token.Snapshot) (all []register.Entry, broken []Finding) {
	for _, r := range s.Readers {
		if r.Card == nil || r.Card.Blank {
			continue
		}
		found, err := a.cardEntries(ctx, r)
		if err != nil {
			broken = append(broken, Finding{Layer: "certificates", Kind: entryKind(token.KindOf(err)), Module: r.Module, Reader: r.Name, Detail: err.Error()})
		}
		for _, e := range found {
			if !slices.ContainsFunc(all, func(x register.Entry) bool { return sameCard(x, e) }) {
				all = append(all, e)
			}
		}
	}
	return all, broken
}

// sameCard says that two modules show one certificate: its key is on one card only, whatever serial number each module
// gives that card. The first module in the list stands for it.
func sameCard(a, b register.Entry) bool {
	return a.Module != b.Module && a.Fingerprint == b.Fingerprint
}

func (a *App) cardEntries(ctx context.Context, r token.Reader) ([]register.Entry, error) {
	session, err := a.cards.Open(ctx, r.Card.Serial)
	if err != nil {
		return nil, err
	}
	defer session.Close()
	certs, err := session.Certificates(ctx)
	if err != nil {
		return nil, err
	}
	keys, _ := session.Keys(ctx) // without them the certificates are still worth showing
	var all []register.Entry
	for _, c := range certs {
		e := register.Entry{Certificate: register.Parse(c.DER), CardSerial: r.Card.Serial, CardLabel: r.Card.Label, Reader: r.Name, Module: r.Module, KeyOnCard: register.KeyUnknown}
		if slices.ContainsFunc(keys, func(k token.Key) bool { return sameKey(k.SPKI, e.SPKI) }) {
			e.KeyOnCard = register.KeyYes
		}
		all = append(all, e)
	}
	return all, nil
}

// holders groups what belongs together, the one that ends first in front.
func (a *App) holders(entries []register.Entry, all []cases.Case, now time.Time) []Holder {
	var out []Holder
	for _, e := range entries {
		if e.State != register.StateCurrent {
			continue
		}
		h := Holder{Key: register.HolderKey(e.Certificate), Name: e.HolderName, Current: e, DaysLeft: e.DaysLeft(now)}
		h.Procedure = procedure.For(a.knownProcedures(), traits(e.Certificate))
		h.Due = h.Procedure != nil && h.DaysLeft <= h.Procedure.Reminder
		for _, n := range entries {
			if n.State == register.StateNew && register.HolderKey(n.Certificate) == h.Key && (h.New == nil || n.NotAfter.After(h.New.NotAfter)) {
				h.New = &n
			}
		}
		for _, c := range all {
			if c.HolderKey == h.Key && !c.Closed() && (h.Case == nil || c.CreatedAt.After(h.Case.CreatedAt)) {
				h.Case = &c
			}
		}
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(x, y Holder) int { return cmp.Compare(x.DaysLeft, y.DaysLeft) })
	return out
}

func traits(c register.Certificate) procedure.Traits {
	t := procedure.Traits{Policies: c.Policies, Country: c.Country, Issuer: attributeText(c.Issuer)}
	for _, s := range c.Subject {
		t.Subject = append(t.Subject, s.OID)
	}
	return t
}

// ProcedureOf is the ID of the procedure that a certificate belongs to, "" when there is none.
func (a *App) ProcedureOf(c register.Certificate) string {
	if p := procedure.For(a.knownProcedures(), traits(c)); p != nil {
		return p.ID
	}
	return ""
}

// attributeText puts the values of a name into one text.
func attributeText(name []register.Attribute) string {
	var values []string
	for _, a := range name {
		values = append(values, a.Value)
	}
	return strings.Join(values, " ")
}
