package ui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/token"
	"rekey/ui/control"
	"rekey/ui/look"
)

// errLastTry says that the card has come to its last try since the person was asked: that wants a confirmation first.
var errLastTry = errors.New("the card has only its last try left")

// newPIN is the page on which the PIN of a card is changed. What is typed stays in the entries until it goes to the Desk, which
// wipes it, and is wiped when the page is left.
type newPIN struct {
	w                 *Window
	card              token.Card
	old, fresh, again *control.Secret
	wrong, wrongNew   string // beside the present PIN, beside the new ones
	final             bool   // the person has confirmed the last try
	running           bool
}

func (w *Window) changePIN(card token.Card) {
	n := &newPIN{w: w, card: card}
	typed := func() {
		if n.wrong != "" || n.wrongNew != "" {
			n.wrong, n.wrongNew = "", ""
			w.show()
		}
	}
	n.old, n.fresh, n.again = control.NewSecret("newpin.old", typed), control.NewSecret("newpin.new", typed), control.NewSecret("newpin.again", typed)
	w.newPIN, w.page, w.note = n, pageNewPIN, nil
	w.show()
	n.start()
}

// start gives the focus to what comes first.
func (n *newPIN) start() {
	if n.card.PIN.Pad {
		n.w.focus("newpin.ok")
		return
	}
	n.w.focus("newpin.old")
}

func (n *newPIN) wipe() {
	n.old.Clear()
	n.fresh.Clear()
	n.again.Clear()
}

// forgetPIN wipes what was typed as soon as another page is shown.
func (w *Window) forgetPIN() {
	if w.newPIN != nil && w.page != pageNewPIN {
		w.newPIN.wipe()
		w.newPIN = nil
	}
}

func (n *newPIN) page() []fyne.CanvasObject {
	w, s := n.w, n.card.PIN
	lines := []fyne.CanvasObject{control.Para(w.T("pin.card", "card", firstOf(n.card.Label, n.card.Serial), "serial", n.card.Serial)).In(look.Muted)}
	switch {
	case s.FinalTry:
		lines = append(lines, control.Banner(control.Bad, w.T("pin.last"), w.T("pin.last.text")))
	case s.CountLow && n.wrong == "":
		lines = append(lines, control.Banner(control.Due, w.T("pin.low"), ""))
	}
	if s.Pad {
		lines = append(lines, control.Banner(control.Info, w.T("newpin.pad"), w.T("newpin.pad.text")))
		if n.wrong != "" {
			lines = append(lines, control.Banner(control.Bad, n.wrong, ""))
		}
	} else {
		length := lengthWords(w, s)
		for _, f := range []struct {
			entry             *control.Secret
			label, hint, said string
		}{{n.old, w.T("newpin.old"), "", n.wrong}, {n.fresh, w.T("newpin.new"), length, n.wrongNew}, {n.again, w.T("newpin.again"), "", ""}} {
			field := control.NewField(f.label, f.hint, false, f.entry)
			if f.said != "" {
				field.Say(f.said, control.Bad)
			}
			lines = append(lines, look.Row(0, -1, look.Fixed(420, 0, field.Container)))
		}
	}
	if s.FinalTry {
		lines = append(lines, control.NewCheck("newpin.final", w.T("newpin.final"), n.final, func() {
			n.final = !n.final
			w.show()
		}))
	}
	ok := control.NewButton("newpin.ok", w.T("newpin.ok"), theme.ConfirmIcon(), control.Primary, n.submit)
	cancel := control.NewButton("newpin.cancel", w.T("cancel"), nil, control.Secondary, func() { w.Go(pageCards) })
	if n.running || s.FinalTry && !n.final {
		ok.Disable()
	}
	if n.running {
		cancel.Disable()
		lines = append(lines, control.Small(w.T("newpin.work")))
	}
	return []fyne.CanvasObject{control.Raised(look.Column(14, append(lines, look.Row(10, -1, ok, cancel))...))}
}

// check says what is wrong with what was typed, before any of it leaves the window, and which entry is to be looked at.
func (n *newPIN) check() (focus string) {
	w, s := n.w, n.card.PIN
	bad := func(e *control.Secret) string {
		switch {
		case e.Blank():
			return w.T("pin.empty")
		case s.Min > 0 && e.Len() < s.Min, s.Max > 0 && e.Len() > s.Max:
			return w.T("error.pin-length.what")
		}
		return ""
	}
	n.wrong, n.wrongNew = bad(n.old), ""
	if n.wrong != "" {
		return "newpin.old"
	}
	n.wrongNew = bad(n.fresh)
	switch {
	case n.wrongNew != "":
	case !n.fresh.Same(n.again):
		n.wrongNew = w.T("newpin.differ")
		n.fresh.Clear()
		n.again.Clear()
	case n.fresh.Same(n.old):
		n.wrongNew = w.T("newpin.same")
		n.fresh.Clear()
		n.again.Clear()
	}
	if n.wrongNew != "" {
		return "newpin.new"
	}
	return ""
}

// submit gives both PINs to the Desk, once.
func (n *newPIN) submit() {
	w := n.w
	if n.running {
		return
	}
	if !n.card.PIN.Pad {
		if focus := n.check(); focus != "" {
			w.show()
			w.focus(focus)
			return
		}
	}
	old, fresh := n.old.Take(), n.fresh.Take()
	n.wipe()
	n.running, n.wrong, n.wrongNew = true, "", ""
	serial, final := n.card.Serial, n.final
	var seen *token.Card // as the card was when it was asked
	w.show()
	work(w, func(ctx context.Context) (struct{}, error) {
		defer clear(old)
		defer clear(fresh)
		return struct{}{}, w.desk.ChangePIN(ctx, serial, func(_ context.Context, card token.Card) ([]byte, []byte, error) {
			seen = &card
			if card.PIN.FinalTry && !final {
				return nil, nil, errLastTry
			}
			if card.PIN.Pad {
				return nil, nil, nil
			}
			return old, fresh, nil
		})
	}, func(_ struct{}, err error) { n.ended(seen, err) })
}

func (n *newPIN) ended(seen *token.Card, err error) {
	w := n.w
	n.running, n.final = false, false
	if seen != nil {
		n.card.PIN = seen.PIN
	}
	w.reload()
	kind := app.KindOf(err)
	switch {
	case err == nil:
		w.Go(pageCards)
		w.note = &notice{tone: control.Fine, what: w.T("newpin.done", "card", firstOf(n.card.Label, n.card.Serial)), do: w.T("newpin.done.text")}
		w.show()
		return
	case errors.Is(err, errLastTry):
	case kind == app.PINWrong, kind == app.PINFinal, kind == app.PINLength:
		n.wrong = w.wrongPIN(kind, err)
		n.card.PIN.CountLow = n.card.PIN.CountLow || kind != app.PINLength
		n.card.PIN.FinalTry = n.card.PIN.FinalTry || kind == app.PINFinal
	default:
		w.Go(pageCards)
		w.report(err)
		return
	}
	w.show()
	n.start()
}
