package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/store"
)

// Start makes the case from the draft after every field has been checked once more.
func (a *App) Start(d Draft) (cases.Case, error) {
	const op = "start case"
	p, route, err := a.route(d)
	if err != nil {
		return cases.Case{}, err
	}
	_, reason, entry, err := a.begins(context.Background(), d.Fingerprint, d.Procedure, d.Reason)
	if err != nil {
		return cases.Case{}, failed(op, err)
	}
	if blocked := a.blocked(p, route, d, entry.Certificate); blocked != "" {
		return cases.Case{}, &Error{op, blockedKind(blocked), fmt.Errorf("%s", blocked)}
	}
	details, err := a.checkAll(p, d.Reason, d.Details, entry.Certificate)
	if err != nil {
		return cases.Case{}, failed(op, err)
	}
	if kind := details[procedure.KindField]; !reason.For(kind) {
		return cases.Case{}, &Error{op, BadInput, fmt.Errorf("%s of %s is not for the holder kind %q: %s", reason.ID, p.ID, kind, kindNote(p, kind))}
	}
	rows, err := a.checkRows(p, reason, d.Rows)
	if err != nil {
		return cases.Case{}, failed(op, err)
	}
	if err := a.noOther(d); err != nil {
		return cases.Case{}, failed(op, err)
	}
	c := cases.Case{
		ID: d.ID, Procedure: p.ID, Reason: d.Reason, Route: d.Route, Holder: entry.HolderName, CardSerial: d.CardSerial,
		Current: entry.Fingerprint, Details: details, Rows: rows, Steps: cases.Steps(route, details[procedure.KindField]), KeyAlgorithm: d.KeyAlgorithm,
	}
	if entry.X509 != nil {
		c.HolderKey, c.CardSerial = register.HolderKey(entry.Certificate), entry.CardSerial
	} else {
		c.Holder, c.HolderKey = named(details)
	}
	err = a.store.Update(func(tx *store.Tx) error {
		if started, err := store.Get[cases.Case](tx, store.Cases, d.ID); store.KindOf(err) != store.NotFound {
			c = started // a second press of the button: the case that runs is not begun anew
			return err
		}
		opened := c
		if c, err = a.apply(tx, cases.Case{}, cases.Event{Case: c.ID, Kind: cases.Opened, Open: &opened}); err != nil {
			return err
		}
		// The certificate is kept: the case must be shown and the form laid out when the card is not there.
		if entry.X509 != nil {
			if err := a.file(tx, &c, docCurrent, "current.cer", entry.DER, ""); err != nil {
				return err
			}
		}
		return tx.Delete(store.Drafts, d.ID)
	})
	if err != nil {
		return cases.Case{}, failed(op, err)
	}
	return a.withDeadlines(c), nil
}

// checkAll checks every field of the procedure and gives the details as they are kept.
func (a *App) checkAll(p *procedure.Procedure, reason string, given map[string]string, c register.Certificate) (map[string]string, error) {
	details := map[string]string{}
	for _, f := range p.FieldsFor(reason) {
		checked := a.checkField(p, f, given[f.ID], &c)
		if checked.Rule != "" {
			return nil, &Error{"check details", BadInput, fieldError(f.ID, checked)}
		}
		if checked.Normal != "" {
			details[f.ID] = checked.Normal
		}
	}
	return details, nil
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

// kindNote is what the procedure says about a holder kind.
func kindNote(p *procedure.Procedure, kind string) string {
	for _, k := range p.HolderKinds {
		if k.ID == kind {
			return cmp.Or(k.Note.In("en"), k.Label.In("en"))
		}
	}
	return "it is open to others only"
}

// named gives the name of a holder without a certificate, and a key that is the same for the same person: by the number if
// there is one, else by the name.
func named(details map[string]string) (name, key string) {
	first := func(ids ...string) string {
		for _, id := range ids {
			if details[id] != "" {
				return details[id]
			}
		}
		return ""
	}
	name = strings.TrimSpace(details["surname"] + " " + details["given_name"])
	if name == "" {
		name = first("name", "organisation", "managing_body", "contact_name")
	}
	number := first("national_id", "national_code", "snils", "inn", "inn_le", "contact_id")
	if number == "" {
		number = strings.ToUpper(name)
	}
	sum := sha256.Sum256([]byte("details|" + number))
	return name, hex.EncodeToString(sum[:])
}
