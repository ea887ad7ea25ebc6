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
		control.KeyValue(w.T("cert.national-id"), masked(e.NationalID)),
		control.KeyValue(w.T("cert.issuer"), e.IssuerName),
		control.KeyValue(w.T("cert.key"), w.keyOf(e)),
		control.KeyValue(w.T("cert.from"), w.t.Date(e.NotBefore)),
		control.KeyValue(w.T("cert.until"), w.t.Date(e.NotAfter)),
	)
}

// currentPanel is «Информация о текущем сертификате» with «Выбрать».
func (w *Window) currentPanel(h *app.Holder) fyne.CanvasObject {
	text, tone := w.daysPill(h.Current, h.Due)
	choose := control.NewButton("home.select", w.T("select"), theme.ListIcon(), control.Quiet, func() { w.chooseFrom(h) })
	return control.Panel(control.Head(w.T("cert.current"), control.Pill(text, tone)), w.facts(h.Current),
		look.Row(0, 0, look.Space(0, 0), choose))
}

func (w *Window) newPanel(h *app.Holder) fyne.CanvasObject {
	if h.New != nil {
		return control.Panel(control.Head(w.T("cert.new"), control.Pill(w.T("state.new"), control.Fine)), w.facts(*h.New))
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

// chooseFrom lists every certificate on the cards that the holder could use, and why another cannot be.
func (w *Window) chooseFrom(h *app.Holder) {
	list := []fyne.CanvasObject{control.Small(w.T("choose.text"))}
	shut := func() {
		if w.dialog != nil {
			w.dialog.Close()
			w.dialog = nil
		}
	}
	n := 0
	for _, e := range w.view.Entries {
		if !sameHolder(e, h) {
			continue
		}
		n++
		text, tone := w.stateTone(e.State)
		note := w.T("choose.line", "from", w.t.Date(e.NotBefore), "until", w.t.Date(e.NotAfter), "key", w.keyOf(e))
		why := w.unfit(e)
		if why != "" {
			note += "\n" + why
		}
		o := control.NewOption("choose."+short(e.Fingerprint), firstOf(e.HolderName, e.IssuerName)+" · "+e.IssuerName, note, e.State == register.StateCurrent,
			control.Pill(text, tone), func() {
				shut()
				if e.State != register.StateCurrent {
					w.startChoose(e.Fingerprint)
				}
			})
		if why != "" {
			o.Disable()
		}
		list = append(list, o)
	}
	cancel := control.NewButton("choose.cancel", w.T("close"), nil, control.Secondary, shut)
	body := look.Column(8, list...)
	w.dialog = control.ShowDialog(w.win.Canvas(), 680, w.T("choose.title"), body, nil, cancel)
}

// unfit says why a certificate cannot be chosen, "" when it can.
func (w *Window) unfit(e register.Entry) string {
	switch {
	case e.Problem != "":
		return w.T("unfit.broken")
	case e.Purpose != register.PurposeSigning:
		return w.T("unfit.purpose", "purpose", w.purpose(e))
	case w.now().After(e.NotAfter):
		return w.T("unfit.expired")
	case w.now().Before(e.NotBefore):
		return w.T("unfit.early", "date", w.t.Date(e.NotBefore))
	case e.KeyOnCard == register.KeyNo:
		return w.T("unfit.no-key")
	}
	return ""
}

func sameHolder(e register.Entry, h *app.Holder) bool {
	return e.Problem != "" && e.CardSerial == h.Current.CardSerial || register.HolderKey(e.Certificate) == register.HolderKey(h.Current.Certificate)
}

func short(fingerprint string) string { return fingerprint[:min(12, len(fingerprint))] }
