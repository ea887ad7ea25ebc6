package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/look"
)

// donePage: what was reached, and what to do next, by whom and by when.
func (j *job) donePage() []fyne.CanvasObject {
	w, c := j.w, j.now()
	if j.what == app.StepEnrol {
		return []fyne.CanvasObject{control.Banner(control.Fine, w.T("enrol.done"), w.T("enrol.done.text"))}
	}
	if j.what != "" {
		out := []fyne.CanvasObject{control.Banner(control.Fine, w.T("choose.done"), w.T("choose.done.text"))}
		if j.other {
			out[0] = control.Banner(control.Fine, w.T("choose.done.other"), w.T("choose.done.other.text"))
		}
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
	case j.primary() == "job.choose":
		top = control.Banner(control.Fine, w.T("install.done"), w.T("install.done.text"),
			control.NewButton("job.choose", w.T("home.choose"), theme.ConfirmIcon(), control.Primary, func() { w.startChoose(c.New) }))
	case c.Has(procedure.Send) && !sent(c.Steps):
		var now []fyne.CanvasObject
		if w.unsent(c) {
			now = append(now, w.sendNow("job", control.Secondary))
		}
		top = control.Banner(control.Due, w.T("job.unsent"), w.unsentWords(), now...)
	default:
		top = control.Banner(control.Fine, w.T("next.done"), sentence)
	}
	return append([]fyne.CanvasObject{top}, w.caseBody(c)...)
}

// now is the case as it is known by now: the office may have said something since the work ended.
func (j *job) now() cases.Case {
	if c, ok := j.w.findCase(j.result.ID); ok && c.Events > j.result.Events {
		j.result = c
	}
	return j.result
}

// primary is the control that brings the person on from here.
func (j *job) primary() string {
	if j != nil && j.what == "" && j.result.New != "" && j.result.Has(procedure.Choose) {
		return "job.choose"
	}
	return "job.home"
}

func (j *job) doneFoot() fyne.CanvasObject {
	w := j.w
	weight := control.Primary
	if j.primary() != "job.home" {
		weight = control.Secondary
	}
	home := control.NewButton("job.home", w.T("job.home"), theme.HomeIcon(), weight, func() { w.Go(pageHome) })
	return foot(look.Row(10, 0, look.Space(0, 0), home))
}
