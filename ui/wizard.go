package ui

import (
	"context"
	"errors"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/ui/control"
	"rekey/ui/look"
)

// Pages of the wizard, as Draft.Page counts them. The work and what comes after it are the job page.
const (
	wizardStart = iota
	wizardDetails
	wizardRoute
	wizardCheck
)

// wizard leads through one renewal. Its draft is kept after each change.
type wizard struct {
	w        *Window
	draft    app.Draft
	entry    *register.Entry // the certificate that is renewed; nil when its card is away
	proc     *procedure.Procedure
	plan     *app.Plan
	planErr  error
	fields   map[string]*control.Field
	told     map[string]told // what is said beside each field
	asked    map[string]int  // number of the newest question about each field
	starting bool
	pictures []image.Image // of the form's pages, for the check page
	guide    string        // the reason that is only a note, while it is looked at
	table    table         // of a reason with rows
}

// told is what stands beside a field.
type told struct {
	text string
	bad  bool
}

// beginRenewal opens the wizard for a holder's current certificate.
func (w *Window) beginRenewal(h app.Holder) {
	p, reason := h.Procedure, ""
	if p == nil && len(w.desk.Procedures()) > 0 {
		p = w.desk.Procedures()[0]
	}
	if p == nil {
		w.report(&app.Error{Op: "begin renewal", Kind: app.NotFound, Err: errors.New("no procedure")})
		return
	}
	if _, ok := p.Reason("renewal"); ok {
		reason = "renewal"
	} else if len(p.Reasons) > 0 {
		reason = p.Reasons[0].ID
	}
	work(w, func(ctx context.Context) (app.Draft, error) {
		return w.desk.NewDraft(ctx, h.Current.Fingerprint, p.ID, reason)
	},
		func(d app.Draft, err error) {
			if err != nil {
				w.report(err)
				return
			}
			w.resumeAt(d, wizardStart)
		})
}

// resume goes on with a draft where it was left.
func (w *Window) resume(d app.Draft) {
	if last := w.saves.last; last != nil && last.ID == d.ID {
		d = *last
	}
	w.resumeAt(d, d.Page)
}

func (w *Window) resumeAt(d app.Draft, page int) {
	if last := w.saves.last; last != nil && last.ID == d.ID {
		d = *last
	}
	d.Page = page
	z := w.newWizard(d)
	w.wizard, w.page, w.note = z, pageWizard, nil
	z.fitKind()
	z.draft.Page = max(wizardStart, min(d.Page, wizardCheck))
	z.turn(z.draft.Page)
	if z.draft.Page == wizardDetails {
		z.again()
	}
}

func (w *Window) newWizard(d app.Draft) *wizard {
	d = ownCopy(d)
	return &wizard{w: w, draft: d, entry: w.entryOf(d.Fingerprint), proc: w.procedures[d.Procedure], told: map[string]told{}, asked: map[string]int{},
		table: table{told: map[string]told{}}}
}

func (w *Window) askDrop(d app.Draft) {
	shut := func() {
		w.dialog.Close()
		w.dialog = nil
	}
	keep := control.NewButton("drop.keep", w.T("draft.keep"), nil, control.Secondary, shut)
	drop := control.NewButton("drop.drop", w.T("draft.drop"), theme.DeleteIcon(), control.Quiet, func() {
		shut()
		w.drop(d.ID)
	})
	w.dialog = control.ShowDialog(w.win.Canvas(), 480, w.T("draft.drop.title"), control.Para(w.T("draft.drop.text")), nil, keep, drop)
	w.dialog.Escape = keep
}

// drop forgets a draft.
func (w *Window) drop(id string) {
	w.whenSaved(func() {
		work(w, func(context.Context) (struct{}, error) { return struct{}{}, w.desk.DropDraft(id) },
			func(_ struct{}, err error) {
				w.report(err)
				w.reload()
			})
	})
}

// turn opens a page of the wizard and keeps where we are.
func (z *wizard) turn(page int) {
	z.pickCard()
	if page == wizardCheck && z.lacksCard() {
		page = wizardRoute
	}
	z.draft.Page = page
	z.keep()
	z.w.note = nil
	if page == wizardRoute || page == wizardCheck {
		z.makePlan()
	}
	if page == wizardCheck {
		z.makePictures()
	}
	z.w.show()
	z.w.win.Canvas().Unfocus()
	if first := z.firstFocus(); first != "" {
		z.w.focus(first)
	}
	if page != wizardDetails {
		z.w.toTop() // a page of options is read from its beginning
	}
}

func (z *wizard) keep() {
	z.w.saveDraft(z.draft)
}

func (z *wizard) makePlan() {
	d := z.draft
	d.Details = cloned(d.Details)
	work(z.w, func(context.Context) (app.Plan, error) { return z.w.desk.Plan(d) }, func(p app.Plan, err error) {
		if z.w.wizard != z {
			return
		}
		z.plan, z.planErr = &p, err
		if err != nil {
			z.plan = nil
		}
		if z.w.page == pageWizard && (z.draft.Page == wizardRoute || z.draft.Page == wizardCheck) {
			z.w.show()
		}
	})
}

// stepNames are the names of the wizard's steps.
func (w *Window) stepNames() []string {
	if w.wizard != nil { // it is gone when the work begins
		w.makesKey = w.wizard.chosenRoute().Has(procedure.MakeKey, w.wizard.draft.Details[procedure.KindField])
	}
	sending := w.T("wizard.step.route")
	if w.makesKey {
		sending = w.T("wizard.step.key-route")
	}
	return []string{w.T("wizard.step.start"), w.T("wizard.step.details"), sending, w.T("wizard.step.check"), w.T("wizard.step.work"), w.T("wizard.step.next")}
}

func (w *Window) stepper(now int) fyne.CanvasObject {
	return control.Stepper(w.stepNames(), now, w.t.Number)
}

// page gives the page and the row of buttons below it.
func (z *wizard) page() ([]fyne.CanvasObject, fyne.CanvasObject) {
	if z.draft.Mends {
		return z.mendPage()
	}
	out := []fyne.CanvasObject{z.w.stepper(z.draft.Page)}
	next, icon := z.w.T("next"), theme.NavigateNextIcon()
	can := true
	switch z.draft.Page {
	case wizardStart:
		out = append(out, z.startPage()...)
	case wizardDetails:
		out = append(out, z.detailsPage()...)
	case wizardRoute:
		out = append(out, z.routePage()...)
		can = z.planErr == nil && (z.plan == nil || z.plan.Blocked == "") && !z.lacksCard()
	case wizardCheck:
		out = append(out, z.checkPage()...)
		next, icon = z.w.T("wizard.go"), theme.ConfirmIcon()
		can = z.plan != nil && z.plan.Blocked == "" && !z.starting
	}
	forward := control.NewButton("wizard.next", next, icon, control.Primary, z.next)
	if !can {
		forward.Disable()
	}
	back := control.NewButton("wizard.back", z.w.T("back"), theme.NavigateBackIcon(), control.Secondary, z.back)
	if z.draft.Page == wizardStart && z.guide != "" { // nothing follows a note
		return out, foot(look.Row(10, -1, back))
	}
	return out, foot(look.Row(10, 1, back, look.Space(0, 0), forward))
}

// foot is the row of buttons that stays at the bottom of the window.
func foot(row fyne.CanvasObject) fyne.CanvasObject {
	back := canvas.NewRectangle(look.Color(look.Side))
	line := look.Fixed(0, 1, canvas.NewRectangle(look.Color(look.Border)))
	return look.Stack(back, look.Column(0, line, look.Inset(12, 28, 13, 32, row)))
}

func (z *wizard) back() {
	if z.draft.Mends {
		z.w.wizard = nil
		z.w.openCase(z.draft.ID)
		return
	}
	if z.draft.Page == wizardStart {
		z.w.Go(pageHome)
		return
	}
	z.turn(z.draft.Page - 1)
}

func (z *wizard) next() {
	if z.draft.Mends {
		z.checkAll(z.sendAgain)
		return
	}
	switch z.draft.Page {
	case wizardDetails:
		z.checkAll(func() { z.turn(wizardRoute) })
	case wizardCheck:
		z.begin()
	default:
		z.turn(z.draft.Page + 1)
	}
}

// begin makes the case and starts the work.
func (z *wizard) begin() {
	if z.starting {
		return
	}
	z.starting = true
	d := z.draft
	d.Details = cloned(d.Details)
	w := z.w
	w.show()
	w.whenSaved(func() {
		work(w, func(context.Context) (caseAnswer, error) { return w.desk.Start(d) }, func(c caseAnswer, err error) {
			z.starting = false
			if err != nil {
				var cell *app.CellError
				if errors.As(err, &cell) && w.wizard == z {
					z.turn(wizardDetails)
					if z.tableFault(err) {
						return
					}
				}
				w.report(err)
				return
			}
			w.wizard, w.draft = nil, nil
			w.startRun(c, w.T("page.wizard"), true)
		})
	})
}
