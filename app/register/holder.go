package register

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// holderName is SN + G for a Russian subject, whose CN may be the organisation; else the CN.
func holderName(subject []Attribute, country string) string {
	surname, given := find(subject, oidSurname), find(subject, oidGivenName)
	if surname != "" && given != "" && (country == "RU" || find(subject, oidSNILS) != "") {
		return surname + " " + given
	}
	return firstOf(find(subject, oidCommonName), strings.TrimSpace(given+" "+surname), find(subject, oidOrganisation))
}

// nationalID picks the number that tells one holder from another: the person's first, the
// organisation's only when the certificate names no person.
func nationalID(subject []Attribute) (oid, value string) {
	for _, oid := range []string{oidSNILS, oidINN, oidOGRNIP, oidSerialNumber, oidUserID, oidINNLE, oidOGRN} {
		v := find(subject, oid)
		if oid == oidUserID {
			v = userID(subject)
		}
		// Before September 2021 a legal entity's ИНН stood in the person's field behind "00".
		if v == "" || oid == oidINN && strings.HasPrefix(v, "00") && find(subject, oidOGRN) != "" {
			continue
		}
		return oid, v
	}
	return "", ""
}

// numberName is the name that a number has in every language of the window, as it is written on the holder's papers.
func numberName(oid string) string {
	i := slices.IndexFunc(attributeKinds, func(k attributeKind) bool { return k.oid == oid && k.national })
	if i < 0 {
		return ""
	}
	return attributeKinds[i].name
}

// userID prefers a person's number: a Vietnamese certificate has the tax code of the employer beside it, which
// all its colleagues share.
func userID(subject []Attribute) string {
	for _, v := range vietnamese {
		for _, a := range subject {
			if value := strings.TrimSpace(a.Value); a.OID == oidUserID && strings.HasPrefix(strings.ToUpper(value), v.mark) {
				return value
			}
		}
	}
	return find(subject, oidUserID)
}

// HolderKey is the same for all certificates of one holder: made from country and national
// number, or from the subject when there is no number, or from the certificate itself when it cannot be
// read. It is a hash, so that numbers of persons do not end up in keys and logs.
func HolderKey(c Certificate) string {
	var seed string
	switch oid, id := nationalID(c.Subject); {
	case id != "":
		seed = "id|" + c.Country + "|" + oid + "|" + plainNumber(id)
	case c.X509 != nil && len(c.Subject) > 0:
		seed = "subject|" + string(c.X509.RawSubject)
	default:
		seed = "certificate|" + c.Fingerprint
	}
	sum := sha256.Sum256([]byte(seed))
	return hex.EncodeToString(sum[:])
}

// plainNumber drops the blanks and dashes of "112-233-445 95" and leaves other ids alone.
func plainNumber(id string) string {
	if strings.Trim(id, "0123456789- ") != "" {
		return strings.ToUpper(id)
	}
	return strings.NewReplacer("-", "", " ", "").Replace(id)
}
