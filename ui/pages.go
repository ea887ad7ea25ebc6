package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/token"
	"rekey/ui/control"
	"rekey/ui/look"
)

// cardsPage says what is plugged in, what was found on it, and what is missing.
func (w *Window) cardsPage() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	again := control.NewButton("cards.again", w.T("cards.again"), theme.ViewRefreshIcon(), control.Secondary, w.reload)
	state := w.T("home.looking")
	if w.looked {
		state = w.T("cards.at", "moment", w.t.Moment(w.view.At))
	}
	out = append(out, look.Row(12, 0, control.Para(state).In(look.Muted), again))
	walk := append([]fyne.CanvasObject{w.diagnosis()}, w.otherFindings()...)
	if len(w.view.Findings) > 0 { // what is wrong comes first
		out = append(out, walk...)
		walk = nil
	}
	for _, r := range w.view.Snapshot.Readers {
		out = append(out, w.readerPanel(r))
	}
	return append(append(out, walk...), w.moduleList(), w.storePanel())
}

func (w *Window) readerPanel(r token.Reader) fyne.CanvasObject {
	if r.Card == nil {
		return control.Panel(control.Head(r.Name, control.Pill(w.T("cards.empty"), control.Plain)), control.Small(r.Module))
	}
	pill, tone := w.pinState(*r.Card)
	lines := []fyne.CanvasObject{
		control.Head(firstOf(r.Card.Label, r.Card.Serial, r.Name), control.Pill(pill, tone)),
		look.Grid(3, 12, control.KeyValue(w.T("cards.reader"), r.Name), control.KeyValue(w.T("cards.serial"), r.Card.Serial),
			control.KeyValue(w.T("cards.maker"), r.Card.Manufacturer)),
	}
	for _, e := range w.view.Entries {
		if e.CardSerial != r.Card.Serial {
			continue
		}
		text, tone := w.stateTone(e.State)
		note := w.T("choose.line", "from", w.t.Date(e.NotBefore), "until", w.t.Date(e.NotAfter), "key", w.keyOf(e))
		lines = append(lines, control.Line(), look.Row(12, 1, control.Icon(theme.DocumentIcon(), look.Muted, 21),
			look.Column(1, control.Para(firstOf(e.HolderName, e.Problem)+" · "+w.purpose(e)), control.Small(note)), control.Pill(text, tone),
			w.detailsButton("card.details."+short(e.Fingerprint), e, true, nil)))
	}
	if !r.Card.Blank && r.Card.Serial != "" && !r.Card.PIN.Locked {
		change := control.NewButton("card."+r.Card.Serial+".pin", w.T("newpin.button"), theme.LoginIcon(), control.Quiet, func() { w.changePIN(*r.Card) })
		lines = append(lines, look.Row(0, 0, look.Space(0, 0), change))
	}
	return control.Panel(lines...)
}

func (w *Window) pinState(c token.Card) (string, control.Tone) {
	switch {
	case c.Blank:
		return w.T("cards.blank"), control.Due
	case c.PIN.Locked:
		return w.T("cards.locked"), control.Bad
	case c.PIN.FinalTry:
		return w.T("cards.final"), control.Bad
	case c.PIN.CountLow:
		return w.T("cards.low"), control.Due
	}
	return w.T("cards.good"), control.Fine
}
