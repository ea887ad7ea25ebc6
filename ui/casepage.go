package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/look"
)

// canRun says whether Rekey itself can do something for the case now.
func canRun(c cases.Case) bool { return len(c.Ahead(issued(&c))) > 0 }

// caseSentence says in a sentence what the case waits for.
func (w *Window) caseSentence(c cases.Case) string {
	next := nextStep(c)
	switch {
	case c.Cancelled:
		return w.T("case.cancelled.text")
	case c.Office == "returned":
		return w.T("case.returned", "why", firstOf(c.Why, "–"))
	case w.unsent(c):
		return w.unsentWords()
	case next == nil:
		return w.T("case.closed.text")
	case next.Due.IsZero():
		return w.T("case.next", "step", w.stepWords(*next), "who", w.whoWords(next.Who))
	}
	return w.T("case.next-due", "step", w.stepWords(*next), "who", w.whoWords(next.Who), "date", w.t.Date(next.Due))
}

func (w *Window) openCase(id string) {
	w.caseID, w.page, w.note = id, pageCase, nil
	w.show()
}

func (w *Window) casesPage() (out []fyne.CanvasObject) {
	if waiting := w.outboxPanel(); waiting != nil {
		out = append(out, waiting)
	}
	if len(w.cases) == 0 {
		return append(out, w.empty(pageCases))
	}
	var rows []fyne.CanvasObject
	for _, c := range slices.Backward(w.cases) {
		pill, tone, sentence := w.officePill(c)
		note := w.procedureTitle(c.Procedure) + "\n" + w.T("cases.begun", "date", w.t.Date(c.CreatedAt)) + " · " + sentence
		rows = append(rows, control.NewRow("case."+c.ID, c.Holder, note, theme.HistoryIcon(), control.Pill(pill, tone), func() { w.openCase(c.ID) }))
	}
	return append(out, look.Column(10, rows...))
}

// empty says what a page will hold, and offers the way there.
func (w *Window) empty(page string) fyne.CanvasObject {
	begin := control.NewButton(page+".renew", w.T("page.wizard"), theme.ViewRefreshIcon(), control.Quiet, func() { w.leaveTo(pageRenew) })
	return control.Panel(control.Sub(w.T(page+".none")), control.Para(w.T(page+".none.text")).In(look.Muted), look.Row(0, -1, begin))
}

func (w *Window) findCase(id string) (cases.Case, bool) {
	for _, c := range w.cases {
		if c.ID == id {
			return c, true
		}
	}
	return cases.Case{}, false
}

// casePage is one case as a time line.
func (w *Window) casePage() []fyne.CanvasObject {
	back := control.NewButton("case.back", w.T("back"), theme.NavigateBackIcon(), control.Quiet, func() { w.Go(pageCases) })
	c, ok := w.findCase(w.caseID)
	if !ok {
		return []fyne.CanvasObject{look.Row(0, -1, back), control.Panel(control.Para(w.T("error.not-found.what")))}
	}
	pill, tone, sentence := w.officePill(c)
	p := w.procedures[c.Procedure]
	head := control.Panel(control.Head(c.Holder, control.Pill(pill, tone)),
		control.Para(w.procedureTitle(c.Procedure)).In(look.Muted),
		look.Grid(3, 14, control.KeyValue(w.T("wizard.reason"), w.reasonTitle(p, c.Reason)),
			control.KeyValue(w.T("wizard.route"), w.routeTitle(p, c.Reason, c.Route)),
			control.KeyValue(w.T("cases.begun-label"), w.t.Date(c.CreatedAt))))
	top := look.Row(0, -1, back)
	if canCancel(c) {
		top = look.Row(10, 1, back, look.Space(0, 0), control.NewButton("case.cancel", w.T("case.cancel"), theme.CancelIcon(), control.Quiet, func() { w.askCancel(c) }))
	}
	out := []fyne.CanvasObject{top, head, w.caseNext(c, sentence)}
	return append(out, w.caseBody(c)...)
}

// caseNext is the banner with what to do now.
func (w *Window) caseNext(c cases.Case, sentence string) fyne.CanvasObject {
	tone := control.Info
	var buttons []fyne.CanvasObject
	switch {
	case c.Cancelled:
	case c.Office == "returned":
		tone = control.Bad
		buttons = append(buttons, control.NewButton("case.correct", w.T("case.correct"), theme.DocumentCreateIcon(), control.Primary, func() { w.mend(c) }))
	case c.Closed():
		tone = control.Fine
	case c.Has(procedure.Install) && issued(&c):
		buttons = append(buttons, control.NewButton("case.install", w.T("home.install"), theme.DownloadIcon(), control.Primary, func() { w.startRun(c, w.T("home.install"), false) }))
	case w.unsent(c):
		return control.Banner(control.Due, w.T("home.unsent"), w.unsentWords(), w.sendNow("case", control.Primary))
	case canRun(c):
		buttons = append(buttons, control.NewButton("case.continue", w.T("continue"), theme.MediaPlayIcon(), control.Primary, func() { w.startRun(c, w.T("page.job"), false) }))
	case c.New != "" && c.Has(procedure.Choose):
		buttons = append(buttons, control.NewButton("case.choose", w.T("home.choose"), theme.ConfirmIcon(), control.Primary, func() { w.startChoose(c.New) }))
	case w.stopSync != nil:
		buttons = append(buttons, control.NewButton("case.sync.stop", w.T("cancel"), theme.CancelIcon(), control.Secondary, w.stopSync))
	default:
		buttons = append(buttons, control.NewButton("case.sync", w.T("case.sync"), theme.ViewRefreshIcon(), control.Secondary, w.sync))
	}
	return control.Banner(tone, sentence, "", buttons...)
}

// caseBody is what the case page and the last page of the wizard share: steps, documents, contacts.
func (w *Window) caseBody(c cases.Case) []fyne.CanvasObject {
	var side []fyne.CanvasObject
	end := level() // what the documents have, when they are beside
	if pay := w.paymentPanel(c); pay != nil {
		side, end = append(side, pay), nil
	}
	steps := control.Panel(control.Head(w.T("case.steps"), end), control.Timeline(w.stepList(c, w.stepButton(c))))
	side = append(side, w.documentPanel(c))
	if w.page == pageCase && !c.Closed() {
		if a := w.attachPanel(c); a != nil {
			side = append(side, a)
		}
	}
	if p := w.procedures[c.Procedure]; p != nil && len(p.Contacts) > 0 {
		lines := []fyne.CanvasObject{control.Sub(w.T("case.contacts"))}
		for _, x := range p.Contacts {
			lines = append(lines, control.KeyValue(x.Label.In(w.lang), x.Value))
		}
		side = append(side, control.Panel(lines...))
	}
	return []fyne.CanvasObject{look.Beside(18, steps, look.Column(16, side...))}
}

// level is empty and as high as a button: a title beside it stands as high as the one of the next panel, which has a button.
func level() fyne.CanvasObject {
	return look.Space(0, control.NewButton("", "–", nil, control.Quiet, nil).MinSize().Height/look.Px(1))
}

func (w *Window) stepList(c cases.Case, button func(cases.Step) fyne.CanvasObject) []control.Step {
	next := nextStep(c)
	var out []control.Step
	for _, s := range c.Steps {
		line := control.Step{Text: w.stepWords(s), Note: w.stepNote(c, s)}
		switch {
		case s.State == cases.Done:
			line.State, line.End, line.Note = control.StepDone, w.t.Date(s.At), ""
		case s.State == cases.Failed:
			line.State = control.StepFailed
		case next != nil && next.ID == s.ID && !c.Cancelled:
			line.State = control.StepNow
		}
		if s.State != cases.Done {
			line.End, line.Late = w.due(s.Due)
			if button != nil {
				line.Action = button(s)
			}
		}
		out = append(out, line)
	}
	return w.withConflicts(c, out)
}

// withConflicts puts the moments at which the office's copy had gone on among the steps, where they belong in time.
func (w *Window) withConflicts(c cases.Case, steps []control.Step) []control.Step {
	for _, k := range slices.Backward(c.Conflicts) {
		at := 0
		for i, s := range c.Steps {
			if !s.At.IsZero() && !s.At.After(k.At) {
				at = i + 1
			}
		}
		line := control.Step{Text: w.T("conflict.kept"), Note: w.T("conflict.kept.text", "state", w.known("office.", k.Office, k.Office)), State: control.StepFailed, End: w.t.Date(k.At)}
		if k.Again {
			line.Text, line.Note, line.State = w.T("conflict.again"), w.T("conflict.again.text", "state", w.known("office.", k.Office, k.Office)), control.StepDone
		}
		if k.Why != "" {
			line.Note += "\n" + k.Why
		}
		steps = slices.Insert(steps, at, line)
	}
	return steps
}

// openSteps are the steps that are left.
func (w *Window) openSteps(c cases.Case) []control.Step {
	return slices.DeleteFunc(w.stepList(c, w.stepButton(c)), func(s control.Step) bool { return s.State == control.StepDone })
}

// stepNote is who acts, and what the procedure says about the step.
func (w *Window) stepNote(c cases.Case, s cases.Step) string {
	note := w.whoWords(s.Who)
	if p := w.procedures[c.Procedure]; p != nil {
		if r, ok := p.Reason(c.Reason); ok {
			if route, ok := r.Route(c.Route); ok {
				i := slices.IndexFunc(route.Steps, func(x procedure.Step) bool { return x.ID == s.ID })
				if i >= 0 && len(route.Steps[i].Note) > 0 {
					note = w.t.Capital(note) + ": " + route.Steps[i].Note.In(w.lang)
				}
				if i >= 0 && route.Steps[i].Deadline != nil && !s.Due.IsZero() {
					if missed := route.Steps[i].Deadline.Missed.In(w.lang); missed != "" {
						note += "\n" + missed
					}
				}
			}
		}
	}
	return note
}

// takeCase shows a case as it is after something was done to it.
func (w *Window) takeCase(c cases.Case) {
	for i := range w.cases {
		if w.cases[i].ID == c.ID {
			w.cases[i] = c
		}
	}
	if w.job != nil && w.job.result.ID == c.ID {
		w.job.result = c
	}
	w.show()
	w.reload()
}
