package app

import (
	"cmp"
	"context"
	"time"

	"rekey/app/cases"
	"rekey/app/payment"
	"rekey/app/procedure"
)

// PaymentOf is what a case has to pay, to whom and with which words, as its payment note says it. ok is false where nobody has said what
// to pay: the step's own note then tells whom to ask.
func PaymentOf(p *procedure.Procedure, c cases.Case) (note payment.Note, ok bool, err error) {
	fee, known := p.Fee(c.Reason, c.Details[procedure.KindField])
	pay := p.PaymentFor(c.Reason)
	if !known || pay == nil {
		return payment.Note{}, false, nil
	}
	note, err = payment.Make(payment.Spec{
		Payee: pay.Payee, Bank: pay.Bank, Branch: pay.Branch, IBAN: pay.IBAN, Text: pay.Text, Counter: pay.Counter,
		Account: pay.Account, BIC: pay.BIC, Correspondent: pay.Correspondent, PayeeINN: pay.PayeeINN, PayeeKPP: pay.PayeeKPP,
		Amount: fee.Amount, Currency: fee.Currency, AsOf: fee.AsOf, Source: paymentSource(fee, pay),
	}, c.Details, c.CreatedAt.Local())
	return note, err == nil, err
}

// FeeIsOld says whether an amount as of a day is worth a second look before it is paid.
func FeeIsOld(asOf, now time.Time) bool { return now.Sub(asOf) > feeIsOld }

// notePayment makes the note, anew when the amount, the account or the details are others by now; that the money has been paid is for the
// holder to say.
func (w *work) notePayment(_ context.Context, c cases.Case) (cases.Case, error) {
	note, ok, err := PaymentOf(w.procedure, c)
	if !ok {
		return c, err
	}
	text := note.Text(w.procedure.Language)
	if kept, made := c.Document(docPaymentText); made {
		if was, err := w.app.document(kept); err != nil || string(was) == text {
			return c, err
		}
	}
	fonts, err := w.app.fonts()
	if err != nil {
		return c, err
	}
	pdf, err := note.PDF(fonts, w.procedure.Language)
	if err != nil {
		return c, err
	}
	return w.app.fileAll(c, "", newDocument{DocPayment, "payment.pdf", pdf}, newDocument{docPaymentText, "payment.txt", []byte(text)})
}

// paymentSource names where the amount comes from, and the account when that comes from elsewhere.
func paymentSource(fee procedure.Fee, pay *procedure.Payment) string {
	if pay.Source == fee.Source && pay.AsOf.Equal(fee.AsOf) {
		return fee.Source
	}
	account := cmp.Or(pay.IBAN, pay.Account, pay.Counter)
	return fee.Source + "; " + account + ": " + pay.Source + ", " + pay.AsOf.Format("02.01.2006")
}
