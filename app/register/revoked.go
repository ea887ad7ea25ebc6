package register

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"slices"
	"time"

	"rekey/app/gost"
)

// Standing is what the revocation lists at hand say of a certificate.
type Standing struct {
	Word           string    // one of the List words
	At             time.Time // when it was revoked; zero when it was not
	Issued, Expiry time.Time // of the list that says so; zero without one
}

// Values of Standing.Word. Append only.
const (
	ListGood      = "not-revoked" // its issuer's list does not name it
	ListRevoked   = "revoked"
	ListOld       = "old-list"  // its issuer's list does not name it, and the next one is due
	ListBad       = "bad-list"  // the issuer's key did not make the list
	ListUnchecked = "unchecked" // the issuer is not there, or the list says something that Rekey does not know
	ListNone      = "no-list"   // no list of its issuer is there
)

var listWords = map[string]string{
	ListGood:      "It is not revoked by its issuer's list, whose signature was checked.",
	ListRevoked:   "REVOKED by its issuer's list, whose signature was checked.",
	ListOld:       "Its issuer's list does not name it; a newer one is due.",
	ListBad:       "The signature of its issuer's revocation list is wrong: the list says nothing.",
	ListUnchecked: "Its issuer's revocation list could not be checked.",
	ListNone:      "There is no revocation list of its issuer here.",
}

// StandingOf looks a certificate up in the newest list whose signature one of the issuers' keys has made; lists that nobody can
// check are believed nothing. It asks no server.
func StandingOf(c Certificate, issuers []Certificate, lists []*x509.RevocationList, now time.Time) Standing {
	said := Standing{Word: ListNone}
	if c.X509 == nil {
		return said
	}
	var newest *x509.RevocationList
	for _, l := range lists {
		if !bytes.Equal(l.RawIssuer, c.X509.RawIssuer) {
			continue
		}
		switch word := listSigned(l, issuers); {
		case word != ListGood && newest == nil:
			said.Word = word
		case word == ListGood && (newest == nil || l.ThisUpdate.After(newest.ThisUpdate)):
			newest = l
		}
	}
	if newest == nil {
		return said
	}
	said = Standing{Word: ListGood, Issued: newest.ThisUpdate, Expiry: newest.NextUpdate}
	i := slices.IndexFunc(newest.RevokedCertificateEntries, func(e x509.RevocationListEntry) bool {
		return e.SerialNumber.Cmp(c.X509.SerialNumber) == 0
	})
	switch {
	case i >= 0:
		said.Word, said.At = ListRevoked, newest.RevokedCertificateEntries[i].RevocationTime
	case !newest.NextUpdate.IsZero() && now.After(newest.NextUpdate):
		said.Word = ListOld
	}
	return said
}

// listSigned is ListGood when an issuer's key made the list and all of it is understood (RFC 5280 §5.2: a critical extension may say that
// it is only part of a list).
func listSigned(l *x509.RevocationList, issuers []Certificate) string {
	word := ListUnchecked
	for _, i := range issuers {
		if i.X509 == nil || !bytes.Equal(l.RawIssuer, i.X509.RawSubject) {
			continue
		}
		verify := func() error { return l.CheckSignatureFrom(i.X509) }
		if gost.IsKey(i.X509.RawSubjectPublicKeyInfo) {
			verify = func() error { return gost.VerifyCRL(l, i.X509) }
		}
		if verify() != nil {
			word = ListBad
			continue
		}
		if slices.ContainsFunc(l.Extensions, func(e pkix.Extension) bool { return e.Critical }) {
			return ListUnchecked
		}
		return ListGood
	}
	return word
}
