package identity

import (
	"maps"
	"slices"
)

// ruleTexts is the English text of every rule and warning. The ids are stable: translations and stored events use
// them. Words in braces are filled from Result.Args.
var ruleTexts = map[string]string{
	"kind":  "There is no check of the kind {kind}.",
	"empty": "Nothing is filled in.",

	"tckn.digits":      "A T.C. identity number has digits only.",
	"tckn.length":      "A T.C. identity number has 11 digits, this has {have}.",
	"tckn.first-digit": "A T.C. identity number does not begin with 0.",
	"tckn.digit-10":    "The 10th digit does not fit the first nine: one of the digits is wrong.",
	"tckn.digit-11":    "The 11th digit does not fit the first ten: one of the digits is wrong.",
	"tckn.foreigner":   "A number that begins with 99 is a foreigner's number; only the check digits were tested.",

	"iban.characters":   "An IBAN has only the letters A to Z and digits.",
	"iban.country":      "No country uses IBANs that begin with {country}.",
	"iban.length":       "An IBAN of {country} has {want} characters, this has {have}.",
	"iban.check-digits": "The check digits of the IBAN do not fit: one of the characters is wrong.",
	"iban.tr-bank":      "In a Turkish IBAN the bank code (characters 5 to 9) has digits only.",
	"iban.tr-reserve":   "In a Turkish IBAN the 10th character is always 0.",
	"iban.unregistered": "The country is not in the IBAN registry; its usual length was tested.",

	"inn.digits":         "An INN has digits only.",
	"inn.length":         "An INN has 10 digits (organisation) or 12 (person), this has {have}.",
	"inn.check-digit":    "The last digit of the INN does not fit the others: one of the digits is wrong.",
	"inn.check-digit-11": "The 11th digit of the INN does not fit the others: one of the digits is wrong.",
	"inn.check-digit-12": "The 12th digit of the INN does not fit the others: one of the digits is wrong.",

	"snils.digits":       "A SNILS has digits only.",
	"snils.length":       "A SNILS has 11 digits, this has {have}.",
	"snils.check-number": "The last two digits of the SNILS do not fit the others: one of the digits is wrong.",
	"snils.unchecked":    "SNILS numbers up to 001-001-998 have no check digits; only the length was tested.",

	"ogrn.digits":        "An OGRN has digits only.",
	"ogrn.length":        "An OGRN has 13 digits, this has {have}.",
	"ogrn.check-digit":   "The last digit of the OGRN does not fit the others: one of the digits is wrong.",
	"ogrn.first-digit":   "An OGRN of an organisation usually does not begin with this digit.",
	"ogrnip.digits":      "An OGRNIP has digits only.",
	"ogrnip.length":      "An OGRNIP has 15 digits, this has {have}.",
	"ogrnip.check-digit": "The last digit of the OGRNIP does not fit the others: one of the digits is wrong.",
	"ogrnip.first-digit": "An OGRNIP usually begins with 3.",

	"kpp.length":  "A KPP has 9 characters, this has {have}.",
	"kpp.pattern": "A KPP has four digits (not beginning with 00), two digits or capital letters, and three digits.",

	"account.form":        "Give the bank's BIK and the account number with a colon between them.",
	"account.bik":         "A BIK has 9 digits.",
	"account.digits":      "An account number has digits only.",
	"account.length":      "An account number has 20 digits, this has {have}.",
	"account.key":         "The key of the account number does not fit this BIK: one of the digits is wrong.",
	"account.unconfirmed": "The key of a treasury account could not be confirmed; compare the number with its source.",

	"cccd.digits":     "A citizen's identity number has digits only.",
	"cccd.length":     "A citizen's identity number has 12 digits, this has {have}.",
	"cccd.province":   "The first three digits are not a province from 001 to 096.",
	"cccd.birth-year": "The number belongs to somebody born in {number}, the birth date says {person}.",
	"cccd.sex":        "The fourth digit of the number does not fit the sex.",

	"cross.tckn":  "The T.C. identity number {given} is not that of the certificate ({certificate}).",
	"cross.snils": "The SNILS {given} is not that of the certificate ({certificate}).",
	"cross.name":  "The name {given} is not letter for letter that of the certificate ({certificate}).",

	"mst.digits":      "A tax code has digits only, and a hyphen before the three digits of a branch.",
	"mst.length":      "A tax code has 10 digits, 10 and 3 for a branch, or 12 for a person; this has {have}.",
	"mst.check-digit": "The 10th digit of the tax code does not fit the others: one of the digits is wrong.",
	"mst.zero-rest":   "Sources disagree about the check digit of this tax code; compare it with its source.",

	"ir-national-code.digits":      "A national code has digits only.",
	"ir-national-code.length":      "A national code has 10 digits (leading zeros may be left out), this has {have}.",
	"ir-national-code.same-digits": "A national code does not consist of ten equal digits.",
	"ir-national-code.zero-middle": "In a national code the digits 4 to 9 are not all 0.",
	"ir-national-code.check-digit": "The last digit of the national code does not fit the others: one of the digits is wrong.",

	"ir-card-serial.characters": "A card serial has only the letters A to Z and digits.",
	"ir-card-serial.length":     "A card serial has 9 or 10 characters, this has {have}.",
	"ir-card-serial.nine":       "Most card serials have 10 characters, this has 9; compare it with the back of the card.",
	"ir-card-serial.no-letter":  "A card serial usually has at least one letter; large and small letters differ.",

	"ir-tracking-code.unusual": "A tracking code usually has 6 to 12 letters and digits.",

	"phone.characters": "A telephone number has digits, and a + in front of the country code.",
	"phone.length":     "A telephone number has 7 to 15 digits, this has {have}.",
	"phone.no-country": "The telephone number has no country code.",

	"email.at":        "A mail address has one @ with text on both sides.",
	"email.spaces":    "A mail address has no spaces.",
	"email.length":    "A mail address has at most 254 characters, and at most 64 before the @.",
	"email.dots":      "In a mail address no part begins or ends with a dot or has two dots together.",
	"email.local":     "The part before the @ has a character that mail addresses do not allow.",
	"email.domain":    "The part after the @ has a dot, and only letters, digits, hyphens and dots.",
	"email.non-ascii": "The mail address has letters outside A to Z; many mail servers refuse them.",
}

// Rules lists the id of every rule and warning, sorted: the translations must have them all.
func Rules() []string { return slices.Sorted(maps.Keys(ruleTexts)) }

// RuleText is the English text of a rule with its places in braces, or "" for an unknown id.
func RuleText(rule string) string { return ruleTexts[rule] }
