package ui

import (
	"context"
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/look"
)

// mend opens the details of a case that the office has returned, as they were left.
func (w *Window) mend(c cases.Case) {
	work(w, func(context.Context) (app.Draft, error) { return w.desk.Correction(c.ID) }, func(d app.Draft, err error) {
		if err != nil {
			w.report(err)
			return
		}
		if last := w.saves.last; last != nil && last.ID == d.ID {
			d = *last
		}
		d.Page = wizardDetails
		w.wizard, w.page, w.note = w.newWizard(d), pageWizard, nil
		w.show()
	})
}

// mendPage is the form again, below what the office says about it.
func (z *wizard) mendPage() ([]fyne.CanvasObject, fyne.CanvasObject) {
	w := z.w
	why := ""
	if c, ok := w.findCase(z.draft.ID); ok {
		why = c.Why
	}
	out := append([]fyne.CanvasObject{control.Banner(control.Bad, w.T("case.returned", "why", firstOf(why, "–")), w.T("case.correct.text"))}, z.detailsPage()...)
	again := control.NewButton("wizard.next", w.T("case.correct"), theme.MailSendIcon(), control.Primary, z.next)
	if z.starting {
		again.Disable()
	}
	back := control.NewButton("wizard.back", w.T("back"), theme.NavigateBackIcon(), control.Secondary, z.back)
	return out, foot(look.Row(10, 1, back, look.Space(0, 0), again))
}

// sendAgain gives the corrected details and the table to the Desk and goes on with the case.
func (z *wizard) sendAgain() {
	w, typed, rows := z.w, cloned(z.draft.Details), z.draft.Rows // with "" for what was emptied: the Desk keeps what it is not given
	c, ok := w.findCase(z.draft.ID)
	if z.starting || !ok {
		return
	}
	kind := c.Details[procedure.KindField]
	route, _ := z.reason().Route(c.Route)
	details := cloned(typed)
	maps.DeleteFunc(details, func(_, value string) bool { return value == "" })
	same := maps.Equal(details, c.Details) && slices.EqualFunc(rows, c.Rows, func(x, y map[string]string) bool { return maps.Equal(x, y) })
	switch {
	case details[procedure.KindField] != kind:
		z.say(procedure.KindField, told{w.T("case.correct.kind"), true})
		w.focus("field." + procedure.KindField)
		return
	case same && !route.Has(procedure.ESign, kind):
		w.note = &notice{tone: control.Due, what: w.T("case.correct.same"), do: w.T("case.correct.text")}
		w.show()
		return
	}
	z.starting = true
	w.show()
	w.whenSaved(func() {
		work(w, func(context.Context) (cases.Case, error) { return w.desk.Correct(c.ID, typed, rows...) }, func(after cases.Case, err error) {
			z.starting = false
			if err != nil {
				if w.wizard != z || !z.tableFault(err) {
					w.report(err)
				}
				return
			}
			if last := w.saves.last; last != nil && last.ID == c.ID {
				w.saves.last = nil
			}
			if w.wizard == z {
				w.wizard = nil
			}
			w.startRun(after, w.T("case.correct"), false)
		})
	})
}

// canCancel says whether a case can be given up: the office does not have it yet.
func canCancel(c cases.Case) bool {
	send, ok := c.Step(procedure.Send)
	return !c.Closed() && c.Office == "" && !(ok && send.State == cases.Done)
}

// askCancel gives a case up after a question.
func (w *Window) askCancel(c cases.Case) {
	shut := func() {
		w.dialog.Close()
		w.dialog = nil
	}
	keep := control.NewButton("cancel.keep", w.T("case.cancel.keep"), nil, control.Secondary, shut)
	give := control.NewButton("cancel.yes", w.T("case.cancel"), theme.CancelIcon(), control.Quiet, func() {
		shut()
		work(w, func(context.Context) (cases.Case, error) { return w.desk.Cancel(c.ID) }, func(after cases.Case, err error) {
			if err != nil {
				w.report(err)
				return
			}
			if w.job != nil && w.job.result.ID == after.ID { // its work is not gone on with
				w.job = nil
			}
			w.takeCase(after)
		})
	})
	w.dialog = control.ShowDialog(w.win.Canvas(), 520, w.T("case.cancel.title"), control.Para(w.T("case.cancel.text")), nil, keep, give)
	w.dialog.Escape = keep
}
