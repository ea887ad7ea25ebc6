package identity

import (
	"strconv"
	"strings"
)

// checkIranNationalCode: ten digits, missing leading zeros are put back for eight or nine; with s = Σ d[i]·(10−i) and r = s mod 11
// the last digit is r below 2, else 11 − r.
func checkIranNationalCode(value string) Result {
	r, fine := digitsOf("ir-national-code", value, 8, 9, 10)
	if !fine {
		return r
	}
	n := strings.Repeat("0", 10-len(r.Normal)) + r.Normal
	r.Normal = n
	switch {
	case n == strings.Repeat(n[:1], 10):
		return r.fail("ir-national-code.same-digits")
	case n[3:9] == "000000":
		return r.fail("ir-national-code.zero-middle")
	}
	check := weighted(n, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11
	if check >= 2 {
		check = 11 - check
	}
	if check != digit(n, 9) {
		return r.fail("ir-national-code.check-digit")
	}
	return r.pass()
}

// checkIranCardSerial keeps the case: the seed letter says that large and small letters differ. Sources give 9 to 10
// characters, or exactly 10; the official pattern is not published.
func checkIranCardSerial(value string) Result {
	n := squeeze(value)
	r := Result{Kind: "ir-card-serial", Normal: n}
	if !allOf(n, isASCIIAlnum) {
		return r.fail("ir-card-serial.characters")
	}
	if len(n) != 9 && len(n) != 10 {
		return r.fail("ir-card-serial.length", "have", strconv.Itoa(len(n)))
	}
	if len(n) == 9 {
		r.warn("ir-card-serial.nine")
	}
	if allOf(n, isDigit) {
		r.warn("ir-card-serial.no-letter")
	}
	return r.pass()
}

// checkIranTrackingCode only warns: no source gives the format of the receipt's code.
func checkIranTrackingCode(value string) Result {
	n := squeeze(value)
	r := Result{Kind: "ir-tracking-code", Normal: n}
	if len(n) < 6 || len(n) > 12 || !allOf(n, isASCIIAlnum) {
		r.warn("ir-tracking-code.unusual")
	}
	return r.pass()
}
