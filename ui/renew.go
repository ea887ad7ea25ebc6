package ui

import (
	"fyne.io/fyne/v2"

	"rekey/ui/control"
	"rekey/ui/look"
)

// goRenew goes on with what was begun: the wizard, the work that follows it, or a draft. When nothing was, the page says what
// there is to renew.
func (w *Window) goRenew() {
	switch {
	case w.job != nil && w.job.inWizard && !w.job.finished:
		w.page, w.note = pageJob, nil
		w.show()
	case w.wizard != nil && w.wizard.draft.Mends:
		w.page, w.note = pageWizard, nil
		w.show()
	case w.wizard != nil:
		w.resume(w.wizard.draft)
	case w.draft != nil:
		w.resume(*w.draft)
	default:
		w.Go(pageRenew)
	}
}

// renewPage offers the renewal of each signature on the cards.
func (w *Window) renewPage() []fyne.CanvasObject {
	if !w.looked {
		return []fyne.CanvasObject{control.Panel(control.Para(w.T("home.looking")).In(look.Muted))}
	}
	h := w.shownHolder()
	if h == nil {
		return append(w.nothingFound(), w.otherPanel()...)
	}
	var out []fyne.CanvasObject
	if len(w.view.Holders) > 1 {
		out = append(out, w.holderSwitch(h))
	}
	out = append(out, w.standing(h))
	if h.Procedure == nil || len(h.Procedure.Reasons) == 0 {
		return append(out, w.otherPanel()...)
	}
	lines := []fyne.CanvasObject{control.Sub(w.T("renew.ways")), control.Small(w.procedureTitle(h.Procedure.ID))}
	for _, reason := range h.Procedure.Reasons {
		for _, route := range reason.Routes {
			lines = append(lines, control.Line(), control.KeyValue(reason.Label.In(w.lang)+" · "+route.Label.In(w.lang), firstOf(route.Note.In(w.lang), reason.Note.In(w.lang))))
		}
	}
	return append(append(out, control.Panel(lines...)), w.otherPanel()...)
}
