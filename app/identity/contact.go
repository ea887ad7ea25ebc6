package identity

import (
	"strconv"
	"strings"
)

// checkPhone follows ITU-T E.164: at most 15 digits with the country code. 00 in front becomes +. A national number
// passes with a warning, since the country is not known here.
func checkPhone(value string) Result {
	n := without(value, " -()./")
	if strings.HasPrefix(n, "00") {
		n = "+" + n[2:]
	}
	r := Result{Kind: "phone", Normal: n}
	digits := strings.TrimPrefix(n, "+")
	if !allOf(digits, isDigit) || digits == "" {
		return r.fail("phone.characters")
	}
	if len(digits) < 7 || len(digits) > 15 {
		return r.fail("phone.length", "have", strconv.Itoa(len(digits)))
	}
	if digits == n {
		r.warn("phone.no-country")
	}
	return r.pass()
}

// checkEmail tests the shape of RFC 5321 addresses as people use them: no quoted local part, no address literal. The
// domain becomes lower case, the part before the @ stays as it is.
func checkEmail(value string) Result {
	r := Result{Kind: "email", Normal: value}
	local, domain, _ := strings.Cut(value, "@")
	switch {
	case strings.Count(value, "@") != 1 || local == "" || domain == "":
		return r.fail("email.at")
	case strings.Contains(value, " "):
		return r.fail("email.spaces")
	case len(local) > 64 || len(value) > 254:
		return r.fail("email.length")
	case !allOf(local, mailAtom):
		return r.fail("email.local")
	case badDots(local) || badDots(domain):
		return r.fail("email.dots")
	}
	domain = strings.ToLower(domain)
	r.Normal = local + "@" + domain
	ascii := func(c byte) bool { return c < 0x80 }
	hostname := func(c byte) bool { return isASCIIAlnum(c) || c == '-' || c == '.' || c >= 0x80 }
	if !strings.Contains(domain, ".") || !allOf(domain, hostname) {
		return r.fail("email.domain")
	}
	if !allOf(r.Normal, ascii) {
		r.warn("email.non-ascii")
	}
	return r.pass()
}

// mailAtom: the characters of RFC 5322 atoms, the dot, and what RFC 6531 adds.
func mailAtom(c byte) bool {
	return isASCIIAlnum(c) || c >= 0x80 || strings.IndexByte("!#$%&'*+-/=?^_`{|}~.", c) >= 0
}

func badDots(s string) bool {
	return strings.HasPrefix(s, ".") || strings.HasSuffix(s, ".") || strings.Contains(s, "..")
}
