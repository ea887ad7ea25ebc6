package payment

import (
	"strings"

	"rekey/app/form"
	"rekey/app/identity"
)

// Text is payment.txt: plain lines to copy from, in a language; "\n" ends each.
func (n Note) Text(lang string) string {
	w := inLanguage(lang)
	var b strings.Builder
	put := func(label, value string) {
		if value != "" {
			b.WriteString(label + ": " + value + "\n")
		}
	}
	b.WriteString(w.title + "\n\n")
	put(w.amount, Money(n.Amount, n.Currency))
	put(w.payee, n.Payee)
	put(w.bank, n.Bank)
	put(w.branch, n.Branch)
	put(w.iban, identity.Groups(n.IBAN, 4))
	put(w.unspaced, n.IBAN)
	put(w.inn, n.PayeeINN)
	put(w.kpp, n.PayeeKPP)
	put(w.account, n.Account)
	put(w.bic, n.BIC)
	put(w.correspondent, n.Correspondent)
	b.WriteString("\n" + n.exactly(w) + ":\n" + n.Description + "\n\n")
	put(w.asOf, n.AsOf.Format(w.date))
	put(w.source, n.Source)
	put(w.made, n.Made.Format(w.date))
	put(w.noQR, n.NoQR)
	b.WriteString("\n" + w.check + "\n")
	return b.String()
}

// PDF is the same on one page, in the look of the application forms.
func (n Note) PDF(fonts *form.Fonts, lang string) ([]byte, error) {
	w := inLanguage(lang)
	return form.Render(form.Input{
		Form: n.layout(w), Copies: 1, Route: form.RoutePaper, Date: n.Made, Fonts: fonts,
		Details: map[string]string{
			"amount": Money(n.Amount, n.Currency), "payee": n.Payee, "bank": n.Bank, "branch": n.Branch, "iban": n.IBAN,
			"account": n.Account, "bic": n.BIC, "correspondent": n.Correspondent, "inn": n.PayeeINN, "kpp": n.PayeeKPP,
			"qr": n.QR, "no_qr": n.NoQR, "description": n.Description, "as_of": n.AsOf.Format(w.date), "source": n.Source,
		},
	})
}

// layout is the note as a form. Values come in as details, so that nothing in them is taken for a template.
func (n Note) layout(w words) *form.Form {
	cell := func(label, detail string, span int) form.Cell {
		return form.Cell{Label: label, Value: "{{.Details." + detail + "}}", Span: span}
	}
	var who []form.Cell
	if n.Payee != "" {
		who = append(who, cell(w.payee, "payee", 12))
	}
	if n.Branch == "" {
		who = append(who, cell(w.bank, "bank", 12))
	} else {
		who = append(who, cell(w.bank, "bank", 6), cell(w.branch, "branch", 6))
	}
	grouped := cell(w.iban, "iban", 6)
	grouped.Hex = true
	switch {
	case n.IBAN != "":
		who = append(who, grouped, cell(w.unspaced, "iban", 6))
	case n.Account != "":
		who = append(who, cell(w.account, "account", 6), cell(w.bic, "bic", 6))
		for _, c := range []struct{ label, detail, value string }{
			{w.correspondent, "correspondent", n.Correspondent}, {w.inn, "inn", n.PayeeINN}, {w.kpp, "kpp", n.PayeeKPP},
		} {
			if c.value != "" {
				who = append(who, cell(c.label, c.detail, 6))
			}
		}
	}
	f := &form.Form{
		ID: "payment-note", Language: w.language, Title: w.title, DateFormat: w.date,
		PageMark: w.page + " {{.Page}}/{{.Pages}}",
		NoMark:   true, // a bank's program must find one QR code: that of the payment
		Blocks: []form.Block{
			{Head: &form.Head{Right: []string{"{{.Date}}"}}},
			{Title: &form.Title{Text: "{{.Title}}"}},
			{Notice: &form.Notice{Text: w.check}},
			{Fields: &form.Fields{Cells: []form.Cell{cell(w.amount, "amount", 4), cell(w.asOf, "as_of", 8)}}},
			{Fields: &form.Fields{Cells: who}},
			{Fields: &form.Fields{Heading: n.exactly(w), Cells: []form.Cell{cell(w.description, "description", 12)}}},
		},
	}
	notes := []string{w.source + ": {{.Details.source}}"}
	if n.QR != "" {
		f.Blocks = append(f.Blocks, form.Block{QR: &form.QR{
			Heading: w.qr, Text: "{{.Details.qr}}", Size: 48, Beside: w.check + "\n{{.Details.payee}}\n{{.Details.amount}}",
		}})
	} else if n.NoQR != "" {
		notes = append(notes, w.noQR+": {{.Details.no_qr}}")
	}
	f.Blocks = append(f.Blocks, form.Block{Notes: notes})
	return f
}

// exactly is the heading of the words for the bank.
func (n Note) exactly(w words) string {
	if n.Counter {
		return w.counter
	}
	return w.exactly
}
