package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/look"
)

// donePage: what was reached, and what to do next, by whom and by when.
func (j *job) donePage() []fyne.CanvasObject {
	w, c := j.w, j.result
	if j.what == app.StepEnrol {
		return []fyne.CanvasObject{control.Banner(control.Fine, w.T("enrol.done"), w.T("enrol.done.text"))}
	}
	if j.what != "" {
		out := []fyne.CanvasObject{control.Banner(control.Fine, w.T("choose.done"), w.T("choose.done.text"))}
		if j.fresh != nil {
			out = append(out, control.Panel(control.Head(w.T("cert.current"), control.Pill(w.T("state.current"), control.Info)), w.facts(*j.fresh)))
		}
		if c.ID != "" && !c.Closed() {
			out = append(out, control.Panel(control.Head(w.T("next.title"), nil), control.Steps(w.openSteps(c))))
		}
		return out
	}
	var top fyne.CanvasObject
	_, _, sentence := w.officePill(c)
	switch {
	case c.New != "" && c.Has(procedure.Choose):
		top = control.Banner(control.Fine, w.T("install.done"), w.T("install.done.text"),
			control.NewButton("job.choose", w.T("home.choose"), theme.ConfirmIcon(), control.Primary, func() { w.startChoose(c.New) }))
	case c.Has(procedure.Send) && !sent(c.Steps):
		top = control.Banner(control.Due, w.T("error.offline.what"), w.T("error.offline.do"))
	default:
		top = control.Banner(control.Fine, w.T("next.done"), sentence)
	}
	return append([]fyne.CanvasObject{top}, w.caseBody(c)...)
}

func (j *job) doneFoot() fyne.CanvasObject {
	w := j.w
	weight := control.Primary
	if j.what == "" && j.result.New != "" && j.result.Has(procedure.Choose) {
		weight = control.Secondary
	}
	home := control.NewButton("job.home", w.T("job.home"), theme.HomeIcon(), weight, func() { w.Go(pageHome) })
	return foot(look.Row(10, 0, look.Space(0, 0), home))
}
