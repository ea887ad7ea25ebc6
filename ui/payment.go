package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/identity"
	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/look"
)

// paymentPanel tells what to pay, to whom and with which words, while that is the person's turn; nil: nothing is to pay now, or nobody has
// said how.
func (w *Window) paymentPanel(c cases.Case) fyne.CanvasObject {
	pay, ok := openStep(c, procedure.Pay)
	p := w.factsOf(c.Procedure)
	if !ok || p == nil || c.MayMark(pay.ID) != nil {
		return nil
	}
	note, ok, err := app.PaymentOf(p, c)
	if !ok || err != nil {
		return nil
	}
	text := w.T("payment.text")
	if note.Counter {
		text = w.T("payment.say")
	}
	lines := []fyne.CanvasObject{control.Head(w.T("payment.title"), nil)}
	for _, x := range [][2]string{
		{w.T("payment.amount"), w.t.Amount(note.Amount, note.Currency)}, {w.T("payment.payee"), note.Payee},
		{w.T("payment.bank"), strings.Join(slices.DeleteFunc([]string{note.Bank, note.Branch}, func(s string) bool { return s == "" }), ", ")},
		{w.T("payment.iban"), identity.Groups(note.IBAN, 4)}, {w.T("payment.account"), note.Account}, {w.T("payment.bic"), note.BIC},
		{w.T("payment.correspondent"), note.Correspondent}, {w.T("payment.inn"), note.PayeeINN}, {w.T("payment.kpp"), note.PayeeKPP},
		{text, note.Description},
	} {
		if x[1] != "" {
			lines = append(lines, control.KeyValue(x[0], x[1]))
		}
	}
	lines = append(lines, control.Small(w.T("plan.fee.source", "date", w.t.Date(note.AsOf), "source", note.Source)))
	if app.FeeIsOld(note.AsOf, w.now()) {
		lines = append(lines, control.Small(w.T("plan.fee-old")).In(look.AmberText))
	}
	if !confirmed(p, c) {
		lines = append(lines, control.Small(w.T("payment.unconfirmed")).In(look.AmberText))
	}
	buttons := []fyne.CanvasObject{w.copyButton("payment.copy", w.T("payment.copy"), control.Secondary, func() string { return note.Description })}
	if d, ok := c.Document(app.DocPayment); ok {
		buttons = append(buttons, control.NewButton("payment.open", w.T("doc.payment"), theme.DocumentIcon(), control.Secondary, func() { w.openDocument(c.ID, d) }))
		if printable(d) {
			buttons = append(buttons, control.NewButton("payment.print", "", theme.DocumentPrintIcon(), control.Quiet, func() { w.printDocument(c, d) }).Named(w.T("print")))
		}
	}
	return control.Panel(append(lines, look.Row(8, -1, buttons...))...)
}

// confirmed says whether a source confirms both the amount and where to pay it.
func confirmed(p *procedure.Procedure, c cases.Case) bool {
	fee, _ := p.Fee(c.Reason, c.Details[procedure.KindField])
	pay := p.PaymentFor(c.Reason)
	return fee.Official() && pay.Official()
}

// factsOf is a procedure with what the office has said of it last: fees and accounts may have changed while the window was open.
func (w *Window) factsOf(id string) *procedure.Procedure {
	for _, p := range w.desk.Procedures() {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// openStep finds the first step of a kind that is not done.
func openStep(c cases.Case, what string) (cases.Step, bool) {
	for _, s := range c.Steps {
		if s.What == what && s.State != cases.Done {
			return s, true
		}
	}
	return cases.Step{}, false
}
