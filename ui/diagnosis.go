package ui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/ui/control"
	"rekey/ui/look"
)

// layers are what must work for a signature, from the ground up, as app.Finding names them.
var layers = []string{"service", "module", "load", "reader", "card", "certificates", "filter"}

// diagnosis walks through the layers: what works has a tick, the first that does not says what to do, what comes after it cannot be
// known yet.
func (w *Window) diagnosis() fyne.CanvasObject {
	var steps []control.Step
	failed := false
	for _, layer := range layers {
		i := slices.IndexFunc(w.view.Findings, func(f app.Finding) bool { return f.Layer == layer })
		s := control.Step{Text: w.T("diagnosis." + layer), State: control.StepDone}
		switch {
		case i >= 0:
			f := w.view.Findings[i]
			s.State, s.End = control.StepFailed, f.Reader
			s.Note = w.findingWhat(f) + ". " + w.findingDo(f)
			failed = true
		case failed && len(w.view.Entries) == 0:
			s.State = control.StepOpen
		}
		steps = append(steps, s)
	}
	report := control.NewButton("cards.report", w.T("cards.report"), theme.ContentCopyIcon(), control.Quiet, w.copyReport)
	return control.Panel(control.Head(w.T("diagnosis"), report), control.Steps(steps))
}

// storePanel says where the store's key lies, and what is wrong with the store.
func (w *Window) storePanel() fyne.CanvasObject {
	s := w.view.Store
	place := w.T("store.key-file")
	if s.Keyring {
		place = w.T("store.key-ring")
	}
	lines := []fyne.CanvasObject{control.Sub(w.T("store.title")), control.Para(place)}
	if s.KeyNote != "" {
		lines = append(lines, control.Small(w.T("store.key-note", "why", s.KeyNote)))
	}
	if len(s.Tightened) > 0 {
		lines = append(lines, control.Small(w.T("store.tightened", "n", len(s.Tightened))+"\n"+strings.Join(s.Tightened, "\n")))
	}
	if s.Backup != "" {
		lines = append(lines, control.Banner(control.Due, w.T("store.no-backup"), w.known("error.", string(s.Trouble)+".what", "")), control.Small(s.Backup))
	}
	return control.Panel(lines...)
}

// copyReport puts the report for support on the clipboard.
func (w *Window) copyReport() {
	work(w, func(context.Context) (string, error) { return w.supportReport() }, func(text string, err error) {
		if err != nil {
			w.report(err)
			return
		}
		w.app.Clipboard().SetContent(text)
		w.note = &notice{tone: control.Fine, what: w.T("cards.report.done"), do: w.T("cards.report.text")}
		w.show()
	})
}

// otherFindings are the findings that name no layer of the walk.
func (w *Window) otherFindings() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, f := range w.view.Findings {
		if !slices.Contains(layers, f.Layer) {
			out = append(out, w.findingBanner(f))
		}
	}
	return out
}

// moduleList is the card software that was tried, and what the person has added to it.
func (w *Window) moduleList() fyne.CanvasObject {
	lines := []fyne.CanvasObject{control.Sub(w.T("cards.modules"))}
	for _, m := range w.view.Snapshot.Modules {
		pill := control.Pill(w.T("cards.module-good"), control.Fine)
		if m.Kind != "" {
			pill = control.Pill(w.known("module.", string(m.Kind), string(m.Kind)), control.Due)
		}
		lines = append(lines, look.Row(12, 0, control.Para(m.Path), pill))
	}
	if len(lines) == 1 {
		lines = append(lines, control.Small(w.T("finding.no-modules.what")))
	}
	return control.Panel(lines...)
}
