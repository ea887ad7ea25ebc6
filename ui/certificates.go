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
	tone = control.Info
	switch c.Office {
	case "issued", "approved":
		tone = control.Fine
	case "returned":
		tone = control.Bad
	case "":
		if c.Closed() {
			return w.T("case.closed"), control.Fine, w.caseSentence(c)
		}
		if sent(c.Steps) {
			return w.T("office.received"), tone, w.caseSentence(c)
		}
		return w.T("office.none"), control.Plain, w.caseSentence(c)
	}
	return w.known("office.", c.Office, c.Office), tone, w.caseSentence(c)
}

// shortSteps are the steps around the next one, for a narrow panel.
func (w *Window) shortSteps(c cases.Case) []control.Step {
	all := w.stepList(c, nil)
	first := 0
	for i, s := range c.Steps {
		if s.State != cases.Done {
			first = max(0, i-1)
			break
		}
	}
	out := all[first:min(len(all), first+3)]
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
