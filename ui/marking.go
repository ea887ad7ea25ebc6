package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/look"
)

// stepButton lets the person say that they did a step outside of the program, when it is that step's turn.
func (w *Window) stepButton(c cases.Case) func(cases.Step) fyne.CanvasObject {
	return func(s cases.Step) fyne.CanvasObject {
		var row []fyne.CanvasObject
		if form, ok := c.Document(central.DocApplication); ok && s.What == procedure.Print && !c.Cancelled {
			row = append(row, control.NewButton("step."+s.ID+".print", w.T("print"), theme.DocumentPrintIcon(), control.Secondary, func() { w.printDocument(c, form) }))
		}
		if c.MayMark(s.ID) == nil {
			words := w.T("case.done")
			if s.What == procedure.Await {
				words = w.T("case.came")
			}
			row = append(row, control.NewButton("step."+s.ID+".done", words, nil, control.Secondary, func() { w.markStep(c.ID, s) }))
		}
		switch len(row) {
		case 0:
			return nil
		case 1:
			return row[0]
		}
		return look.Row(8, -1, row...)
	}
}

// markStep says that a step is done, and offers to take that back.
func (w *Window) markStep(caseID string, s cases.Step) {
	work(w, func(context.Context) (cases.Case, error) { return w.desk.StepDone(caseID, s.ID) }, func(after cases.Case, err error) {
		if err != nil {
			w.report(err)
			return
		}
		done := s
		done.State = cases.Done
		w.note = &notice{tone: control.Fine, what: w.T("case.marked", "step", w.stepWords(done)), undo: func() { w.unmarkStep(caseID, s) }}
		w.takeCase(after)
	})
}

// unmarkStep takes a mark back.
func (w *Window) unmarkStep(caseID string, s cases.Step) {
	work(w, func(context.Context) (cases.Case, error) { return w.desk.StepUndone(caseID, s.ID) }, func(after cases.Case, err error) {
		switch {
		case err == nil:
			w.note = &notice{tone: control.Info, what: w.T("case.unmarked", "step", w.stepWords(s))}
			w.takeCase(after)
		case app.KindOf(err) == app.BadInput:
			w.note = &notice{tone: control.Due, what: w.T("case.undo.late")}
			w.show()
			w.reload()
		default:
			w.report(err)
		}
	})
}
