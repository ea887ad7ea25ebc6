package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/look"
)

// helpPage says what the office wants, in the procedure's own words and with their sources, whom to call, and which keys there are.
func (w *Window) helpPage() []fyne.CanvasObject {
	all := w.desk.Procedures()
	if len(all) == 0 {
		return []fyne.CanvasObject{w.keyPanelHelp()}
	}
	p := w.procedures[w.helpOn]
	if p == nil {
		p = all[0]
		if h := w.shownHolder(); h != nil && h.Procedure != nil {
			p = h.Procedure
		}
	}
	var items []control.Item
	for _, x := range all {
		items = append(items, control.Item{ID: x.ID, Text: x.Title.In(w.lang)})
	}
	choice := control.NewChoice("help.procedure", items, p.ID, func(id string) {
		w.helpOn = id
		w.show()
	})
	out := []fyne.CanvasObject{control.Panel(control.Sub(w.T("wizard.procedure")), choice, control.Small(p.Authority.In(w.lang)))}
	for _, r := range p.Reasons {
		for _, route := range r.Routes {
			out = append(out, w.routeHelp(r, route))
		}
	}
	out = append(out, look.Beside(18, w.contactHelp(p), w.keyPanelHelp()))
	if len(p.Sources) > 0 {
		out = append(out, control.Panel(control.Sub(w.T("help.sources")), control.Small(strings.Join(p.Sources, "\n"))))
	}
	return out
}

// routeHelp is one way of sending: its steps, who acts, and what is lost when a deadline passes.
func (w *Window) routeHelp(r procedure.Reason, route procedure.Route) fyne.CanvasObject {
	var steps []control.Step
	for i, s := range route.Steps {
		note := []string{w.whoWords(s.Who)}
		if n := s.Note.In(w.lang); n != "" {
			note = append(note, n)
		}
		if d := s.Deadline; d != nil && d.Missed.In(w.lang) != "" {
			note = append(note, d.Missed.In(w.lang))
		}
		steps = append(steps, control.Step{State: control.StepListed, Number: w.t.Number(i + 1), Text: w.known("step.", s.What, s.What), Note: strings.Join(note, "\n"), End: w.deadlineWords(s.Deadline)})
	}
	body := []fyne.CanvasObject{control.Sub(r.Label.In(w.lang) + " · " + route.Label.In(w.lang))}
	if n := route.Note.In(w.lang); n != "" {
		body = append(body, control.Para(n).In(look.Muted))
	}
	if route.Copies > 0 && route.Printed() {
		body = append(body, control.Para(w.T("plan.copies", "n", route.Copies)))
	}
	return control.Panel(append(body, control.Steps(steps))...)
}

func (w *Window) deadlineWords(d *procedure.Deadline) string {
	switch {
	case d == nil:
		return ""
	case d.Working > 0:
		return w.T("help.working-days", "n", d.Working)
	case d.Months > 0:
		return w.T("help.months", "n", d.Months)
	}
	return w.T("help.days", "n", d.Days)
}

func (w *Window) contactHelp(p *procedure.Procedure) fyne.CanvasObject {
	lines := []fyne.CanvasObject{control.Sub(w.T("case.contacts"))}
	for _, c := range p.Contacts {
		lines = append(lines, control.KeyValue(c.Label.In(w.lang), c.Value))
	}
	if len(p.Contacts) == 0 {
		lines = append(lines, control.Small(w.T("help.no-contacts")))
	}
	report := control.NewButton("help.report", w.T("cards.report"), theme.ContentCopyIcon(), control.Secondary, w.copyReport)
	return control.Panel(append(lines, control.Line(), control.Small(w.T("help.report")), look.Row(0, -1, report))...)
}

// keyPanelHelp lists the keys.
func (w *Window) keyPanelHelp() fyne.CanvasObject {
	lines := []fyne.CanvasObject{control.Sub(w.T("help.keys"))}
	for _, k := range []string{"tab", "enter", "escape", "arrows", "alt"} {
		lines = append(lines, control.KeyValue(w.T("help.key."+k), w.T("help.key."+k+".text")))
	}
	return control.Panel(slices.Clip(lines)...)
}
