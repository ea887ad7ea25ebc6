package identity

import "strings"

// dialling says how a national telephone number of a country is written in full: the country code, the digit that is
// dialled before national numbers, and how many digits follow it. Mobile numbers begin with one of mobile.
type dialling struct {
	code, trunk string
	digits      []int
	mobile      []string
}

// Plans of the countries whose procedures are here. Lengths are those of the national numbers (ITU-T E.164 national plans).
// A number that does not fit is left as it is and keeps its warning: plans change.
var diallings = map[string]dialling{
	"TR": {code: "90", trunk: "0", digits: []int{10}, mobile: []string{"5"}},
	"RU": {code: "7", trunk: "8", digits: []int{10}, mobile: []string{"9"}},
	"VN": {code: "84", trunk: "0", digits: []int{9, 10}, mobile: []string{"3", "5", "7", "8", "9"}},
	"IR": {code: "98", trunk: "0", digits: []int{10}, mobile: []string{"9"}},
}

// CheckIn is Check where the country is known (ISO 3166-1 alpha-2, "" when it is not): a national telephone number
// such as 0532 000 00 00 becomes +905320000000 and carries no warning. Other kinds are the same everywhere.
func CheckIn(country, kind, value string) Result {
	r := Check(kind, value)
	if kind != "phone" || !r.OK || strings.HasPrefix(r.Normal, "+") {
		return r
	}
	if full := diallings[country].full(r.Normal); full != "" {
		r.Normal, r.Warnings = full, nil
	}
	return r
}

// full writes a national number with the country code, "" when it does not fit the plan.
func (d dialling) full(n string) string {
	if d.code == "" {
		return ""
	}
	fits := func(n string) bool {
		for _, length := range d.digits {
			if len(n) == length && !strings.HasPrefix(n, d.trunk) {
				return true
			}
		}
		return false
	}
	if rest, trunk := strings.CutPrefix(n, d.trunk); trunk && fits(rest) {
		return "+" + d.code + rest
	}
	// Without the trunk digit only a mobile number is clear; with the country code only when the plus was forgotten.
	for _, first := range d.mobile {
		if strings.HasPrefix(n, first) && fits(n) {
			return "+" + d.code + n
		}
		if rest, ok := strings.CutPrefix(n, d.code); ok && strings.HasPrefix(rest, first) && fits(rest) {
			return "+" + n
		}
	}
	return ""
}
