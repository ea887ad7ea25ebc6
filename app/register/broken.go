package register

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"strings"
	"time"
)

// problems are all values of ProblemID, with a sentence for people. Append only.
var problems = map[string]string{
	"empty":               "The certificate is empty.",
	"not-a-certificate":   "This is not a certificate.",
	"truncated":           "Its end is missing.",
	"trailing":            "There are other data behind it.",
	"negative-serial":     "Its serial number is negative.",
	"dates":               "Its dates are impossible.",
	"name":                "A name in it is damaged.",
	"duplicate-extension": "An extension is in it twice.",
	"key":                 "Its key is of a kind that Rekey cannot use.",
	"unreadable":          "It is damaged.",
}

// readBroken shows what can be shown of a certificate that Go refused with err, and says what is wrong with it
// in words that hold nothing of its contents.
func (c *Certificate) readBroken(err error) {
	if len(c.DER) == 0 {
		c.fail("empty", "the certificate object is empty")
		return
	}
	var outer asn1.RawValue
	rest, outerErr := asn1.Unmarshal(c.DER, &outer)
	r := readRaw(c.DER)
	switch {
	case r.issuer == nil && r.subject == nil && !errors.Is(r.err, errTruncated):
		c.fail("not-a-certificate", "this is not a certificate")
	case outerErr != nil && errors.Is(r.err, errTruncated):
		c.fail("truncated", fmt.Sprintf("its end is missing: %d bytes are there", len(c.DER)))
	case outerErr == nil && len(rest) > 0:
		c.fail("trailing", fmt.Sprintf("%d bytes too many behind it", len(rest)))
	case r.serial != nil && r.serial.Sign() < 0:
		c.fail("negative-serial", "the serial number is negative")
	case r.notBefore.IsZero() || r.notAfter.IsZero():
		c.fail("dates", "the dates of its validity cannot be read")
	case twice(r.extensions):
		c.fail("duplicate-extension", "an extension is in it twice")
	}
	c.setNames(r.subject, r.issuer)
	if r.serial != nil {
		c.Serial = serialHex(r.serial)
	}
	c.NotBefore, c.NotAfter = utc(r.notBefore), utc(r.notAfter)
	c.SPKI = r.spki
	c.KeyAlgorithm = ReadKey(r.spki).ID
	text := err.Error()
	if strings.Contains(text, "elliptic curve") || strings.Contains(text, "modulus") || strings.Contains(text, "exponent") {
		c.fail("key", strings.TrimPrefix(text, "x509: "))
	}
	c.fail("unreadable", strings.TrimPrefix(text, "x509: "))
}

func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}

func twice(all []rawExtension) bool {
	seen := map[string]bool{}
	for _, e := range all {
		if e.oid != "" && seen[e.oid] {
			return true
		}
		seen[e.oid] = true
	}
	return false
}
