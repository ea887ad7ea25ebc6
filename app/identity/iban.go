package identity

import (
	"strconv"
	"strings"
)

// ibanLengths is the whole length of an IBAN for each country code of the SWIFT IBAN Registry, release 100
// (89 rows, read from a public copy of the registry's text file; a few rows compared with release of 2021).
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27,
	"BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28,
	"EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
	"GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
	"IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
	"LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28,
	"NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22,
	"RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25,
	"SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

// ibanUnregistered holds lengths in use that the registry does not list (collected by Wikipedia). They are
// accepted with a warning.
var ibanUnregistered = map[string]int{
	"AO": 25, "BF": 28, "BJ": 28, "CF": 27, "CG": 27, "CI": 28, "CM": 27, "CV": 25, "DZ": 26, "GA": 27,
	"GQ": 27, "GW": 25, "IR": 26, "KM": 27, "MA": 28, "MG": 27, "ML": 28, "MZ": 25, "NE": 28, "SN": 28,
	"TD": 27, "TG": 28,
}

// checkIBAN follows ISO 13616 and ISO 7064 MOD 97-10: country, length, letters and digits, check digits.
// For Turkey it also wants the five-digit bank code and the reserve digit 0 (TCMB's rule).
func checkIBAN(value string) Result {
	iban := strings.ToUpper(squeeze(value))
	r := Result{Kind: "iban", Normal: iban}
	if !allOf(iban, isDigitOrUpper) {
		return r.fail("iban.characters")
	}
	if len(iban) < 5 || !allOf(iban[:2], isUpper) {
		return r.fail("iban.country", "country", head(iban, 2))
	}
	country := iban[:2]
	want, listed := ibanLengths[country]
	if !listed {
		if want = ibanUnregistered[country]; want == 0 {
			return r.fail("iban.country", "country", country)
		}
		r.warn("iban.unregistered")
	}
	if len(iban) != want {
		return r.fail("iban.length", "country", country, "want", strconv.Itoa(want), "have", strconv.Itoa(len(iban)))
	}
	if !allOf(iban[2:4], isDigit) || iban[2:4] < "02" || iban[2:4] > "98" || mod97(iban[4:]+iban[:4]) != 1 {
		return r.fail("iban.check-digits")
	}
	if country == "TR" && !allOf(iban[4:9], isDigit) {
		return r.fail("iban.tr-bank")
	}
	if country == "TR" && iban[9] != '0' {
		return r.fail("iban.tr-reserve")
	}
	return r.pass()
}

// mod97 reads letters as two digits, A is 10.
func mod97(s string) int {
	rest := 0
	for _, c := range []byte(s) {
		if isDigit(c) {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest
}

// Groups writes an IBAN, a fingerprint or any other text without spaces in groups of n characters.
func Groups(s string, n int) string {
	var b strings.Builder
	for i := 0; i < len(s); i += n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s[i:min(i+n, len(s))])
	}
	return b.String()
}
