package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/token"
	"rekey/ui/control"
	"rekey/ui/look"
)

// pinQuestion is one question for a PIN. What is typed leaves the entry at once for the Desk and is kept nowhere,
// except in ready for the moment between "Try again" and the Desk's question.
type pinQuestion struct {
	j      *job
	q      app.PINQuestion
	answer chan pinAnswer
	sent   bool
	retry  bool // the Desk has given up; the next answer starts the work again
	final  bool // the person has confirmed the last try
	wrong  string
	ready  []byte
	entry  *control.Secret
	below  control.Kept // the room below the entry
}

type pinAnswer struct {
	pin []byte
	err error
}

// askPIN is called by the Desk, away from the window, and waits for the person.
func (j *job) askPIN(ctx context.Context, q app.PINQuestion) ([]byte, error) {
	answer := make(chan pinAnswer, 1)
	j.w.post(func() { j.question(q, answer) })
	select {
	case a := <-answer:
		return a.pin, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (j *job) question(q app.PINQuestion, answer chan pinAnswer) {
	old := j.pin
	if old != nil && old.ready != nil {
		pin := old.ready
		old.ready = nil
		same := old.q.Card.Serial == q.Card.Serial && old.q.Reason == q.Reason
		if same && (!q.Card.PIN.FinalTry || old.final) {
			old.q, old.answer = q, answer
			answer <- pinAnswer{pin: pin}
			return
		}
		clear(pin)
	}
	p := &pinQuestion{j: j, q: q, answer: answer, below: control.Kept{}}
	p.entry = control.NewSecret("pin.entry", func() {
		if p.wrong != "" {
			p.wrong = ""
			j.w.show()
		}
	})
	j.pin = p
	j.w.show()
	if q.Card.PIN.Pad {
		j.w.focus("pin.ok")
		return
	}
	j.w.focus("pin.entry")
}

// refused keeps the question open and says why beside the entry; the person decides whether to try again.
func (p *pinQuestion) refused(kind app.Kind, err error) {
	p.sent, p.retry, p.final, p.answer = false, true, false, nil
	p.wrong = p.j.w.wrongPIN(kind, err)
	p.q.Card.PIN.CountLow = p.q.Card.PIN.CountLow || kind != app.PINLength
	p.q.Card.PIN.FinalTry = p.q.Card.PIN.FinalTry || kind == app.PINFinal
}

func (p *pinQuestion) panel() fyne.CanvasObject {
	w, card := p.j.w, p.q.Card
	title := w.known("pin.", p.q.Reason, w.T("pin.title"))
	var end fyne.CanvasObject
	if p.q.Of > 1 {
		end = control.Pill(w.T("pin.of", "entry", p.q.Entry, "of", p.q.Of), control.Info)
	}
	lines := []fyne.CanvasObject{control.Head(title, end), control.Para(w.T("pin.card", "card", firstOf(card.Label, card.Serial), "serial", card.Serial)).In(look.Muted)}
	switch {
	case card.PIN.FinalTry:
		lines = append(lines, control.Banner(control.Bad, w.T("pin.last"), w.T("pin.last.text")))
	case card.PIN.CountLow && p.wrong == "":
		lines = append(lines, control.Banner(control.Due, w.T("pin.low"), ""))
	}
	if card.PIN.Pad {
		lines = append(lines, control.Banner(control.Info, w.T("pin.pad"), w.T("pin.pad.text")))
	} else {
		field := control.NewField(w.T("pin.label"), lengthWords(w, card.PIN), false, p.entry).Keeping(p.below)
		if p.wrong != "" {
			field.Say(p.wrong, control.Bad)
		}
		lines = append(lines, look.Row(0, -1, look.Fixed(380, 0, field.Container)))
	}
	if card.PIN.FinalTry {
		lines = append(lines, control.NewCheck("pin.final", w.T("pin.final"), p.final, func() {
			p.final = !p.final
			w.show()
		}))
	}
	text := w.T("pin.ok")
	if p.retry {
		text = w.T("pin.again")
	}
	ok := control.NewButton("pin.ok", text, theme.ConfirmIcon(), control.Primary, p.submit)
	if card.PIN.FinalTry && !p.final {
		ok.Disable()
	}
	cancel := control.NewButton("pin.cancel", w.T("cancel"), nil, control.Secondary, p.cancel)
	return control.Raised(look.Column(14, append(lines, look.Row(10, -1, ok, cancel))...))
}

// lengthWords says how long a PIN of the card is.
func lengthWords(w *Window, s token.PINState) string {
	if s.Min > 0 && s.Max >= s.Min && s.Max < 100 {
		return w.T("pin.length", "min", s.Min, "max", s.Max)
	}
	return w.T("pin.hint")
}

// submit gives the PIN to the Desk. An empty one never leaves the window: only a PIN pad is answered with nothing.
func (p *pinQuestion) submit() {
	w, s := p.j.w, p.q.Card.PIN
	if !s.Pad {
		n := p.entry.Len()
		wrong := ""
		switch {
		case p.entry.Blank():
			wrong = w.T("pin.empty")
		case s.Min > 0 && n < s.Min, s.Max > 0 && n > s.Max:
			wrong = w.T("error.pin-length.what")
		}
		if wrong != "" {
			p.wrong = wrong
			w.show()
			w.focus("pin.entry")
			return
		}
	}
	p.wrong = ""
	pin := p.entry.Take()
	p.sent = true
	if p.retry {
		p.retry, p.ready = false, pin
		if s.Pad {
			p.ready = []byte{}
		}
		p.j.run()
		return
	}
	p.answer <- pinAnswer{pin: pin}
	w.show()
}

func (p *pinQuestion) cancel() {
	j := p.j
	p.entry.Clear()
	if !p.retry {
		p.sent = true
		p.answer <- pinAnswer{err: &app.Error{Op: "ask for PIN", Kind: app.PINCancelled}}
		return
	}
	j.pin = nil
	j.stopped(j.w.failure(&app.Error{Op: "ask for PIN", Kind: app.PINCancelled}))
}
