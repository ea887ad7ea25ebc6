package payment

import (
	"strings"
	"unicode/utf8"
)

// Limits of the QR code of a Russian payment, in letters, and of its obligatory part, in bytes (ГОСТ Р 56042-2014; the
// numbers as in codebude/QRCoder, RussiaPaymentOrder).
const (
	maxName, maxBankName, maxPurpose = 160, 45, 160
	maxObligatory                    = 300
)

// russianQR is the text of the payment's QR code: "ST00012", where 2 is UTF-8 and what follows is the separator, then the
// five obligatory fields in their order, then the sum in kopecks, the purpose and the payee's numbers. When a part is missing
// or longer than the standard allows, there is no code, and missing names the part: a cut name would pay somebody else.
func (n Note) russianQR() (text, missing string) {
	if n.Account == "" {
		return "", ""
	}
	whole, places, _ := strings.Cut(n.Amount, ".")
	fields := []struct {
		name, value string
		max         int
	}{
		{"Name", n.Payee, maxName}, {"PersonalAcc", n.Account, 20}, {"BankName", n.Bank, maxBankName},
		{"BIC", n.BIC, 9}, {"CorrespAcc", n.Correspondent, 20},
		{"Sum", strings.TrimLeft(whole+places, "0"), 18}, {"Purpose", n.Description, maxPurpose},
		{"PayeeINN", n.PayeeINN, 12}, {"KPP", n.PayeeKPP, 9},
	}
	values := ""
	for i, f := range fields {
		if f.value == "" && i < 5 || utf8.RuneCountInString(f.value) > f.max {
			return "", f.name
		}
		values += f.value
	}
	separator := separatorFor(values)
	if separator == "" {
		return "", "separator"
	}
	var b strings.Builder
	b.WriteString("ST00012")
	for i, f := range fields {
		if f.value != "" {
			b.WriteString(separator + f.name + "=" + f.value)
		}
		if i == 4 && b.Len() > maxObligatory {
			return "", "Name"
		}
	}
	return b.String(), ""
}

// separatorFor is a sign that no value has; "|" when it can be.
func separatorFor(values string) string {
	for _, sign := range []string{"|", "~", "^", "#", "$", "*", "_"} {
		if !strings.Contains(values, sign) {
			return sign
		}
	}
	return ""
}
