package ui

import (
	"fyne.io/fyne/v2"

	"rekey/app/procedure"
	"rekey/ui/control"
)

// routePage: where the holder makes the key, the card and the kind of key with how often the PIN will be asked for; then «Способ передачи
// сертификата» (the order of ViPNet's wizard), and what is worth knowing before it begins.
func (z *wizard) routePage() []fyne.CanvasObject {
	w := z.w
	chosen := z.chosenRoute()
	var out []fyne.CanvasObject
	if z.wantsCard() {
		out = append(out, z.cardPanel())
	}
	makes := chosen.Has(procedure.MakeKey, z.draft.Details["holder_kind"])
	if makes {
		out = append(out, z.keyPanel())
		out = append(out, z.pinBanner()...)
	}
	out = append(out, z.routePanel())
	if z.planErr != nil {
		out = append(out, w.failure(z.planErr).plain(w))
	}
	if z.plan == nil {
		return out
	}
	out = append(out, z.planBanners()...)
	if !makes {
		out = append(out, z.pinBanner()...)
	}
	if n := z.plan.Copies; n > 0 && z.plan.Blocked == "" && chosen.Printed() {
		out = append(out, control.Banner(control.Info, w.T("plan.copies", "n", n), ""))
	}
	return out
}

func (z *wizard) chosenRoute() (chosen procedure.Route) {
	if z.proc != nil {
		reason, _ := z.proc.Reason(z.draft.Reason)
		chosen, _ = reason.Route(z.draft.Route)
	}
	return chosen
}

func (z *wizard) routePanel() fyne.CanvasObject {
	w := z.w
	routes := []fyne.CanvasObject{control.Sub(w.T("wizard.route"))}
	if z.proc != nil {
		reason, _ := z.proc.Reason(z.draft.Reason)
		for _, r := range reason.Routes {
			routes = append(routes, control.NewOption("route."+r.ID, r.Label.In(w.lang), r.Note.In(w.lang), r.ID == z.draft.Route, nil, func() {
				z.draft.Route = r.ID
				z.keep()
				z.makePlan()
				w.show()
			}).Onward())
		}
	}
	return control.Panel(routes...)
}

// pinBanner says how many PIN entries will come, once that is known.
func (z *wizard) pinBanner() []fyne.CanvasObject {
	if z.plan == nil || z.plan.PINEntries == 0 || z.plan.Blocked != "" {
		return nil
	}
	return []fyne.CanvasObject{control.Banner(control.Info, z.w.T("plan.pins", "n", z.plan.PINEntries), z.w.T("plan.pins.text"))}
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
		}).Onward())
	}
	return control.Panel(keys...)
}
