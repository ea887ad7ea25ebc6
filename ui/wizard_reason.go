package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"rekey/app/procedure"
	"rekey/token"
	"rekey/ui/control"
	"rekey/ui/look"
)

// opens says whether a case is opened for a reason, with or without a current certificate.
func opens(p *procedure.Procedure, reason string, certificate bool) bool {
	r, ok := p.Reason(reason)
	return ok && !r.Guidance && (certificate || r.WithoutCertificate)
}

// firstReason is the first reason for which a case is opened.
func firstReason(p *procedure.Procedure, certificate bool) (string, bool) {
	if p != nil {
		for _, r := range p.Reasons {
			if opens(p, r.ID, certificate) {
				return r.ID, true
			}
		}
	}
	return "", false
}

// reason is the one that the draft is about.
func (z *wizard) reason() procedure.Reason {
	if z.proc == nil {
		return procedure.Reason{}
	}
	r, _ := z.proc.Reason(z.draft.Reason)
	return r
}

// asks are the fields of the form, in order.
func (z *wizard) asks() []procedure.Field {
	if z.proc == nil {
		return nil
	}
	return z.proc.FieldsFor(z.draft.Reason)
}

// pick takes a reason. A note is only shown; a reason that needs no certificate goes without one whose card is away.
func (z *wizard) pick(r procedure.Reason) {
	if r.Guidance {
		z.guide = r.ID
		z.w.show()
		return
	}
	fingerprint := z.draft.Fingerprint
	if r.WithoutCertificate && z.w.entryOf(fingerprint) == nil {
		fingerprint = ""
	}
	z.change(fingerprint, z.draft.Procedure, r.ID)
}

// reasonNote is what is said below a reason: a few words, or all that the procedure says once it is chosen.
func (w *Window) reasonNote(r procedure.Reason, chosen bool) string {
	few, all := w.known("reason.", r.ID, ""), r.Note.In(w.lang)
	if chosen && r.Guidance && all != "" {
		return all
	}
	return few
}

// guidancePanel says that no case is opened, and whom to ask.
func (w *Window) guidancePanel(p *procedure.Procedure) fyne.CanvasObject {
	lines := []fyne.CanvasObject{control.Head(w.T("case.contacts"), control.Pill(w.T("guidance.text"), control.Info))}
	var contacts []fyne.CanvasObject
	for _, c := range p.Contacts {
		contacts = append(contacts, control.KeyValue(c.Label.In(w.lang), c.Value))
	}
	if len(contacts) > 0 {
		lines = append(lines, look.Grid(2, 12, contacts...))
	}
	return control.Panel(lines...)
}

// fitKind forgets a kind of holder that the reason is not open to, and takes the only one that it is.
func (z *wizard) fitKind() {
	r := z.reason()
	i := slices.IndexFunc(z.asks(), func(f procedure.Field) bool { return f.ID == procedure.KindField })
	if i < 0 || len(r.OnlyFor) == 0 {
		return
	}
	if kind := z.draft.Details[procedure.KindField]; kind != "" && !r.For(kind) {
		delete(z.draft.Details, procedure.KindField)
	}
	if len(r.OnlyFor) == 1 {
		z.draft.Details[procedure.KindField] = r.OnlyFor[0]
	}
}

// wantsCard says whether a card must be chosen: there is no certificate whose card it is, and the route works with one.
func (z *wizard) wantsCard() bool {
	route, ok := z.reason().Route(z.draft.Route)
	kind := z.draft.Details[procedure.KindField]
	return ok && z.draft.Fingerprint == "" && (route.Has(procedure.MakeKey, kind) || route.Has(procedure.ESign, kind) || route.Has(procedure.Install, kind))
}

func (z *wizard) lacksCard() bool {
	return z.wantsCard() && !slices.ContainsFunc(z.w.cardsThere(), func(c token.Card) bool { return c.Serial == z.draft.CardSerial })
}

// pickCard takes the card when there is only one to take.
func (z *wizard) pickCard() {
	if cards := z.w.cardsThere(); z.lacksCard() && len(cards) == 1 {
		z.draft.CardSerial = cards[0].Serial
	}
}

// cardsThere are the cards that can be worked with.
func (w *Window) cardsThere() []token.Card {
	var out []token.Card
	for _, r := range w.view.Snapshot.Readers {
		if r.Card != nil && !r.Card.Blank && r.Card.Serial != "" {
			out = append(out, *r.Card)
		}
	}
	return out
}

func (z *wizard) cardPanel() fyne.CanvasObject {
	w := z.w
	lines := []fyne.CanvasObject{control.Sub(w.T("wizard.card"))}
	for _, c := range w.cardsThere() {
		lines = append(lines, control.NewOption("wizard.card."+c.Serial, firstOf(c.Label, c.Serial), w.T("cards.serial")+" "+c.Serial,
			c.Serial == z.draft.CardSerial, nil, func() {
				z.draft.CardSerial = c.Serial
				z.keep()
				w.show()
			}).Onward())
	}
	if len(lines) == 1 {
		lines = append(lines, control.Banner(control.Due, w.T("wizard.card.none"), w.T("wizard.card.none.text")))
	}
	return control.Panel(lines...)
}

// cardsChanged is called after each look at the cards. Pages without typing are drawn anew.
func (z *wizard) cardsChanged() {
	w := z.w
	z.entry = w.entryOf(z.draft.Fingerprint)
	z.pickCard()
	if w.page == pageWizard && (z.draft.Page == wizardStart || z.draft.Page == wizardRoute && z.wantsCard()) && w.win.Canvas().Overlays().Top() == nil {
		w.show()
	}
}
