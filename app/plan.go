package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rekey/app/cases"
	"rekey/app/identity"
	"rekey/app/procedure"
	"rekey/app/register"
)

// feeIsOld is the age after which a fee is worth a second look.
const feeIsOld = 365 * 24 * time.Hour

func (a *App) route(d Draft) (*procedure.Procedure, procedure.Route, error) {
	p, err := a.procedure(d.Procedure)
	if err != nil {
		return nil, procedure.Route{}, err
	}
	r, ok := p.Reason(d.Reason)
	if !ok {
		return nil, procedure.Route{}, &Error{"route", BadInput, fmt.Errorf("procedure %s has no reason %q", p.ID, d.Reason)}
	}
	route, ok := r.Route(d.Route)
	if !ok {
		return nil, procedure.Route{}, &Error{"route", BadInput, fmt.Errorf("%s of %s has no route %q", r.ID, p.ID, d.Route)}
	}
	return p, route, nil
}

// Plan tells what will happen, before it does.
func (a *App) Plan(d Draft) (Plan, error) {
	p, route, err := a.route(d)
	if err != nil {
		return Plan{}, err
	}
	_, _, entry, err := a.begins(context.Background(), d.Fingerprint, d.Procedure, d.Reason)
	if err != nil {
		return Plan{}, failed("plan", err)
	}
	kind := d.Details[procedure.KindField]
	plan := Plan{Steps: cases.Steps(route, kind), Copies: route.Copies, Blocked: a.blocked(p, route, d, entry.Certificate)}
	each := 1
	if a.askedEachTime(cmp.Or(d.CardSerial, entry.CardSerial)) {
		each = 2 // the login and one signature
	}
	if route.Has(procedure.MakeKey, kind) || route.Has(procedure.ESign, kind) {
		plan.PINEntries += each // key and request, or signature: one login
	}
	if route.Has(procedure.Install, kind) {
		plan.PINEntries += each // when the new certificate is there
	}
	if fee, ok := p.Fee(d.Reason, kind); ok && route.Has(procedure.Pay, kind) {
		plan.Fee = &fee
		if FeeIsOld(fee.AsOf, a.now()) {
			plan.Warnings = append(plan.Warnings, "fee-old")
		}
	}
	if route.Has(procedure.MakeKey, kind) {
		if plan.Keys, err = a.KeyAlgorithms(context.Background(), p.ID, d.CardSerial); err != nil {
			return plan, err
		}
		if len(plan.Keys) > 0 && plan.Keys[0] != p.Keys[0] && p.Country != "" {
			plan.Warnings = append(plan.Warnings, "key-fallback")
		}
	}
	for _, carrier := range p.Carriers {
		if carrier.ID == d.Details["carrier"] && !carrier.Safe {
			plan.Warnings = append(plan.Warnings, "carrier-unsafe")
		}
	}
	if entry.X509 == nil {
		return plan, nil
	}
	if days := entry.DaysLeft(a.now()); days < 0 {
		plan.Warnings = append(plan.Warnings, "expired")
	} else if days > p.Reminder && d.Reason == "renewal" {
		plan.Warnings = append(plan.Warnings, "early")
	}
	return plan, nil
}

// Guidance is what a procedure says where no case is opened: what to do, and whom to ask. ok is false for other reasons.
func (a *App) Guidance(procedureID, reason string) (note string, ok bool) {
	p, err := a.procedure(procedureID)
	if err != nil {
		return "", false
	}
	r, found := p.Reason(reason)
	if !found || !r.Guidance {
		return "", false
	}
	note = r.Note.In(p.Language)
	for _, contact := range p.Contacts {
		note += "\n" + contact.Label.In(p.Language) + ": " + contact.Value
	}
	return note, true
}

// blocked says why a case cannot start, "" when it can.
func (a *App) blocked(p *procedure.Procedure, route procedure.Route, d Draft, c register.Certificate) string {
	switch {
	case d.Fingerprint != "" && (c.Problem != "" || c.X509 == nil):
		return "broken-certificate"
	case route.ValidCertificate && (c.X509 == nil || a.now().After(c.NotAfter)):
		return "expired"
	case route.Has(procedure.MakeKey, d.Details["holder_kind"]) && !slices.Contains(p.Keys, d.KeyAlgorithm):
		return "no-key-algorithm"
	}
	return ""
}

func blockedKind(blocked string) Kind {
	if blocked == "expired" {
		return Expired
	}
	return BadInput
}

// CheckField checks one value as the holder types it.
func (a *App) CheckField(d Draft, field, value string) FieldCheck {
	p, err := a.procedure(d.Procedure)
	if err != nil {
		return FieldCheck{Rule: "field", Text: err.Error()}
	}
	f, ok := p.Field(field)
	if !ok {
		return FieldCheck{Rule: "field", Text: "the procedure does not ask for " + field}
	}
	return a.checkField(p, f, value, nil)
}

// checkField applies the field's rules; with a certificate also the rule that a fixed field stays as it is there.
func (a *App) checkField(p *procedure.Procedure, f procedure.Field, value string, c *register.Certificate) FieldCheck {
	value = tidy(value, f.Lines > 1)
	switch {
	case value == "" && f.Required:
		return FieldCheck{Rule: "required", Text: "must be filled in"}
	case value == "":
		return FieldCheck{}
	case len(value) > 1000:
		return FieldCheck{Normal: value, Rule: "too-long", Text: "is too long"}
	case f.Refused(value) != "":
		return FieldCheck{Normal: value, Rule: "refused", Text: "is not taken with " + f.Refused(value)}
	case len(f.Choices) > 0 && !slices.ContainsFunc(f.Choices, func(ch procedure.Choice) bool { return ch.ID == value }):
		return FieldCheck{Normal: value, Rule: "choice", Text: "is none of the choices"}
	}
	if f.Fixed && c != nil {
		if want := fromCertificate(f.From, *c); want != "" && normal(f, want) != normal(f, value) {
			return FieldCheck{Normal: value, Rule: "differs", Text: fmt.Sprintf("differs from the certificate (%s)", want)}
		}
	}
	switch f.Check {
	case "":
		return FieldCheck{Normal: value}
	case "date":
		return checkDate(value)
	}
	r := identity.CheckIn(p.Country, f.Check, value)
	checked := FieldCheck{Normal: r.Normal, Warnings: r.Warnings}
	if !r.OK {
		checked.Rule, checked.Text, checked.Args = r.Rule, r.Error(), r.Args
	}
	return checked
}

// normal is how a value is compared: «112-233-445 95» on paper is 11223344595 in a certificate.
func normal(f procedure.Field, value string) string {
	value = tidy(value, f.Lines > 1)
	if f.Check == "" || f.Check == "date" {
		return value
	}
	return identity.Check(f.Check, value).Normal
}

// checkDate takes day.month.year as people write it, also as eight digits, and 2006-01-02.
func checkDate(value string) FieldCheck {
	value = identity.Normalise(value)
	for _, layout := range []string{"2.1.2006", "02.01.2006", "2/1/2006", "02012006", time.DateOnly} {
		if day, err := time.Parse(layout, value); err == nil && day.Year() >= 1900 && day.Year() < 2100 {
			return FieldCheck{Normal: day.Format("02.01.2006")}
		}
	}
	return FieldCheck{Normal: value, Rule: "date", Text: "is not a date like 31.12.1980"}
}

var errNoForm = errors.New("this route has no form")

// Preview lays the application form out as it will print; the key's fingerprint is not there yet.
func (a *App) Preview(d Draft) ([]byte, error) {
	p, route, err := a.route(d)
	if err != nil {
		return nil, err
	}
	if route.Form == "" {
		return nil, &Error{"preview", BadInput, errNoForm}
	}
	_, _, entry, err := a.begins(context.Background(), d.Fingerprint, d.Procedure, d.Reason)
	if err != nil {
		return nil, failed("preview", err)
	}
	c := cases.Case{ID: d.ID, Procedure: p.ID, Reason: d.Reason, Route: d.Route, Details: d.Details, Rows: d.Rows, KeyAlgorithm: d.KeyAlgorithm}
	pdf, err := a.layOut(p, route, route.Form, c, entry.Certificate)
	return pdf, failed("preview", err)
}
