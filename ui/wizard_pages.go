package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/cases"
	"rekey/ui/control"
	"rekey/ui/look"
)

type caseAnswer = cases.Case

// startPage: which certificate, which procedure, for what reason.
func (z *wizard) startPage() []fyne.CanvasObject {
	w := z.w
	certificates := []fyne.CanvasObject{control.Sub(w.T("wizard.certificate"))}
	for _, h := range w.view.Holders {
		e := h.Current
		pill, tone := w.daysPill(e, h.Due)
		note := w.T("wizard.certificate.line", "issuer", e.IssuerName, "until", w.t.Date(e.NotAfter))
		certificates = append(certificates, control.NewOption("wizard.certificate."+short(e.Fingerprint), e.HolderName, note,
			e.Fingerprint == z.draft.Fingerprint, control.Pill(pill, tone), func() { z.change(e.Fingerprint, procedureID(h, z.draft.Procedure), z.draft.Reason) }))
	}
	if _, ok := firstReason(z.proc, false); ok || z.draft.Fingerprint == "" {
		certificates = append(certificates, control.NewOption("wizard.certificate.none", w.T("wizard.certificate.none"), w.T("wizard.certificate.none.text"),
			z.draft.Fingerprint == "", nil, func() { z.change("", z.draft.Procedure, z.draft.Reason) }))
	}
	if z.entry == nil && z.draft.Fingerprint != "" {
		certificates = append(certificates, control.Banner(control.Due, w.T("wizard.card-away"), w.T("wizard.card-away.do")))
	}
	var items []control.Item
	for _, p := range w.desk.Procedures() {
		items = append(items, control.Item{ID: p.ID, Text: p.Title.In(w.lang)})
	}
	choice := control.NewChoice("wizard.procedure", items, z.draft.Procedure, func(id string) { z.change(z.draft.Fingerprint, id, z.draft.Reason) })
	office := []fyne.CanvasObject{control.Sub(w.T("wizard.procedure")), choice}
	if z.proc != nil {
		office = append(office, control.Small(z.proc.Authority.In(w.lang)))
	}
	reasons := []fyne.CanvasObject{control.Sub(w.T("wizard.reason"))}
	if z.proc != nil {
		for _, r := range z.proc.Reasons {
			if z.draft.Fingerprint == "" && !r.WithoutCertificate && !r.Guidance {
				continue
			}
			chosen := r.ID == z.draft.Reason && z.guide == "" || r.ID == z.guide
			reasons = append(reasons, control.NewOption("wizard.reason."+r.ID, r.Label.In(w.lang), w.reasonNote(r, chosen), chosen, nil, func() { z.pick(r) }).Onward())
		}
	}
	out := []fyne.CanvasObject{control.Panel(certificates...), control.Panel(office...), control.Panel(reasons...)}
	if z.proc != nil && z.guide != "" {
		out = append(out, w.guidancePanel(z.proc))
	}
	return out
}

func procedureID(h app.Holder, otherwise string) string {
	if h.Procedure != nil {
		return h.Procedure.ID
	}
	return otherwise
}

// change takes another certificate, procedure or reason. What was typed is there again when the person comes back to it.
func (z *wizard) change(fingerprint, procedure, reason string) {
	w, before := z.w, z.draft
	if fingerprint == before.Fingerprint && procedure == before.Procedure && reason == before.Reason {
		z.guide = ""
		w.show()
		return
	}
	if p := w.procedures[procedure]; p != nil && !opens(p, reason, fingerprint != "") {
		if first, ok := firstReason(p, fingerprint != ""); ok {
			reason = first
		}
	}
	work(w, func(ctx context.Context) (app.Draft, error) {
		return w.desk.NewDraft(ctx, fingerprint, procedure, reason)
	},
		func(d app.Draft, err error) {
			if err != nil {
				w.report(err)
				return
			}
			if w.wizard != z {
				return
			}
			d.Details = w.detailsFor(before, d)
			if fingerprint == before.Fingerprint && procedure == before.Procedure {
				d.Rows = w.rowsFor(before, d)
			}
			if d.ID != before.ID {
				w.drop(before.ID)
			}
			w.resume(d)
		})
}

// checkPage: everything once more, and the form as it will print.
func (z *wizard) checkPage() []fyne.CanvasObject {
	w := z.w
	var out []fyne.CanvasObject
	if z.planErr != nil {
		out = append(out, w.failure(z.planErr).plain(w))
	}
	facts := []fyne.CanvasObject{
		control.KeyValue(w.T("wizard.procedure"), w.procedureTitle(z.draft.Procedure)),
		control.KeyValue(w.T("wizard.reason"), w.reasonTitle(z.proc, z.draft.Reason)),
		control.KeyValue(w.T("wizard.route"), w.routeTitle(z.proc, z.draft.Reason, z.draft.Route)),
	}
	if z.rows() != nil {
		facts = append(facts, control.KeyValue(w.T("rows.title"), w.T("rows.count", "n", len(z.draft.Rows))))
	}
	if z.entry != nil {
		facts = append(facts, control.KeyValue(w.T("cert.current"), w.T("wizard.certificate.line", "issuer", z.entry.IssuerName, "until", w.t.Date(z.entry.NotAfter))))
	}
	var details []fyne.CanvasObject
	if z.proc != nil {
		for _, f := range z.asks() {
			details = append(details, control.KeyValue(f.Label.In(w.lang), w.fieldWords(f, z.draft.Details[f.ID])))
		}
	}
	preview := control.NewButton("wizard.preview", w.T("wizard.preview"), theme.DocumentIcon(), control.Secondary, z.preview)
	if z.plan != nil {
		out = append(out, z.planBanners()...)
	}
	out = append(out, control.Panel(control.Head(w.T("wizard.check"), preview), look.Grid(2, 12, facts...)),
		control.Panel(control.Sub(w.T("wizard.step.details")), look.Grid(3, 12, details...)))
	if f := z.formPanel(); f != nil {
		out = append(out, f)
	}
	if z.plan != nil {
		var steps []control.Step
		for _, s := range z.plan.Steps {
			state := control.StepOpen
			if s.State == cases.Done {
				state = control.StepDone
			}
			steps = append(steps, control.Step{Text: w.known("step.", s.What, s.What), End: w.whoWords(s.Who), State: state})
		}
		out = append(out, control.Panel(control.Sub(w.T("wizard.steps")), control.Steps(steps)))
	}
	return out
}

// planBanners: what blocks, what warns, the fee.
func (z *wizard) planBanners() []fyne.CanvasObject {
	w := z.w
	var out []fyne.CanvasObject
	if z.plan.Blocked != "" {
		out = append(out, control.Banner(control.Bad, w.known("blocked.", z.plan.Blocked, z.plan.Blocked), w.known("blocked.", z.plan.Blocked+".do", "")))
	}
	for _, key := range z.plan.Warnings {
		out = append(out, control.Banner(control.Due, w.known("plan.", key, key), ""))
	}
	if fee := z.plan.Fee; fee != nil {
		out = append(out, control.Banner(control.Info, w.T("plan.fee", "amount", w.t.Amount(fee.Amount, fee.Currency), "for", fee.For.In(w.lang)),
			w.T("plan.fee.source", "date", w.t.Date(fee.AsOf), "source", fee.Source)))
	}
	return out
}
