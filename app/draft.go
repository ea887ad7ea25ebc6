package app

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/store"
)

// NewDraft begins the renewal of a certificate, or finds the draft that was not finished. An empty procedureID means: the
// one that the certificate belongs to. The details come from the certificate and from this holder's last case.
func (a *App) NewDraft(ctx context.Context, fingerprint, procedureID, reason string) (Draft, error) {
	const op = "begin renewal"
	entry, err := a.entry(ctx, fingerprint)
	if err != nil {
		return Draft{}, err
	}
	p := procedure.For(a.procedures, traits(entry.Certificate))
	if procedureID != "" {
		if p, err = a.procedure(procedureID); err != nil {
			return Draft{}, err
		}
	}
	if p == nil {
		return Draft{}, &Error{op, NotFound, fmt.Errorf("no procedure fits this certificate")}
	}
	if _, ok := p.Reason(reason); !ok {
		return Draft{}, &Error{op, BadInput, fmt.Errorf("procedure %s has no reason %q", p.ID, reason)}
	}
	var old *Draft
	if err := a.eachDraft(func(d Draft) {
		if d.Fingerprint == fingerprint && d.Procedure == p.ID && d.Reason == reason {
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
	d.Details = a.prefill(p, entry.Certificate)
	if r, _ := p.Reason(reason); len(r.Routes) > 0 {
		d.Route = a.firstOpenRoute(r, entry.Certificate)
	}
	if len(p.Keys) > 0 {
		d.KeyAlgorithm = p.Keys[0]
	}
	return d, a.SaveDraft(d)
}

// firstOpenRoute is the first route that this certificate may still take.
func (a *App) firstOpenRoute(r procedure.Reason, c register.Certificate) string {
	for _, route := range r.Routes {
		if !route.ValidCertificate || !a.now().After(c.NotAfter) {
			return route.ID
		}
	}
	return r.Routes[0].ID
}

// prefill fills in what the certificate, the last case and the procedure's defaults tell.
func (a *App) prefill(p *procedure.Procedure, c register.Certificate) map[string]string {
	last := map[string]string{}
	if all, err := a.Cases(); err == nil {
		holder := register.HolderKey(c)
		for _, old := range all { // oldest first: the newest wins
			if old.Procedure == p.ID && old.HolderKey == holder {
				last = old.Details
			}
		}
	}
	details := map[string]string{}
	for _, f := range p.Fields {
		value := fromCertificate(f.From, c)
		if value == "" || last[f.ID] != "" && !f.Fixed {
			value = last[f.ID]
		}
		if value == "" {
			value = f.Default
		}
		if value != "" {
			details[f.ID] = value
		}
	}
	return details
}

// fromCertificate reads a subject attribute. Where a certificate has no separate names, the last word of the
// common name is the surname.
func fromCertificate(from string, c register.Certificate) string {
	oid := map[string]string{"given-name": "2.5.4.42", "surname": "2.5.4.4", "common-name": "2.5.4.3"}[from]
	if oid == "" {
		oid = from
	}
	if v := attribute(c, oid); v != "" {
		return v
	}
	words := strings.Fields(attribute(c, "2.5.4.3"))
	switch {
	case from == "surname" && len(words) > 1:
		return words[len(words)-1]
	case from == "given-name" && len(words) > 1:
		return strings.Join(words[:len(words)-1], " ")
	}
	return ""
}

func attribute(c register.Certificate, oid string) string {
	for _, s := range c.Subject {
		if s.OID == oid {
			return s.Value
		}
	}
	return ""
}

// entry finds a certificate on the cards by the SHA-256 fingerprint (or an unambiguous beginning of it).
func (a *App) entry(ctx context.Context, fingerprint string) (register.Entry, error) {
	const op = "find certificate"
	fingerprint = strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(fingerprint))
	entries, _ := a.entries(ctx, a.cards.Snapshot(ctx))
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
		return register.Entry{}, &Error{op, NoCard, fmt.Errorf("no card in the readers holds the certificate %s", fingerprint)}
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

// OpenDraft is the draft that was worked on last and not finished.
func (a *App) OpenDraft() (Draft, bool) {
	var last Draft
	_ = a.eachDraft(func(d Draft) {
		if d.UpdatedAt.After(last.UpdatedAt) {
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

// Start makes the case from the draft after every field has been checked once more.
func (a *App) Start(d Draft) (cases.Case, error) {
	const op = "start case"
	p, route, err := a.route(d)
	if err != nil {
		return cases.Case{}, err
	}
	entry, err := a.entry(context.Background(), d.Fingerprint)
	if err != nil {
		return cases.Case{}, err
	}
	if blocked := a.blocked(p, route, d, entry.Certificate); blocked != "" {
		return cases.Case{}, &Error{op, blockedKind(blocked), fmt.Errorf("%s", blocked)}
	}
	details := map[string]string{}
	for _, f := range p.Fields {
		checked := a.checkField(p, f, d.Details[f.ID], &entry.Certificate)
		if checked.Rule != "" {
			return cases.Case{}, &Error{op, BadInput, fmt.Errorf("%s: %s", f.ID, checked.Text)}
		}
		if checked.Normal != "" {
			details[f.ID] = checked.Normal
		}
	}
	c := cases.Case{
		ID: d.ID, Procedure: p.ID, Reason: d.Reason, Route: d.Route, Holder: entry.HolderName,
		HolderKey: register.HolderKey(entry.Certificate), CardSerial: entry.CardSerial, Current: entry.Fingerprint,
		Details: details, Steps: cases.Steps(route, details["holder_kind"]), KeyAlgorithm: d.KeyAlgorithm,
	}
	err = a.store.Update(func(tx *store.Tx) error {
		if c, err = a.apply(tx, cases.Case{}, cases.Event{Case: c.ID, Kind: cases.Opened, Open: &c}); err != nil {
			return err
		}
		// The certificate is kept: the case must be shown and the form laid out when the card is not there.
		if err := a.file(tx, &c, docCurrent, "current.cer", entry.DER, ""); err != nil {
			return err
		}
		return tx.Delete(store.Drafts, d.ID)
	})
	return c, failed(op, err)
}

// FillIn puts values into a draft; a field that the procedure does not ask for is refused.
func (a *App) FillIn(d *Draft, details map[string]string) error {
	p, err := a.procedure(d.Procedure)
	if err != nil {
		return err
	}
	for id, value := range details {
		if _, ok := p.Field(id); !ok {
			return &Error{"fill in", BadInput, unknownField(p, id)}
		}
		if d.Details == nil {
			d.Details = map[string]string{}
		}
		d.Details[id] = value
	}
	return nil
}
