package ui

import (
	"context"
	"errors"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/register"
	"rekey/ui/control"
	"rekey/ui/look"
)

// job is work with a card that the person watches: a case that runs, or a certificate that is chosen. It asks for
// the PIN in the page, shows each step, and what comes next when it is done.
type job struct {
	w          *Window
	title      string
	inWizard   bool
	from       string // the line of the side bar that it was begun on
	what       string // the one step of a choice; "" for a case
	todo       func(ctx context.Context, ask app.Ask) (cases.Case, error)
	steps      []progressed
	pin        *pinQuestion
	running    bool
	stop       context.CancelFunc // of the work that runs
	began      time.Time
	failed     *notice
	left       bool // the person stopped it themselves: nothing failed
	finished   bool
	result     cases.Case
	old, fresh *register.Entry // shown side by side while one is chosen
	other      bool            // what is chosen is not the new one
}

type progressed struct {
	what string
	done bool
}

// startRun goes on with a case as far as it can go.
func (w *Window) startRun(c cases.Case, title string, inWizard bool) {
	j := &job{w: w, title: title, inWizard: inWizard, result: c}
	j.todo = func(ctx context.Context, ask app.Ask) (cases.Case, error) { return w.desk.Run(ctx, c.ID, ask) }
	w.begin(j)
}

// startInstall writes the issued certificate to the card.
func (w *Window) startInstall(h app.Holder) { w.startRun(*h.Case, w.T("home.install"), false) }

// startChoose makes a certificate current.
func (w *Window) startChoose(fingerprint string) {
	j := &job{w: w, title: w.T("home.choose"), what: "choose", fresh: w.entryOf(fingerprint)}
	if j.other = j.fresh != nil && j.fresh.State != register.StateNew; j.other {
		j.title = w.T("choose.job")
	}
	if h := w.shownHolder(); h != nil {
		j.old = &h.Current
		if h.Case != nil {
			j.result = *h.Case
		}
	}
	j.todo = func(ctx context.Context, ask app.Ask) (cases.Case, error) {
		if err := w.desk.Choose(ctx, fingerprint, ask); err != nil {
			return cases.Case{}, err
		}
		if j.result.ID == "" {
			return cases.Case{}, nil
		}
		return w.desk.Case(j.result.ID)
	}
	w.begin(j)
}

func (w *Window) begin(j *job) {
	j.from = w.sidePage()
	w.job, w.page, w.note = j, pageJob, nil
	j.run()
}

// run starts the work, or starts it again after a failure: the Desk knows how far it had come.
func (j *job) run() {
	if j.running {
		return
	}
	j.running, j.failed, j.left, j.began = true, nil, false, j.w.now()
	j.steps = slices.DeleteFunc(j.steps, func(s progressed) bool { return !s.done })
	ctx, stop := context.WithCancel(j.w.ctx)
	j.stop = stop
	ask := app.Ask{PIN: j.askPIN, Progress: func(p app.Progress) { j.w.post(func() { j.progress(p) }) }}
	work(j.w, func(context.Context) (cases.Case, error) { return j.todo(ctx, ask) }, func(c cases.Case, err error) {
		stop()
		j.ended(c, err)
	})
	j.w.show()
}

func (j *job) progress(p app.Progress) {
	for i := range j.steps {
		if j.steps[i].what == p.What {
			j.steps[i].done = p.Done
			j.w.show()
			return
		}
	}
	j.steps = append(j.steps, progressed{p.What, p.Done})
	j.w.show()
}

func (j *job) ended(c cases.Case, err error) {
	j.running = false
	j.w.reload()
	if err == nil {
		j.w.notifyEnd(j.began, j.w.T("remind.done"))
	} else if !errors.Is(err, context.Canceled) {
		j.w.notifyEnd(j.began, j.w.T("remind.failed"))
	}
	if err == nil {
		j.finished, j.pin = true, nil
		if c.ID != "" {
			j.result = c
		}
		j.w.show()
		j.w.focus(j.primary())
		return
	}
	if c.ID != "" {
		j.result = c
	}
	kind := app.KindOf(err)
	if j.pin != nil && (kind == app.PINWrong || kind == app.PINFinal || kind == app.PINLength) {
		j.pin.refused(kind, err)
		j.w.show()
		j.w.focus("pin.entry")
		return
	}
	j.pin = nil
	if errors.Is(err, context.Canceled) {
		j.stopped(&notice{tone: control.Due, what: j.w.T("job.stopped"), do: j.w.T("error.pin-cancelled.do")})
		return
	}
	j.stopped(j.w.failure(&app.Error{Op: "work", Kind: kind, Err: err}))
}

// stopped shows why the work has stopped, and how it goes on.
func (j *job) stopped(why *notice) {
	j.failed, j.left = why, why.detail == ""
	j.w.show()
	j.w.focus("job.again")
}

// name is the page's name in the map.
func (j *job) name() string {
	switch {
	case j.finished:
		return "job.done"
	case j.failed != nil:
		return "job.failed"
	case j.pin != nil && !j.pin.sent:
		return "job.pin"
	}
	return "job.work"
}

func (j *job) page() ([]fyne.CanvasObject, fyne.CanvasObject) {
	w := j.w
	var out []fyne.CanvasObject
	if j.inWizard {
		now := 4
		if j.finished {
			now = 5
		}
		out = append(out, w.stepper(now))
	}
	if j.finished {
		return append(out, j.donePage()...), j.doneFoot()
	}
	if j.failed != nil {
		out = append(out, j.failed.plain(w))
	}
	if j.pin != nil && !j.pin.sent {
		out = append(out, j.pin.panel())
	}
	if j.fresh != nil && j.old != nil {
		title := w.T("cert.new")
		if j.other {
			title = w.T("cert.chosen")
		}
		text, tone := w.stateTone(j.fresh.State)
		out = append(out, control.Pair(
			control.Panel(control.Head(w.T("cert.current"), nil), w.facts(*j.old)),
			control.Panel(control.Head(title, control.Pill(text, tone)), w.facts(*j.fresh))))
	}
	body := []fyne.CanvasObject{control.Head(w.T("job.steps"), nil)}
	if done, of := j.counted(); of > 1 {
		body = append(body, control.Progress(float32(done)/float32(of), w.T("job.count", "done", done, "of", of)))
	}
	out = append(out, control.Panel(append(body, control.Steps(j.stepLines()))...))
	return out, j.workFoot()
}

func (j *job) stepLines() []control.Step {
	w := j.w
	var out []control.Step
	for _, s := range j.steps {
		line := control.Step{Text: w.known("step.", j.word(s.what), s.what), State: control.StepNow, End: w.T("job.now")}
		switch {
		case s.done:
			line = control.Step{Text: w.known("done.", j.word(s.what), s.what), State: control.StepDone}
		case j.failed != nil && j.failed.tone != control.Bad: // the person stopped it, or it waits for the network
			line.End = ""
		case j.failed != nil:
			line.State, line.End = control.StepFailed, ""
		case j.pin != nil && !j.pin.sent:
			line.End = w.T("job.waits-pin")
		}
		out = append(out, line)
	}
	for _, what := range j.upcoming() {
		out = append(out, control.Step{Text: w.known("step.", what, what)})
	}
	if len(out) == 0 {
		word := w.T("job.begins")
		if j.what != "" {
			word = w.T("step." + j.word(j.what))
		}
		out = append(out, control.Step{Text: word, State: control.StepNow})
	}
	return out
}

func (j *job) workFoot() fyne.CanvasObject {
	w := j.w
	if j.failed == nil {
		if !j.canStop() {
			return look.Space(0, 0)
		}
		return foot(look.Row(10, 1, control.NewButton("job.stop", w.T("cancel"), theme.CancelIcon(), control.Secondary, j.stop)))
	}
	home := control.NewButton("job.home", w.T("job.home"), theme.HomeIcon(), control.Secondary, func() { w.Go(pageHome) })
	row := []fyne.CanvasObject{home, look.Space(0, 0)}
	if j.left && j.what == "" && j.result.ID != "" && app.Untouched(j.result) {
		row = append(row, control.NewButton("job.edit", w.T("job.edit"), theme.DocumentCreateIcon(), control.Secondary, j.takeBack))
	}
	again := control.NewButton("job.again", w.T("job.again"), theme.ViewRefreshIcon(), control.Primary, j.run)
	if j.left {
		again = control.NewButton("job.again", w.T("continue"), theme.MediaPlayIcon(), control.Primary, j.run)
	}
	return foot(look.Row(10, 1, append(row, again)...))
}
