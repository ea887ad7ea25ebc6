package identity

import (
	"regexp"
	"strconv"
	"strings"
)

// digitsOf is the common beginning: only digits, one of the lengths. The rule ids are kind.digits and kind.length.
func digitsOf(kind, value string, lengths ...int) (r Result, fine bool) {
	n := squeeze(value)
	r = Result{Kind: kind, Normal: n}
	if !allOf(n, isDigit) {
		return r.fail(kind + ".digits"), false
	}
	for _, length := range lengths {
		if len(n) == length {
			return r, true
		}
	}
	return r.fail(kind+".length", "have", strconv.Itoa(len(n))), false
}

// checkINN: 10 digits of an organisation with one check digit, 12 of a person with two; each is (Σ mod 11) mod 10.
func checkINN(value string) Result {
	r, fine := digitsOf("inn", value, 10, 12)
	if !fine {
		return r
	}
	n := r.Normal
	if len(n) == 10 {
		if weighted(n, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 != digit(n, 9) {
			return r.fail("inn.check-digit")
		}
		return r.pass()
	}
	if weighted(n, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 != digit(n, 10) {
		return r.fail("inn.check-digit-11")
	}
	if weighted(n, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 != digit(n, 11) {
		return r.fail("inn.check-digit-12")
	}
	return r.pass()
}

// checkSNILS: Σ d[i]·(9−i) mod 101, where 100 counts as 00. Numbers up to 001-001-998 are older than the rule.
func checkSNILS(value string) Result {
	r, fine := digitsOf("snils", value, 11)
	if !fine {
		return r
	}
	if r.Normal[:9] <= "001001998" {
		r.warn("snils.unchecked")
		return r.pass()
	}
	if weighted(r.Normal, 9, 8, 7, 6, 5, 4, 3, 2, 1)%101%100 != modulo(r.Normal[9:], 100) {
		return r.fail("snils.check-number")
	}
	return r.pass()
}

// checkOGRN: the 13th digit is the first twelve mod 11 mod 10.
func checkOGRN(value string) Result {
	r, fine := digitsOf("ogrn", value, 13)
	if !fine {
		return r
	}
	if modulo(r.Normal[:12], 11)%10 != digit(r.Normal, 12) {
		return r.fail("ogrn.check-digit")
	}
	if r.Normal[0] == '0' || r.Normal[0] == '3' {
		r.warn("ogrn.first-digit")
	}
	return r.pass()
}

// checkOGRNIP: the 15th digit is the first fourteen mod 13 mod 10.
func checkOGRNIP(value string) Result {
	r, fine := digitsOf("ogrnip", value, 15)
	if !fine {
		return r
	}
	if modulo(r.Normal[:14], 13)%10 != digit(r.Normal, 14) {
		return r.fail("ogrnip.check-digit")
	}
	if r.Normal[0] != '3' {
		r.warn("ogrnip.first-digit")
	}
	return r.pass()
}

var kppPattern = regexp.MustCompile(`^([0-9][1-9]|[1-9][0-9])[0-9]{2}[0-9A-Z]{2}[0-9]{3}$`)

// checkKPP has no check digit: only the pattern of the tax service's schema.
func checkKPP(value string) Result {
	n := strings.ToUpper(squeeze(value))
	r := Result{Kind: "kpp", Normal: n}
	if len([]rune(n)) != 9 {
		return r.fail("kpp.length", "have", strconv.Itoa(len([]rune(n))))
	}
	if !kppPattern.MatchString(n) {
		return r.fail("kpp.pattern")
	}
	return r.pass()
}

// checkAccount takes "BIK:account". The 23 digits of a prefix from the BIK and the account, weighted 7, 1, 3 …,
// sum up to 0 mod 10. The prefix is the last three digits of the BIK, and 0 with its digits 5 and 6 for an account
// that begins with 301. For treasury accounts (03…) the rule is unconfirmed, so a mismatch is a warning.
func checkAccount(value string) Result {
	bik, account, both := strings.Cut(value, ":")
	bik, account = squeeze(bik), squeeze(account)
	r := Result{Kind: "account", Normal: bik + ":" + account}
	switch {
	case !both:
		r.Normal = bik
		return r.fail("account.form")
	case len(bik) != 9 || !allOf(bik, isDigit):
		return r.fail("account.bik")
	case !allOf(account, isDigit):
		return r.fail("account.digits")
	case len(account) != 20:
		return r.fail("account.length", "have", strconv.Itoa(len(account)))
	}
	prefix := bik[6:]
	if strings.HasPrefix(account, "301") {
		prefix = "0" + bik[4:6]
	}
	sum := weighted(prefix+account, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1)
	if sum%10 == 0 {
		return r.pass()
	}
	if strings.HasPrefix(account, "03") {
		r.warn("account.unconfirmed")
		return r.pass()
	}
	return r.fail("account.key")
}
