package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/register"
	"rekey/ui/control"
	"rekey/ui/look"
)

// facts are the lines of a certificate's panel.
func (w *Window) facts(e register.Entry) fyne.CanvasObject {
	return look.Grid(2, 12,
		control.KeyValue(w.T("cert.holder"), e.HolderName),
		control.KeyValue(firstOf(e.NumberName, w.T("cert.national-id")), masked(e.NationalID)),
		control.KeyValue(w.T("cert.issuer"), e.IssuerName),
		control.KeyValue(w.T("cert.key"), w.keyOf(e)),
		control.KeyValue(w.T("cert.from"), w.t.Date(e.NotBefore)),
		control.KeyValue(w.T("cert.until"), w.t.Date(e.NotAfter)),
	)
}

// currentPanel is «Информация о текущем сертификате» with «Выбрать».
func (w *Window) currentPanel(h *app.Holder) *fyne.Container {
	text, tone := w.daysPill(h.Current, h.Due)
	choose := control.NewButton("home.select", w.T("select"), theme.ListIcon(), control.Quiet, func() { w.chooseFrom(h) })
	return control.Panel(control.Head(w.T("cert.current"), control.Pill(text, tone)), w.facts(h.Current),
		look.Row(8, 0, look.Space(0, 0), w.detailsButton("home.details", h.Current, false, nil), choose))
}

func (w *Window) newPanel(h *app.Holder) *fyne.Container {
	if h.New != nil {
		return control.Panel(control.Head(w.T("cert.new"), control.Pill(w.T("state.new"), control.Fine)), w.facts(*h.New),
			look.Row(0, 0, look.Space(0, 0), w.detailsButton("home.new.details", *h.New, false, nil)))
	}
	if c := h.Case; c != nil && !c.Closed() && c.New == h.Current.Fingerprint {
		left := w.openSteps(*c)
		for i := range left {
			left[i].Action = nil
		}
		return control.Panel(control.Head(w.T("next.title"), nil), control.Steps(left[:min(3, len(left))]))
	}
	text, tone, why := w.T("new.none"), control.Plain, w.T("new.none.text")
	if c := h.Case; c != nil && !c.Closed() {
		text, tone, why = w.officePill(*c)
		text = w.known("new.office.", officeState(*c), text)
	}
	body := []fyne.CanvasObject{control.Head(w.T("cert.new"), control.Pill(text, tone)), control.Para(why).In(look.Muted)}
	if c := h.Case; c != nil && !c.Closed() {
		body = append(body, control.Steps(w.shortSteps(*c)))
	}
	return control.Panel(body...)
}

// officePill says how far the office is with a case.
func (w *Window) officePill(c cases.Case) (pill string, tone control.Tone, sentence string) {
	if c.Cancelled {
		return w.T("case.cancelled"), control.Plain, w.caseSentence(c)
	}
	if c.Office == "" && c.Closed() {
		return w.T("case.closed"), control.Fine, w.caseSentence(c)
	}
	state := officeState(c)
	tone = map[string]control.Tone{"issued": control.Fine, "approved": control.Fine, "returned": control.Bad, "none": control.Plain}[state]
	if tone == control.Plain && state != "none" {
		tone = control.Info
	}
	return w.known("office.", state, state), tone, w.caseSentence(c)
}

// officeState is how far an open case is with the office: "none" before it was sent.
func officeState(c cases.Case) string {
	switch {
	case c.Office != "":
		return c.Office
	case sent(c.Steps):
		return "received"
	}
	return "none"
}

// shortSteps are three steps around the next one, for a narrow panel: what is open, and the last that was done where all before is.
func (w *Window) shortSteps(c cases.Case) []control.Step {
	next := nextStep(c)
	if next == nil {
		return nil
	}
	few := c
	few.Conflicts, few.Steps = nil, nil
	at := 0 // of the next one
	for i, s := range c.Steps {
		if s.ID == next.ID {
			if at = len(few.Steps); at == 0 && i > 0 {
				few.Steps, at = c.Steps[i-1:i:i], 1
			}
		}
		if s.State != cases.Done {
			few.Steps = append(few.Steps, s)
		}
	}
	few.Steps = few.Steps[max(0, at-1):]
	few.Steps = few.Steps[:min(3, len(few.Steps))]
	out := w.stepList(few, nil)
	for i := range out {
		out[i].Note, out[i].Action = "", nil
	}
	return out
}

func issued(c *cases.Case) bool {
	_, ok := c.Document(docCertificate)
	return ok || c.Office == "issued"
}

func short(fingerprint string) string { return fingerprint[:min(12, len(fingerprint))] }
