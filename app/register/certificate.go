// Package register shows certificates as a holder wants to see them: whose, for what, how
// long, qualified or not, and which one is the current one.
//
// It promises: Parse never fails and never hides a certificate (a broken one carries its Problem
// and whatever could still be read); names keep the order and the wording of the certificate; the
// functions are pure and safe for concurrent use.
//
// It never checks trust or revocation, and never touches a card or a file. "Qualified" is
// what the certificate says of itself.
package register

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"strings"
	"time"
)

// Certificate is an X.509 certificate, read for people.
type Certificate struct {
	Fingerprint  string            // SHA-256 of DER, lower-case hex
	SHA1         string            // lower-case hex; some offices still ask for it
	DER          []byte            //
	X509         *x509.Certificate // nil when Go cannot read it; its PublicKey is nil for GOST
	Subject      []Attribute       // in the certificate's order
	Issuer       []Attribute       //
	HolderName   string            //
	Organisation string            //
	Country      string            // C of the subject, else of the issuer; upper case
	NationalID   string            // as written: T.C. Kimlik No, СНИЛС, …; "" when there is none
	NumberName   string            // what the certificate's country calls that number (СНИЛС, ИНН, ОГРНИП …); "" when it has no name of its own
	IssuerName   string            //
	Serial       string            // lower-case hex, whole bytes
	NotBefore    time.Time         // UTC
	NotAfter     time.Time         // UTC
	Purpose      string            // one of the Purpose constants
	Qualified    bool              //
	QualifiedWhy Reason            // what says so, or what is missing
	KeyAlgorithm string            // "rsa-2048", "ec-p256", "gost2012-256", else the OID
	SPKI         []byte            // DER SubjectPublicKeyInfo
	CRL          []string          // URLs
	Policies     []string          // dotted OIDs
	Problem      string            // why it cannot be used; "" when it was read
	ProblemID    string            // stable word for Problem: translation key "register.problem.<ProblemID>"
}

// Parse reads a certificate as a card gives it. Padding of zeros or FF after the
// certificate, which some cards leave, is cut off. It never fails: see Problem.
func Parse(der []byte) Certificate {
	der = bytes.Clone(trimPadding(der))
	sum, old := sha256.Sum256(der), sha1.Sum(der)
	c := Certificate{
		Fingerprint: hex.EncodeToString(sum[:]),
		SHA1:        hex.EncodeToString(old[:]),
		DER:         der,
		Purpose:     PurposeOther,
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		c.readBroken(err)
		return c
	}
	c.X509 = parsed
	c.setNames(parsed.RawSubject, parsed.RawIssuer)
	c.Serial = serialHex(parsed.SerialNumber)
	c.NotBefore, c.NotAfter = parsed.NotBefore.UTC(), parsed.NotAfter.UTC()
	if c.NotAfter.Before(c.NotBefore) {
		c.fail("dates", "it ends before it begins")
	}
	c.SPKI = parsed.RawSubjectPublicKeyInfo
	c.KeyAlgorithm = ReadKey(c.SPKI).ID
	c.CRL = parsed.CRLDistributionPoints
	for _, p := range parsed.Policies {
		c.Policies = append(c.Policies, p.String())
	}
	c.Purpose = purpose(parsed)
	c.Qualified, c.QualifiedWhy = qualified(&c)
	return c
}

// fail keeps the first reason why the certificate cannot be used.
func (c *Certificate) fail(id, text string) {
	if c.Problem == "" {
		c.ProblemID, c.Problem = id, text
	}
}

// DaysLeft counts calendar days until the certificate ends, in the time zone of now:
// 0 means that it ends later today. After the end it is negative, -1 at the most.
func (c Certificate) DaysLeft(now time.Time) int {
	const day = 24 * 60 * 60 // in seconds: a time.Duration ends after 292 years
	days := int((midnight(c.NotAfter.In(now.Location())).Unix() - midnight(now).Unix()) / day)
	if now.After(c.NotAfter) {
		return min(days, -1)
	}
	return days
}

// midnight puts a calendar day on the UTC line, where every day has 24 hours.
func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (c *Certificate) setNames(subject, issuer []byte) {
	c.Subject = c.name("subject", subject)
	c.Issuer = c.name("issuer", issuer)
	c.Country = strings.ToUpper(find(c.Subject, oidCountry))
	if c.Country == "" {
		c.Country = strings.ToUpper(find(c.Issuer, oidCountry))
	}
	c.Organisation = find(c.Subject, oidOrganisation)
	c.HolderName = holderName(c.Subject, c.Country)
	oid, number := nationalID(c.Subject)
	c.NationalID, c.NumberName = number, numberName(oid)
	c.IssuerName = firstOf(find(c.Issuer, oidCommonName), find(c.Issuer, oidOrganisation))
}

// name reads one of the two names and notes what is wrong with it.
func (c *Certificate) name(whose string, der []byte) []Attribute {
	name, err := ParseName(der)
	if err != nil {
		c.fail("name", whose+": "+err.Error())
	}
	for _, a := range name {
		if a.Fault != "" {
			c.fail("name", whose+": "+a.Fault+" in "+a.Short)
		}
	}
	return name
}

// trimPadding cuts filler bytes after the outer SEQUENCE; anything else stays for the parser to refuse.
func trimPadding(der []byte) []byte {
	var outer asn1.RawValue
	rest, err := asn1.Unmarshal(der, &outer)
	if err != nil || strings.Trim(string(rest), "\x00") != "" && strings.Trim(string(rest), "\xff") != "" {
		return der
	}
	return outer.FullBytes
}

func serialHex(n *big.Int) string {
	if n == nil {
		return ""
	}
	sign := ""
	if n.Sign() < 0 {
		sign = "-"
	}
	if n.Sign() == 0 {
		return "00"
	}
	return sign + hexOf(n.Bytes())
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
