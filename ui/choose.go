package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/register"
	"rekey/ui/control"
	"rekey/ui/look"
)

// chooseFrom lists every certificate on the cards: first those that the holder can use, one click and a proof signature away, the new
// one marked; then the others, each with the reason why it is not among them.
func (w *Window) chooseFrom(h *app.Holder) {
	shut := func() {
		w.dialog.Close()
		w.dialog = nil
	}
	details := func(e register.Entry) fyne.CanvasObject {
		return w.detailsButton("choose.details."+short(e.Fingerprint), e, true, func() {
			if h := w.shownHolder(); h != nil {
				w.chooseFrom(h)
			}
		})
	}
	var fit, unfit []fyne.CanvasObject
	for _, e := range slices.SortedStableFunc(slices.Values(w.view.Entries), byEnd) {
		why := w.unfit(e, h)
		if why != "" {
			unfit = append(unfit, look.Row(6, 0, w.unfitLine(e, why), details(e)))
			continue
		}
		text, tone := w.stateTone(e.State)
		fit = append(fit, look.Row(6, 0, control.NewOption("choose."+short(e.Fingerprint), firstOf(e.HolderName, e.IssuerName)+" · "+e.IssuerName, w.certificateLine(e),
			e.State == register.StateCurrent, control.Pill(text, tone), func() {
				shut()
				if e.State != register.StateCurrent {
					w.startChoose(e.Fingerprint)
				}
			}), details(e)))
	}
	list := append([]fyne.CanvasObject{control.Small(w.T("choose.text"))}, fit...)
	if len(fit) == 0 {
		list = append(list, control.Banner(control.Due, w.T("choose.none"), ""))
	}
	if len(unfit) > 0 {
		list = append(append(list, look.Inset(8, 0, 0, 0, control.Strong(w.T("choose.others")))), unfit...)
	}
	cancel := control.NewButton("choose.cancel", w.T("close"), nil, control.Secondary, shut)
	w.dialog = control.ShowDialog(w.win.Canvas(), 700, w.T("choose.title"), look.Column(8, list...), nil, cancel)
}

// byEnd puts the certificate that is valid longest first.
func byEnd(a, b register.Entry) int { return b.NotAfter.Compare(a.NotAfter) }

func (w *Window) certificateLine(e register.Entry) string {
	return w.T("choose.line", "from", w.t.Date(e.NotBefore), "until", w.t.Date(e.NotAfter), "key", w.keyOf(e))
}

// unfitLine is a certificate that cannot be chosen, and why.
func (w *Window) unfitLine(e register.Entry, why string) fyne.CanvasObject {
	name := firstOf(e.HolderName, e.CardLabel, e.CardSerial)
	if e.IssuerName != "" {
		name += " · " + e.IssuerName
	}
	words := []fyne.CanvasObject{control.Para(name).In(look.Muted), control.Small(why).In(look.AmberText)}
	if e.Problem == "" {
		words = slices.Insert(words, 1, fyne.CanvasObject(control.Small(w.certificateLine(e))))
	}
	return look.Inset(6, 14, 6, 14, look.Row(13, 1, control.Icon(theme.CancelIcon(), look.Muted, 21), look.Column(2, words...)))
}

// unfit says why a holder cannot choose a certificate, "" when it can be chosen.
func (w *Window) unfit(e register.Entry, h *app.Holder) string {
	switch {
	case e.Problem != "":
		return w.T("unfit.broken")
	case register.HolderKey(e.Certificate) != register.HolderKey(h.Current.Certificate):
		return w.T("unfit.holder")
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
