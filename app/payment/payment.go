// Package payment makes the payment note: what to pay, to whom, with which exact words.
//
// It promises a note whose IBAN has passed its check, whose amount is an exact decimal number, and whose description
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
	IBAN   string

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
	Amount, Currency    string // decimal with a point and all of its places
	Description         string // the words for the bank, in one line
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
	iban := identity.Check("iban", spec.IBAN)
	if err := iban.Err(); err != nil {
		return Note{}, dataError("iban", "%w", err)
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
	text, err := describe(spec.Text, details, strings.HasPrefix(iban.Normal, "TR"))
	if err != nil {
		return Note{}, err
	}
	return Note{
		Payee: line(spec.Payee), Bank: line(spec.Bank), Branch: line(spec.Branch), IBAN: iban.Normal,
		Amount: amount, Currency: spec.Currency, Description: text,
		AsOf: spec.AsOf, Made: at, Source: line(spec.Source),
	}, nil
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
