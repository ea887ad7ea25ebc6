package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/store"
)

// NewDraft begins the renewal of a certificate, or finds the draft that was not finished. An empty procedureID means: the
// one that the certificate belongs to. An empty fingerprint means: no certificate, for the reasons that need none. The details come from the certificate and from this holder's last case.
func (a *App) NewDraft(ctx context.Context, fingerprint, procedureID, reason string) (Draft, error) {
	const op = "begin renewal"
	p, r, entry, err := a.begins(ctx, fingerprint, procedureID, reason)
	if err != nil {
		return Draft{}, failed(op, err)
	}
	fingerprint = entry.Fingerprint // the whole of it: the caller may have given its beginning
	var old *Draft
	if err := a.eachDraft(func(d Draft) {
		if !d.Mends && d.Fingerprint == fingerprint && d.Procedure == p.ID && d.Reason == reason {
			old = &d
		}
	}); err != nil {
		return Draft{}, failed(op, err)
	}
	if old != nil {
		old.CardSerial = entry.CardSerial
		return *old, nil
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Draft{}, failed(op, err)
	}
	d := Draft{ID: id.String(), Procedure: p.ID, Reason: reason, CardSerial: entry.CardSerial, Fingerprint: fingerprint}
	d.Details, d.From = a.prefill(p, reason, entry.Certificate)
	if len(r.Routes) > 0 {
		d.Route = a.firstOpenRoute(r, entry.Certificate)
	}
	able, err := a.KeyAlgorithms(ctx, p.ID, entry.CardSerial)
	if err != nil {
		return Draft{}, failed(op, err)
	}
	if len(able) > 0 {
		d.KeyAlgorithm = able[0]
	}
	return d, a.SaveDraft(d)
}

// begins finds the procedure, the reason and the certificate with which a case begins.
func (a *App) begins(ctx context.Context, fingerprint, procedureID, reason string) (*procedure.Procedure, procedure.Reason, register.Entry, error) {
	var entry register.Entry
	var err error
	if fingerprint != "" {
		if entry, err = a.entry(ctx, fingerprint); err != nil {
			return nil, procedure.Reason{}, entry, err
		}
	}
	p := procedure.For(a.knownProcedures(), traits(entry.Certificate))
	if procedureID != "" {
		if p, err = a.procedure(procedureID); err != nil {
			return nil, procedure.Reason{}, entry, err
		}
	}
	if p == nil {
		return nil, procedure.Reason{}, entry, &Error{"find procedure", NotFound, errors.New("no procedure fits this certificate")}
	}
	r, ok := p.Reason(reason)
	switch {
	case !ok:
		return nil, r, entry, &Error{"find reason", BadInput, fmt.Errorf("procedure %s has no reason %q", p.ID, reason)}
	case r.Guidance:
		return nil, r, entry, &Error{"find reason", BadInput, fmt.Errorf("no case is opened for this: %s", r.Note.In("en"))}
	case fingerprint == "" && !r.WithoutCertificate:
		return nil, r, entry, &Error{"find reason", NoCard, fmt.Errorf("%s of %s needs the current certificate", r.ID, p.ID)}
	}
	return p, r, entry, nil
}

// entry finds a certificate on the cards by the SHA-256 fingerprint (or an unambiguous beginning of it).
func (a *App) entry(ctx context.Context, fingerprint string) (register.Entry, error) {
	const op = "find certificate"
	fingerprint = strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(fingerprint))
	snapshot := a.cards.Snapshot(ctx)
	entries, broken := a.entries(ctx, snapshot)
	var found *register.Entry
	for _, e := range entries {
		if len(fingerprint) < 8 || !strings.HasPrefix(e.Fingerprint, fingerprint) {
			continue
		}
		if found != nil && found.Fingerprint != e.Fingerprint {
			return register.Entry{}, &Error{op, BadInput, fmt.Errorf("more than one certificate begins with %s", fingerprint)}
		}
		found = &e
	}
	if found == nil {
		err := fmt.Errorf("no card in the readers holds the certificate %s", fingerprint)
		if all := findings(snapshot, entries, broken); len(all) > 0 {
			err = fmt.Errorf("%w (%s)", err, all[0]) // the layer that fails
		}
		return register.Entry{}, &Error{op, NoCard, err}
	}
	return *found, nil
}

// SaveDraft keeps the wizard's state.
func (a *App) SaveDraft(d Draft) error {
	d.UpdatedAt = a.now()
	return failed("keep draft", a.store.Update(func(tx *store.Tx) error {
		return store.Put(tx, store.Drafts, d.ID, d)
	}))
}

// OpenDraft is the draft of a new case that was worked on last and not finished.
func (a *App) OpenDraft() (Draft, bool) {
	var last Draft
	_ = a.eachDraft(func(d Draft) {
		if !d.Mends && d.UpdatedAt.After(last.UpdatedAt) {
			last = d
		}
	})
	return last, last.ID != ""
}

// DropDraft forgets a draft.
func (a *App) DropDraft(id string) error {
	return failed("drop draft", a.store.Update(func(tx *store.Tx) error { return tx.Delete(store.Drafts, id) }))
}

func (a *App) eachDraft(f func(Draft)) error {
	return a.store.View(func(tx *store.Tx) error {
		return store.Each(tx, store.Drafts, "", func(_ string, d Draft) error { f(d); return nil })
	})
}
