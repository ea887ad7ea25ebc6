// Package identity checks the numbers that stand on forms: identity, tax and register numbers of persons and
// organisations, bank accounts, telephone numbers and mail addresses.
//
// It promises a normalised value (ASCII digits, no spaces, the spelling in which registers keep it) and the one
// rule that failed, by a stable id that the window translates. Where public sources disagree about a rule it
// warns and lets the value pass. It never asks a network, never says that a number belongs to somebody,
// and never changes the case of a value where case matters (Iranian card serials).
package identity

import (
	"maps"
	"slices"
	"strings"
)

// Result is the outcome of one check. When OK is false, Rule is the id of the rule that failed and Args the
// values for its text. Warnings are rule ids too.
type Result struct {
	Kind     string
	Normal   string
	OK       bool
	Rule     string
	Args     map[string]string
	Warnings []string
}

// checks holds a check for each kind. The value has been through Normalise.
var checks = map[string]func(string) Result{
	"tckn":             checkTCKN,
	"iban":             checkIBAN,
	"inn":              checkINN,
	"snils":            checkSNILS,
	"ogrn":             checkOGRN,
	"ogrnip":           checkOGRNIP,
	"kpp":              checkKPP,
	"account":          checkAccount,
	"cccd":             checkCCCD,
	"mst":              checkMST,
	"ir-national-code": checkIranNationalCode,
	"ir-card-serial":   checkIranCardSerial,
	"ir-tracking-code": checkIranTrackingCode,
	"phone":            checkPhone,
	"email":            checkEmail,
}

// Kinds lists what Check knows, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(checks)) }

// Check tests one value. An unknown kind fails with the rule "kind".
func Check(kind, value string) Result {
	check, known := checks[kind]
	if !known {
		return Result{Kind: kind, Normal: value}.fail("kind", "kind", kind)
	}
	value = Normalise(value)
	if value == "" {
		return Result{Kind: kind}.fail("empty")
	}
	return check(value)
}

// Err is nil when the check passed, and the Result itself otherwise.
func (r Result) Err() error {
	if r.OK {
		return nil
	}
	return r
}

// Error is the English text of the failed rule, or "" when the check passed. Use Err where an error is wanted.
func (r Result) Error() string {
	if r.OK {
		return ""
	}
	return r.text(r.Rule)
}

// WarningTexts gives the English text of each warning.
func (r Result) WarningTexts() []string {
	texts := make([]string, len(r.Warnings))
	for i, rule := range r.Warnings {
		texts[i] = r.text(rule)
	}
	return texts
}

func (r Result) text(rule string) string {
	text := ruleTexts[rule]
	for name, value := range r.Args {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

func (r Result) pass() Result {
	r.OK = true
	return r
}

// fail takes the rule and pairs of name and value for its text.
func (r Result) fail(rule string, pairs ...string) Result {
	r.OK, r.Rule = false, rule
	if len(pairs) > 0 {
		r.Args = make(map[string]string, len(pairs)/2)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		r.Args[pairs[i]] = pairs[i+1]
	}
	return r
}

func (r *Result) warn(rule string) { r.Warnings = append(r.Warnings, rule) }
