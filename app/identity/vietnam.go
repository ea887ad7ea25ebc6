package identity

import (
	"strconv"
)

// checkCCCD: 12 digits without a check digit (decree 137/2015, article 13). The first three are a province 001 to
// 096; codes of foreign countries exist too, so another value is a warning.
func checkCCCD(value string) Result {
	r, fine := digitsOf("cccd", value, 12)
	if !fine {
		return r
	}
	if p := r.Normal[:3]; p < "001" || p > "096" {
		r.warn("cccd.province")
	}
	return r.pass()
}

// checkMST: ten digits, the last is 10 − (Σ mod 11); "-" and three digits for a branch; or the 12 digits of a person.
// When the rest is 0 the rule gives 10: some read it as 0, some call the number invalid; 0 passes with a warning.
func checkMST(value string) Result {
	n := squeeze(value)
	r := Result{Kind: "mst", Normal: n}
	if !allOf(n, isDigit) {
		return r.fail("mst.digits")
	}
	switch len(n) {
	case 12:
		person := checkCCCD(n)
		r.Warnings = person.Warnings
		return r.pass()
	case 13:
		r.Normal = n[:10] + "-" + n[10:]
	case 10:
	default:
		return r.fail("mst.length", "have", strconv.Itoa(len(n)))
	}
	rest := weighted(n, 31, 29, 23, 19, 17, 13, 7, 5, 3) % 11
	if (10-rest)%10 != digit(n, 9) {
		return r.fail("mst.check-digit")
	}
	if rest == 0 {
		r.warn("mst.zero-rest")
	}
	return r.pass()
}
