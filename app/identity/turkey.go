package identity

import "strconv"

// checkTCKN: 11 digits, the first not 0; the 10th is (7·(d1+d3+d5+d7+d9) − (d2+d4+d6+d8)) mod 10, the 11th the sum of
// the first ten mod 10.
func checkTCKN(value string) Result {
	n := squeeze(value)
	r := Result{Kind: "tckn", Normal: n}
	switch {
	case !allOf(n, isDigit):
		return r.fail("tckn.digits")
	case len(n) != 11:
		return r.fail("tckn.length", "have", strconv.Itoa(len(n)))
	case n[0] == '0':
		return r.fail("tckn.first-digit")
	}
	odd, even := weighted(n, 1, 0, 1, 0, 1, 0, 1, 0, 1), weighted(n, 0, 1, 0, 1, 0, 1, 0, 1)
	if ((7*odd-even)%10+10)%10 != digit(n, 9) {
		return r.fail("tckn.digit-10")
	}
	if (odd+even+digit(n, 9))%10 != digit(n, 10) {
		return r.fail("tckn.digit-11")
	}
	if n[:2] == "99" {
		r.warn("tckn.foreigner")
	}
	return r.pass()
}
