package identity

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Sex as a Vietnamese identity number shows it.
type Sex byte

// Sexes. Zero means that it is not known here and not compared.
const (
	SexUnknown Sex = iota
	Male
	Female
)

// CheckCCCD is Check("cccd") compared with the birth date and the sex of the person: the fourth digit is twice the number of
// centuries since 1900, plus 1 for a woman; the next two are the year in its century (decree 137/2015, article 13). A zero birth
// date is not compared.
func CheckCCCD(value string, birth time.Time, sex Sex) Result {
	r := Check("cccd", value)
	if !r.OK {
		return r
	}
	century, two := digit(r.Normal, 3)/2, r.Normal[4:6]
	if !birth.IsZero() {
		year := 1900 + 100*century + modulo(two, 100)
		if year != birth.Year() {
			return r.fail("cccd.birth-year", "number", strconv.Itoa(year), "person", strconv.Itoa(birth.Year()))
		}
	}
	if sex != SexUnknown && (digit(r.Normal, 3)%2 == 1) != (sex == Female) {
		return r.fail("cccd.sex")
	}
	return r
}

// Difference is one thing in which a holder's data and the current certificate do not agree: somebody has to be asked.
type Difference struct {
	Rule        string // cross.tckn, cross.snils, cross.name
	Given       string
	Certificate string
}

// Text is the English text of the difference.
func (d Difference) Text() string {
	r := Result{Args: map[string]string{"given": d.Given, "certificate": d.Certificate}}
	return r.text(d.Rule)
}

// SameTCKN compares a T.C. identity number with the one of the certificate (its subject serial number, which may carry a
// prefix such as TCKN or PNOTR-). ok is true when they agree or the certificate has none.
func SameTCKN(given, certificate string) (d Difference, ok bool) {
	return sameNumber("cross.tckn", given, certificate, 11)
}

// SameSNILS compares two СНИЛС, digit for digit; the dashes and the space with which it is printed do not count.
func SameSNILS(given, certificate string) (d Difference, ok bool) {
	return sameNumber("cross.snils", given, certificate, 11)
}

func sameNumber(rule, given, certificate string, length int) (Difference, bool) {
	a, b := digitsIn(Normalise(given)), digitsIn(Normalise(certificate))
	if b == "" || a == b && len(a) == length {
		return Difference{}, true
	}
	return Difference{rule, given, certificate}, false
}

func digitsIn(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// SameName compares names letter for letter: Ё is not Е, a hyphen is not a space, and an initial is not a name. Only what
// cannot be seen is left out: how a letter is composed, and more than one space. The case of letters does not count: certificates are
// often written in capitals. ok is true when the certificate has no name.
func SameName(given, certificate string) (d Difference, ok bool) {
	a, b := nameKey(given), nameKey(certificate)
	if b == "" || a == b {
		return Difference{}, true
	}
	return Difference{"cross.name", given, certificate}, false
}

func nameKey(s string) string {
	s = strings.Join(strings.Fields(norm.NFC.String(s)), " ")
	// İ and I, i and ı are two letters each; without a language both ways of folding are taken together.
	s = strings.NewReplacer("İ", "i", "ı", "i").Replace(s)
	return strings.ToLower(s)
}

// Person is what is compared with the current certificate. Empty fields are not compared.
type Person struct {
	Surname, GivenName string // ФИО: surname; name and patronymic
	SNILS, TCKN        string
}

// Cross compares a holder's data with those of the current certificate: every difference is a reason to stop and ask.
func Cross(holder, certificate Person) []Difference {
	var all []Difference
	for _, c := range []struct {
		same               func(given, certificate string) (Difference, bool)
		given, certificate string
	}{
		{SameName, holder.Surname, certificate.Surname},
		{SameName, holder.GivenName, certificate.GivenName},
		{SameSNILS, holder.SNILS, certificate.SNILS},
		{SameTCKN, holder.TCKN, certificate.TCKN},
	} {
		if c.given == "" {
			continue
		}
		if d, ok := c.same(c.given, c.certificate); !ok {
			all = append(all, d)
		}
	}
	return all
}
