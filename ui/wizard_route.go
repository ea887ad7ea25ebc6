package ui

import (
	"fyne.io/fyne/v2"

	"rekey/app/procedure"
	"rekey/ui/control"
)

// routePage: «Способ передачи сертификата», the kind of key where the holder makes it, and how often the PIN will be asked for.
func (z *wizard) routePage() []fyne.CanvasObject {
	w := z.w
	routes := []fyne.CanvasObject{control.Sub(w.T("wizard.route"))}
	var chosen procedure.Route
	if z.proc != nil {
		reason, _ := z.proc.Reason(z.draft.Reason)
		chosen, _ = reason.Route(z.draft.Route)
		for _, r := range reason.Routes {
			routes = append(routes, control.NewOption("route."+r.ID, r.Label.In(w.lang), r.Note.In(w.lang), r.ID == z.draft.Route, nil, func() {
				z.draft.Route = r.ID
				z.keep()
				z.makePlan()
				w.show()
			}).Onward())
		}
	}
	out := []fyne.CanvasObject{control.Panel(routes...)}
	if z.wantsCard() {
		out = append(out, z.cardPanel())
	}
	if chosen.Has(procedure.MakeKey, z.draft.Details["holder_kind"]) {
		out = append(out, z.keyPanel())
	}
	if z.planErr != nil {
		out = append(out, w.failure(z.planErr).plain(w))
	}
	if z.plan == nil {
		return out
	}
	out = append(out, z.planBanners()...)
	if n := z.plan.PINEntries; n > 0 && z.plan.Blocked == "" {
		out = append(out, control.Banner(control.Info, w.T("plan.pins", "n", n), w.T("plan.pins.text")))
	}
	if n := z.plan.Copies; n > 0 && z.plan.Blocked == "" && chosen.Printed() {
		out = append(out, control.Banner(control.Info, w.T("plan.copies", "n", n), ""))
	}
	return out
}

func (z *wizard) keyPanel() fyne.CanvasObject {
	w := z.w
	keys := []fyne.CanvasObject{control.Sub(w.T("wizard.key")), control.Small(w.T("wizard.key.text"))}
	kinds := z.proc.Keys
	if z.plan != nil && len(z.plan.Keys) > 0 {
		kinds = z.plan.Keys // what this card can make
	}
	for _, k := range kinds {
		note := ""
		if k == z.proc.Keys[0] {
			note = w.T("wizard.key.best")
		}
		keys = append(keys, control.NewOption("key."+k, keyWords(k), note, k == z.draft.KeyAlgorithm, nil, func() {
			z.draft.KeyAlgorithm = k
			z.keep()
			z.makePlan()
			w.show()
		}))
	}
	return control.Panel(keys...)
}
