package ui

import (
	"slices"
	"strings"
	"time"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/ui/control"
)

type caseList = []cases.Case

// known gives the text of a key that is put together from data, or otherwise when there is none.
func (w *Window) known(prefix, word, otherwise string) string {
	if word != "" && w.t.Has(prefix+word) {
		return w.T(prefix + word)
	}
	return otherwise
}

func (w *Window) stepWords(s cases.Step) string {
	prefix := "step."
	if s.State == cases.Done {
		prefix = "done."
	}
	return w.known(prefix, s.What, s.What)
}

func (w *Window) whoWords(who string) string { return w.known("who.", who, who) }

// keyWords names a key algorithm as people write it.
func keyWords(algorithm string) string {
	switch algorithm {
	case "ec-p256":
		return "ECC P-256"
	case "ec-p384":
		return "ECC P-384"
	case "gost2012-256":
		return "ГОСТ Р 34.10-2012, 256"
	case "gost2012-512":
		return "ГОСТ Р 34.10-2012, 512"
	}
	if rest, ok := strings.CutPrefix(algorithm, "gost2012-"); ok { // gost2012-256/CryptoPro-A
		bits, set, _ := strings.Cut(rest, "/")
		return "ГОСТ Р 34.10-2012, " + bits + ", " + set
	}
	return strings.ToUpper(strings.ReplaceAll(algorithm, "-", " "))
}

func (w *Window) keyOf(e register.Entry) string {
	name := keyWords(e.KeyAlgorithm)
	if e.KeyOnCard == register.KeyYes {
		return w.T("key.on-card", "key", name)
	}
	return name
}

// masked hides the middle of a person's number.
func masked(number string) string {
	runes := []rune(number)
	if len(runes) < 7 {
		return number
	}
	for i := 3; i < len(runes)-2; i++ {
		if runes[i] != '-' && runes[i] != ' ' {
			runes[i] = '•'
		}
	}
	return string(runes)
}

// daysPill says how a certificate stands.
func (w *Window) daysPill(e register.Entry, due bool) (string, control.Tone) {
	days := e.DaysLeft(w.now())
	switch {
	case e.Problem != "":
		return w.T("state.broken"), control.Bad
	case w.view.Revoked[e.Fingerprint]:
		return w.T("state.revoked"), control.Bad
	case w.now().After(e.NotAfter):
		return w.T("state.expired"), control.Bad
	case due || days <= 30:
		return w.T("state.soon"), control.Due
	}
	return w.T("state.valid"), control.Fine
}

func (w *Window) stateTone(state string) (string, control.Tone) {
	tone := control.Plain
	switch state {
	case register.StateCurrent:
		tone = control.Info
	case register.StateNew:
		tone = control.Fine
	case register.StateExpired:
		tone = control.Bad
	}
	return w.known("state.", state, state), tone
}

func (w *Window) purpose(e register.Entry) string { return w.known("purpose.", e.Purpose, e.Purpose) }

// nextStep is what comes next in a case: what Rekey can do now, then the choice of what it has installed, then what waits for people. Paper
// that goes its way beside that stays open, and is not what comes next.
func nextStep(c cases.Case) *cases.Step {
	is := func(what string) *cases.Step {
		i := slices.IndexFunc(c.Steps, func(s cases.Step) bool { return s.What == what && s.State != cases.Done })
		if i < 0 {
			return nil
		}
		return &c.Steps[i]
	}
	if ahead := c.Ahead(issued(&c)); len(ahead) > 0 {
		return is(ahead[0])
	}
	if choose := is(procedure.Choose); choose != nil && c.New != "" && !c.Cancelled {
		return choose
	}
	return c.Next()
}

// due says by when, and whether that is near or past.
func (w *Window) due(at time.Time) (string, bool) {
	if at.IsZero() {
		return "", false
	}
	return w.T("due.by", "date", w.t.Date(at)), at.Before(w.now().AddDate(0, 0, 3))
}

func (w *Window) procedureTitle(id string) string {
	if p := w.procedures[id]; p != nil {
		return p.Title.In(w.lang)
	}
	return id
}

func (w *Window) reasonTitle(p *procedure.Procedure, id string) string {
	if p != nil {
		if r, ok := p.Reason(id); ok {
			return r.Label.In(w.lang)
		}
	}
	return id
}

func (w *Window) routeTitle(p *procedure.Procedure, reason, id string) string {
	if p != nil {
		if r, ok := p.Reason(reason); ok {
			if route, ok := r.Route(id); ok {
				return route.Label.In(w.lang)
			}
		}
	}
	return id
}

// fieldWords turns a value of the form into what the person sees: a choice by its label.
func (w *Window) fieldWords(f procedure.Field, value string) string {
	for _, c := range f.Choices {
		if c.ID == value {
			return c.Label.In(w.lang)
		}
	}
	return value
}

func (w *Window) shownHolder() *app.Holder {
	for i := range w.view.Holders {
		if w.view.Holders[i].Key == w.holder {
			return &w.view.Holders[i]
		}
	}
	if len(w.view.Holders) > 0 {
		return &w.view.Holders[0]
	}
	return nil
}

func (w *Window) entryOf(fingerprint string) *register.Entry {
	for i := range w.view.Entries {
		if w.view.Entries[i].Fingerprint == fingerprint {
			return &w.view.Entries[i]
		}
	}
	return nil
}
