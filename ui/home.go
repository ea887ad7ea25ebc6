package ui

import (
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/look"
)

// homePage is "My signature": how the signature stands and the one thing to do next.
func (w *Window) homePage() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	if !w.looked {
		return append(out, control.Panel(control.Para(w.T("home.looking")).In(look.Muted)))
	}
	if w.viewErr != nil {
		out = append(out, w.failure(w.viewErr).plain(w))
	}
	h := w.shownHolder()
	if w.draft != nil {
		out = append(out, w.draftBanner(h))
	}
	if h == nil {
		return append(out, w.nothingFound()...)
	}
	if len(w.view.Holders) > 1 {
		out = append(out, w.holderSwitch(h))
	}
	if w.revoked(h) && w.nextAction(h).heading != w.T("home.revoked") {
		out = append(out, control.Banner(control.Bad, w.T("home.revoked"), w.T("home.revoked.text")))
	}
	out = append(out, w.standing(h), control.Pair(w.currentPanel(h), w.newPanel(h)))
	for _, f := range w.inOrder() {
		out = append(out, w.findingBanner(f))
	}
	if len(w.view.Findings) == 0 && w.viewErr == nil && !w.revoked(h) && h.DaysLeft >= 0 {
		out = append(out, control.Banner(control.Fine, w.T("home.ready", "moment", w.t.Moment(w.view.At)), ""))
	}
	return out
}

func (w *Window) holderSwitch(h *app.Holder) fyne.CanvasObject {
	var items []control.Item
	for _, x := range w.view.Holders {
		items = append(items, control.Item{ID: x.Key, Text: x.Name})
	}
	choice := control.NewChoice("home.holder", items, h.Key, func(key string) {
		w.holder = key
		w.show()
	})
	return look.Row(12, -1, control.Words(w.T("home.holder")).In(look.Muted), choice)
}

// action is what to do next: a sentence, an explanation, and a button.
type action struct {
	heading, text string
	id, button    string
	icon          fyne.Resource
	weight        control.Weight
	do            func()
}

func (w *Window) standing(h *app.Holder) fyne.CanvasObject {
	a := w.nextAction(h)
	if w.primary = a.id; w.draftFirst(h) {
		w.primary, a.weight = "draft.continue", control.Secondary
	}
	days, tone, share := h.DaysLeft, control.Fine, float32(h.DaysLeft)/365
	if h.Procedure != nil && h.Procedure.Reminder > 0 && h.Due {
		share = float32(h.DaysLeft) / float32(h.Procedure.Reminder)
	}
	switch {
	case days < 0, w.revoked(h):
		days, tone, share = 0, control.Bad, 1
	case h.Due || days <= 30:
		tone = control.Due
	}
	ring := control.NewDaysRing(w.t.Number(days), w.T("home.days-left", "n", days), share, tone)
	words := []fyne.CanvasObject{control.Heading(a.heading), control.Para(a.text)}
	if a.do != nil {
		words = append(words, look.Inset(6, 0, 0, 0, look.Row(10, -1, control.NewButton(a.id, a.button, a.icon, a.weight, a.do))))
	}
	return control.Raised(look.Row(28, 1, ring, look.Column(8, words...)))
}

// revoked says whether the office has revoked what the holder signs with.
func (w *Window) revoked(h *app.Holder) bool { return w.view.Revoked[h.Current.Fingerprint] }

// nextAction picks the one thing that brings the holder further.
func (w *Window) nextAction(h *app.Holder) action {
	switch {
	case h.Case != nil && issued(h.Case) && h.Case.Has(procedure.Install):
		return action{w.T("home.issued"), w.T("home.issued.text"), "home.install", w.T("home.install"), theme.DownloadIcon(), control.Primary,
			func() { w.startInstall(*h) }}
	case h.New != nil:
		return action{w.T("home.new"), w.T("home.new.text", "date", w.t.Date(h.New.NotAfter)), "home.choose", w.T("home.choose"), theme.ConfirmIcon(), control.Primary,
			func() { w.startChoose(h.New.Fingerprint) }}
	case h.Case != nil && !h.Case.Closed() && h.Case.Returned():
		return action{w.T("home.returned"), w.caseSentence(*h.Case), "home.correct", w.T("case.correct"), theme.DocumentCreateIcon(), control.Primary,
			func() { w.mend(*h.Case) }}
	case h.Case != nil && !h.Case.Closed() && w.unsent(*h.Case):
		return w.sendAction()
	case h.Case != nil && !h.Case.Closed() && canRun(*h.Case):
		return action{w.T("home.going"), w.T("home.going.text"), "home.continue", w.T("continue"), theme.MediaPlayIcon(), control.Primary,
			func() { w.startRun(*h.Case, w.T("page.job"), false) }}
	case h.Case != nil && !h.Case.Closed() && h.Case.New == h.Current.Fingerprint:
		return action{w.T("home.rest"), w.caseSentence(*h.Case), "home.case", w.T("home.case"), theme.HistoryIcon(), control.Primary,
			func() { w.openCase(h.Case.ID) }}
	case h.Case != nil && !h.Case.Closed():
		return action{w.T("home.waits"), w.caseSentence(*h.Case), "home.case", w.T("home.case"), theme.HistoryIcon(), control.Primary,
			func() { w.openCase(h.Case.ID) }}
	case w.revoked(h):
		return action{w.T("home.revoked"), w.T("home.revoked.text"), "home.renew", w.T("home.renew"), theme.ViewRefreshIcon(), control.Primary,
			func() { w.beginRenewal(*h) }}
	case h.DaysLeft < 0:
		return action{w.T("home.ended"), w.T("home.ended.text", "date", w.t.Date(h.Current.NotAfter)), "home.renew", w.T("home.renew"), theme.ViewRefreshIcon(), control.Primary,
			func() { w.beginRenewal(*h) }}
	case h.Due || h.DaysLeft <= 30:
		return action{w.T("home.ends", "n", h.DaysLeft), w.T("home.ends.text", "date", w.t.Date(h.Current.NotAfter)), "home.renew", w.T("home.renew"), theme.ViewRefreshIcon(), control.Primary,
			func() { w.beginRenewal(*h) }}
	}
	return action{w.T("home.good", "n", h.DaysLeft), w.T("home.good.text", "date", w.t.Date(h.Current.NotAfter)), "home.renew", w.T("home.early"), theme.ViewRefreshIcon(), control.Secondary,
		func() { w.beginRenewal(*h) }}
}

// draftFirst says whether going on with what was begun is the one thing to do next: before another renewal, and while no card is there. What
// a certificate waits for comes before it.
func (w *Window) draftFirst(h *app.Holder) bool {
	return w.draft != nil && (h == nil || w.nextAction(h).id == "home.renew")
}

// draftBanner offers to go on with a renewal that was not finished.
func (w *Window) draftBanner(h *app.Holder) fyne.CanvasObject {
	d, weight := *w.draft, control.Secondary
	if w.draftFirst(h) {
		weight = control.Primary
	}
	drop := control.NewButton("draft.drop", w.T("draft.drop"), nil, control.Quiet, func() { w.askDrop(d) })
	resume := control.NewButton("draft.continue", w.T("continue"), theme.MediaPlayIcon(), weight, func() { w.resume(d) })
	return control.Banner(control.Info, w.T("draft.open", "date", w.t.Date(d.UpdatedAt)), w.T("draft.open.do"), drop, resume)
}

// nothingFound says what is missing, layer by layer, and what to do.
func (w *Window) nothingFound() []fyne.CanvasObject {
	w.primary = "home.again"
	list := []fyne.CanvasObject{}
	findings := w.inOrder()
	switch {
	case len(findings) == 0:
		findings = []app.Finding{{Kind: "no-card"}}
	case findings[0].Layer == layers[0]:
		findings = findings[:1] // without the system's service nothing else can be known
	}
	for i, f := range findings {
		if i > 0 {
			list = append(list, control.Line())
		}
		list = append(list, look.TopRow(14, 1, control.Icon(theme.WarningIcon(), look.Amber, 26), look.Column(4,
			control.Heading(w.findingWhat(f)).Sized(look.SizeSub, true), control.Para(w.findingDo(f)))))
	}
	weight := control.Primary
	if w.draftFirst(nil) {
		w.primary, weight = "draft.continue", control.Secondary
	}
	again := control.NewButton("home.again", w.T("cards.again"), theme.ViewRefreshIcon(), weight, w.reload)
	more := control.NewButton("home.cards", w.T("home.cards"), theme.StorageIcon(), control.Quiet, func() { w.Go(pageCards) })
	list = append(list, look.Inset(8, 0, 0, 40, look.Row(10, -1, again, more)))
	out := []fyne.CanvasObject{control.Raised(look.Column(16, list...))}
	if n := len(w.openCases()); n > 0 {
		out = append(out, control.Banner(control.Info, w.T("home.open-cases", "n", n), "",
			control.NewButton("home.cases", w.T("page.cases"), theme.HistoryIcon(), control.Secondary, func() { w.Go(pageCases) })))
	}
	return out
}

func (w *Window) openCases() caseList {
	var out caseList
	for _, c := range w.cases {
		if !c.Closed() {
			out = append(out, c)
		}
	}
	return out
}

func (w *Window) findingWhat(f app.Finding) string {
	return w.known("finding.", f.Kind+".what", firstOf(f.Detail, f.Kind))
}

// findingDo says what to do, in the words of this system where they differ, and names the file that it is about.
func (w *Window) findingDo(f app.Finding) string {
	do := w.known("finding.", f.Kind+".do."+w.system, w.known("finding.", f.Kind+".do", f.Detail))
	if f.Module != "" && slices.Contains(aboutModule, f.Kind) {
		do += " " + w.T("finding.file", "file", filepath.Base(f.Module))
	}
	return do
}

// aboutModule are the findings that are about a file of the card's software.
var aboutModule = []string{"module-load", "module-crash", "module-hang"}

// inOrder gives the findings from the ground up.
func (w *Window) inOrder() []app.Finding {
	rank := func(f app.Finding) int {
		if i := slices.Index(layers, f.Layer); i >= 0 {
			return i
		}
		return len(layers)
	}
	return slices.SortedStableFunc(slices.Values(w.view.Findings), func(x, y app.Finding) int { return rank(x) - rank(y) })
}

func (w *Window) findingBanner(f app.Finding) fyne.CanvasObject {
	return control.Banner(control.Due, w.findingWhat(f), w.findingDo(f))
}

const docCertificate = central.DocCertificate
