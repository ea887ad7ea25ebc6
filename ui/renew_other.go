package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"rekey/app"
	"rekey/app/procedure"
	"rekey/ui/control"
)

// otherPanel begins what needs no current certificate: procedure, then reason.
func (w *Window) otherPanel() []fyne.CanvasObject {
	var items []control.Item
	first := ""
	for _, p := range w.desk.Procedures() {
		if len(otherReasons(p)) == 0 {
			continue
		}
		items = append(items, control.Item{ID: p.ID, Text: p.Title.In(w.lang)})
		if h := w.shownHolder(); first == "" || h != nil && h.Procedure != nil && h.Procedure.ID == p.ID {
			first = p.ID
		}
	}
	if len(items) == 0 {
		return nil
	}
	chosen := firstOf(w.otherProc, first)
	lines := []fyne.CanvasObject{control.Sub(w.T("renew.other")), control.Small(w.T("renew.other.text")),
		control.NewChoice("renew.procedure", items, chosen, func(id string) {
			w.otherProc, w.otherGuide = id, ""
			w.show()
		})}
	p := w.procedures[chosen]
	if p == nil {
		return []fyne.CanvasObject{control.Panel(lines...)}
	}
	var guide []fyne.CanvasObject
	for _, r := range otherReasons(p) {
		chosen := r.Guidance && r.ID == w.otherGuide
		lines = append(lines, control.NewOption("renew.reason."+r.ID, r.Label.In(w.lang), w.reasonNote(r, chosen), chosen, nil, func() { w.beginWithout(p, r) }))
		if chosen {
			guide = append(guide, w.guidancePanel(p))
		}
	}
	return append([]fyne.CanvasObject{control.Panel(lines...)}, guide...)
}

// otherReasons are the reasons that need no current certificate.
func otherReasons(p *procedure.Procedure) []procedure.Reason {
	var out []procedure.Reason
	for _, r := range p.Reasons {
		if r.Guidance || r.WithoutCertificate {
			out = append(out, r)
		}
	}
	return out
}

// beginWithout opens the wizard without a certificate, or shows the note of a reason for which no case is opened.
func (w *Window) beginWithout(p *procedure.Procedure, r procedure.Reason) {
	if r.Guidance {
		w.otherGuide = r.ID
		w.show()
		return
	}
	work(w, func(ctx context.Context) (app.Draft, error) { return w.desk.NewDraft(ctx, "", p.ID, r.ID) }, func(d app.Draft, err error) {
		if err != nil {
			w.report(err)
			return
		}
		w.resumeAt(d, wizardDetails)
	})
}
