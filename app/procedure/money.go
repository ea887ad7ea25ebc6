package procedure

import "strings"

// Windows are the times of a renewal, in days before the end of the current certificate.
type Windows struct {
	Reminder int  `yaml:"reminder_days" json:"reminder_days"`       // when the reminder comes
	Opens    int  `yaml:"opens_days" json:"opens_days,omitempty"`   // not taken earlier; 0: any time
	Latest   int  `yaml:"latest_days" json:"latest_days,omitempty"` // not taken later; 0: until the end
	Once     bool `yaml:"once" json:"once,omitempty"`               // a certificate is renewed only once
	Origin   `yaml:",inline" json:"-"`
}

// Window says where a renewal stands when so many days are left.
type Window string

// Places in the window.
const (
	TooEarly Window = "too-early" // before it opens
	Open     Window = "open"      // may be done
	Due      Window = "due"       // the reminder is out
	TooLate  Window = "too-late"  // after the latest day: another reason or route
)

// At gives the place of a certificate that ends in daysLeft days.
func (w Windows) At(daysLeft int) Window {
	switch {
	case daysLeft < w.Latest || daysLeft < 0:
		return TooLate
	case w.Opens > 0 && daysLeft > w.Opens:
		return TooEarly
	case daysLeft <= w.Reminder:
		return Due
	}
	return Open
}

// Fee is an amount as of a day.
type Fee struct {
	Reason     string `yaml:"reason" json:"reason"`
	HolderKind string `yaml:"holder_kind" json:"holder_kind,omitempty"`
	Amount     string `yaml:"amount" json:"amount"` // decimal with a point
	Currency   string `yaml:"currency" json:"currency"`
	For        Text   `yaml:"for" json:"for,omitempty"`
	Origin     `yaml:",inline" json:"-"`
}

// Payment says where to pay and with which exact text.
type Payment struct {
	Payee         string `yaml:"payee" json:"payee,omitempty"`
	Bank          string `yaml:"bank" json:"bank,omitempty"`
	Branch        string `yaml:"branch" json:"branch,omitempty"`
	IBAN          string `yaml:"iban" json:"iban,omitempty"`
	Account       string `yaml:"account" json:"account,omitempty"` // Russia: 20 digits, with BIC
	BIC           string `yaml:"bic" json:"bic,omitempty"`
	Correspondent string `yaml:"correspondent" json:"correspondent,omitempty"`
	PayeeINN      string `yaml:"payee_inn" json:"payee_inn,omitempty"`
	PayeeKPP      string `yaml:"payee_kpp" json:"payee_kpp,omitempty"`
	Text          string `yaml:"text" json:"text,omitempty"`       // text/template over the details
	Counter       string `yaml:"counter" json:"counter,omitempty"` // paid at a counter: the words to say there
	Origin        `yaml:",inline" json:"-"`
}

// Contact is whom to call, or where to go.
type Contact struct {
	ID     string `yaml:"id" json:"id,omitempty"`
	Label  Text   `yaml:"label" json:"label"`
	Value  string `yaml:"value" json:"value"`
	Kind   string `yaml:"kind" json:"kind,omitempty"` // phone, email, web, address, subject
	Origin `yaml:",inline" json:"-"`
}

// Fee finds the fee for a reason and holder kind; one for exactly this kind comes before one for all. An amount of nothing
// is no fee.
func (p *Procedure) Fee(reason, holderKind string) (Fee, bool) {
	found := -1
	for i, f := range p.Fees {
		if f.Reason == reason && (f.HolderKind == holderKind || f.HolderKind == "" && found < 0) {
			found = i
			if f.HolderKind == holderKind {
				break
			}
		}
	}
	if found < 0 || strings.Trim(p.Fees[found].Amount, "0.") == "" {
		return Fee{}, false
	}
	return p.Fees[found], true
}

// PaymentFor says how a reason is paid: its own way, else the procedure's. It is nil when nobody has said.
func (p *Procedure) PaymentFor(reason string) *Payment {
	if r, ok := p.Reason(reason); ok && r.Payment != nil {
		return r.Payment
	}
	return p.Payment
}
