// Package payment makes the payment note: what to pay, to whom, with which exact words.
//
// There are three ways to pay: to an IBAN, to a Russian account with its BIC (the note then has the QR code of ГОСТ Р
// 56042-2014 that bank programs read), or at a bank's counter with given words.
//
// It promises a note whose account has passed its check, whose amount is an exact decimal number, and whose description
// for the bank is complete: a value that is missing is an error that names the field. Every note says as of which day and
// from which source the amount is known, and asks the reader to check it before paying. It never pays, never knows an
// amount or an account by itself, and never rounds.
package payment

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"rekey/app/identity"
)

// Spec is what the procedure, or the central API, says about a payment.
type Spec struct {
	Payee  string // may be ""
	Bank   string
	Branch string // may be ""

	// Exactly one of: IBAN; Account with BIC; Counter.
	IBAN          string
	Account       string // Russia: 20 digits
	BIC           string // Russia: 9 digits
	Correspondent string // Russia: 20 digits; the QR code needs it
	PayeeINN      string // Russia, may be ""
	PayeeKPP      string // Russia, may be ""
	Counter       string // the words to say at the counter, taken as they are

	Amount   string // decimal with a point: "112.10"
	Currency string // ISO 4217: "TRY"
	Text     string // template over the details: "{{.surname}}-{{.national_id}}"

	AsOf   time.Time
	Source string
}

// Note is a checked payment.
type Note struct {
	Payee, Bank, Branch string
	IBAN                string // without spaces
	Account, BIC        string // of a Russian payment, with what belongs to it
	Correspondent       string
	PayeeINN, PayeeKPP  string
	Counter             bool   // paid at the counter: Description is what to say
	Amount, Currency    string // decimal with a point and all of its places
	Description         string // the words for the bank, in one line
	QR                  string // text of the payment's QR code, "" when there is none
	NoQR                string // the part that is missing or too long for a Russian QR code
	AsOf, Made          time.Time
	Source              string
}

// Kinds of errors.
const (
	KindData    = "payment-data"    // the procedure's or the API's part is wrong
	KindMissing = "payment-missing" // a detail that the description needs; Field names it
)

// Error is every error of this package.
type Error struct {
	Op, Kind, Field string
	Err             error
}

func (e *Error) Error() string {
	if e.Field != "" {
		return fmt.Sprintf("%s: %s: %s: %v", e.Op, e.Kind, e.Field, e.Err)
	}
	return fmt.Sprintf("%s: %s: %v", e.Op, e.Kind, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

func dataError(field, format string, args ...any) error {
	return &Error{"make payment note", KindData, field, fmt.Errorf(format, args...)}
}

// Make checks a payment and fills its description in. at is the day on the note.
func Make(spec Spec, details map[string]string, at time.Time) (Note, error) {
	if err := oneWay(spec); err != nil {
		return Note{}, err
	}
	note := Note{
		Payee: line(spec.Payee), Bank: line(spec.Bank), Branch: line(spec.Branch), Counter: spec.Counter != "",
		Currency: spec.Currency, AsOf: spec.AsOf, Made: at, Source: line(spec.Source),
	}
	if err := note.accounts(spec); err != nil {
		return Note{}, err
	}
	amount, err := exact(spec.Amount)
	if err != nil {
		return Note{}, dataError("amount", "%w", err)
	}
	if !currencyPattern.MatchString(spec.Currency) {
		return Note{}, dataError("currency", "%q is not a currency code such as TRY", spec.Currency)
	}
	for field, missing := range map[string]bool{
		"as_of": spec.AsOf.IsZero(), "source": strings.TrimSpace(spec.Source) == "", "bank": strings.TrimSpace(spec.Bank) == "",
		"date": at.IsZero(),
	} {
		if missing {
			return Note{}, dataError(field, "is missing")
		}
	}
	note.Amount, note.Description = amount, line(spec.Counter)
	if !note.Counter {
		if note.Description, err = describe(spec.Text, details, strings.HasPrefix(note.IBAN, "TR")); err != nil {
			return Note{}, err
		}
	}
	note.QR, note.NoQR = note.russianQR()
	return note, nil
}

// oneWay wants one way to pay, not two and not none.
func oneWay(spec Spec) error {
	ways := 0
	for _, way := range []string{spec.IBAN, spec.Account + spec.BIC, spec.Counter} {
		if strings.TrimSpace(way) != "" {
			ways++
		}
	}
	if ways == 0 {
		return dataError("iban", "is missing, and there is no account and no counter")
	}
	if ways > 1 {
		return dataError("iban", "there is more than one way to pay: an IBAN, an account, a counter")
	}
	return nil
}

// accounts checks the account and what belongs to it.
func (n *Note) accounts(spec Spec) error {
	check := func(field, kind, value string) (string, error) {
		r := identity.Check(kind, value)
		if err := r.Err(); err != nil {
			return "", dataError(field, "%w", err)
		}
		return r.Normal, nil
	}
	var err error
	if spec.IBAN != "" {
		n.IBAN, err = check("iban", "iban", spec.IBAN)
		return err
	}
	if spec.Account+spec.BIC == "" {
		return nil
	}
	if n.Payee == "" {
		return dataError("payee", "is missing")
	}
	if spec.Currency != "RUB" {
		return dataError("currency", "%q: a Russian account takes RUB", spec.Currency)
	}
	for _, c := range []struct {
		to                 *string
		field, kind, value string
	}{
		{&n.Account, "account", "account", spec.BIC + ":" + spec.Account},
		{&n.Correspondent, "correspondent", "account", spec.BIC + ":" + spec.Correspondent},
		{&n.PayeeINN, "payee_inn", "inn", spec.PayeeINN},
		{&n.PayeeKPP, "payee_kpp", "kpp", spec.PayeeKPP},
	} {
		if c.value == "" || c.value == spec.BIC+":" {
			continue
		}
		if *c.to, err = check(c.field, c.kind, c.value); err != nil {
			return err
		}
		if c.kind == "account" {
			n.BIC, *c.to, _ = strings.Cut(*c.to, ":")
		}
	}
	return nil
}

var (
	currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)
	amountPattern   = regexp.MustCompile(`^(\d{1,12})(?:\.(\d{1,2}))?$`)
)

// exact gives an amount two places: "112.1" is "112.10". No float takes part.
func exact(amount string) (string, error) {
	m := amountPattern.FindStringSubmatch(amount)
	if m == nil {
		return "", fmt.Errorf("%q is not an amount such as 112.10", amount)
	}
	whole := strings.TrimLeft(m[1], "0")
	if whole == "" {
		whole = "0"
	}
	places := (m[2] + "00")[:2]
	if whole == "0" && places == "00" {
		return "", fmt.Errorf("the amount is 0")
	}
	return whole + "." + places, nil
}

// describe fills the bank's description in. To Turkish accounts it is written in capitals by Turkish rules (i→İ, ı→I),
// as the directorate's example has it.
func describe(text string, details map[string]string, turkish bool) (string, error) {
	t, err := template.New("text").Option("missingkey=error").Parse(text)
	if err != nil {
		return "", dataError("text", "%w", err)
	}
	filled := make(map[string]string, len(details))
	for name, value := range details {
		filled[name] = line(value)
	}
	for _, name := range names(t.Root) {
		if filled[name] == "" {
			return "", &Error{"make payment note", KindMissing, name, fmt.Errorf("is needed for the bank's description")}
		}
	}
	var b strings.Builder
	if err := t.Execute(&b, filled); err != nil {
		return "", dataError("text", "%w", err)
	}
	s := line(b.String())
	if turkish {
		s = cases.Upper(language.Turkish).String(s)
	}
	if s == "" {
		return "", dataError("text", "is empty")
	}
	return s, nil
}

// names lists the details that a template asks for, in their order.
func names(node parse.Node) []string {
	var found []string
	add := func(more ...string) {
		for _, name := range more {
			if !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	switch n := node.(type) {
	case *parse.ListNode:
		for _, child := range n.Nodes {
			add(names(child)...)
		}
	case *parse.ActionNode:
		for _, command := range n.Pipe.Cmds {
			for _, arg := range command.Args {
				add(names(arg)...)
			}
		}
	case *parse.FieldNode:
		add(n.Ident[0])
	}
	return found
}

// line is a text in one line with single spaces and composed letters.
func line(s string) string { return norm.NFC.String(strings.Join(strings.Fields(s), " ")) }
