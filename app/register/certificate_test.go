package register

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"math/rand"
	"strings"
	"testing"
	"time"
)

func labels(name []Attribute) string {
	var all []string
	for _, a := range name {
		all = append(all, a.Name+"="+a.Value)
	}
	return strings.Join(all, " | ")
}

func TestTurkishCertificate(t *testing.T) {
	der := makeCertificate(t, turkish(t), func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{qcStatementsOf(t, oidQCCompliance, oidBTK)}
		c.Policies = []x509.OID{policy(t, "2.16.792.1.2.1.1.5.7.1.1")}
	})
	c := Parse(der)
	sum := sha256.Sum256(der)
	if c.Problem != "" || c.Fingerprint != hex.EncodeToString(sum[:]) || len(c.SHA1) != 40 {
		t.Errorf("%q %s %s", c.Problem, c.Fingerprint, c.SHA1)
	}
	if got, want := labels(c.Subject), "T.C. Kimlik No=10000000146 | Country=TR | Common name=ŞULE ÇIĞIR"; got != want {
		t.Errorf("subject %s", got)
	}
	if c.HolderName != "ŞULE ÇIĞIR" || c.NationalID != "10000000146" || c.NumberName != "" || c.Serial != "0a0b" || c.Country != "TR" {
		t.Errorf("%q %q %q %q", c.HolderName, c.NationalID, c.Serial, c.Country)
	}
	if c.Purpose != PurposeSigning || !c.Qualified || c.KeyAlgorithm != "ec-p256" {
		t.Errorf("%q %v (%s) %q", c.Purpose, c.Qualified, c.QualifiedWhy, c.KeyAlgorithm)
	}
	if len(c.CRL) != 1 || len(c.Policies) != 1 || c.Policies[0] != "2.16.792.1.2.1.1.5.7.1.1" {
		t.Errorf("%v %v", c.CRL, c.Policies)
	}
}

func TestRussianCertificate(t *testing.T) {
	c := Parse(makeCertificate(t, russian(t), func(c *x509.Certificate) {
		c.KeyUsage |= x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment
		c.Policies = []x509.OID{policy(t, "1.2.643.100.113.1")}
		c.ExtraExtensions = []pkix.Extension{{Id: oid(t, oidIssuerSignTool), Value: []byte{0x30, 0}}}
	}))
	want := "Common name=ООО «Учебная больница» | Surname=Щукина | Given name=Шарлотта Иванова | Organisation=ООО «Учебная больница» | " +
		"ОГРН=1000000000008 | СНИЛС=11223344595 | ИНН ЮЛ=0000000000 | Country=RU"
	if got := labels(c.Subject); got != want {
		t.Errorf("subject %s", got)
	}
	if c.HolderName != "Щукина Шарлотта Иванова" || c.Organisation != "ООО «Учебная больница»" || c.NationalID != "11223344595" || c.NumberName != "СНИЛС" {
		t.Errorf("%q %q %q", c.HolderName, c.Organisation, c.NationalID)
	}
	if c.Purpose != PurposeSigning || !c.Qualified {
		t.Errorf("%q %v (%s)", c.Purpose, c.Qualified, c.QualifiedWhy)
	}
}

// testdata/gost.pem was made with OpenSSL's gost engine (invented person, test numbers).
func TestGOSTCertificateIsShownThoughGoCannotCheckIt(t *testing.T) {
	c := Parse(readPEM(t, "testdata/gost.pem"))
	if c.Problem != "" || c.X509 == nil || c.X509.PublicKey != nil {
		t.Fatalf("%q %v", c.Problem, c.X509)
	}
	if c.KeyAlgorithm != "gost2012-256" || c.HolderName != "Щукина Шарлотта Иванова" || c.NationalID != "11223344595" || c.Purpose != PurposeSigning {
		t.Errorf("%q %q %q %q", c.KeyAlgorithm, c.HolderName, c.NationalID, c.Purpose)
	}
	if !bytes.HasPrefix(c.SPKI, []byte{0x30}) {
		t.Error("no SPKI")
	}
}

func TestPurpose(t *testing.T) {
	for name, c := range map[string]struct {
		usage x509.KeyUsage
		ext   []x509.ExtKeyUsage
		more  []asn1.ObjectIdentifier
		want  string
	}{
		"nonRepudiation":          {x509.KeyUsageContentCommitment, nil, nil, PurposeSigning},
		"Russian, all four":       {signingUsage | x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment, []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, nil, PurposeSigning},
		"signature and e-mail":    {x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageEmailProtection}, nil, PurposeSigning},
		"login":                   {x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, []asn1.ObjectIdentifier{smartCardLogon}, PurposeAuthentication},
		"Turkish encryption slot": {x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment, nil, nil, PurposeEncryption},
		"key agreement":           {x509.KeyUsageKeyAgreement, nil, nil, PurposeEncryption},
		"time stamps":             {x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}, nil, PurposeOther},
		"authority":               {x509.KeyUsageCertSign, nil, nil, PurposeAuthority},
		"nothing said":            {0, nil, nil, PurposeSigning},
	} {
		got := Parse(makeCertificate(t, turkish(t), func(x *x509.Certificate) {
			x.KeyUsage, x.ExtKeyUsage, x.UnknownExtKeyUsage = c.usage, c.ext, c.more
		})).Purpose
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestQualified(t *testing.T) {
	for name, c := range map[string]struct {
		subject    []byte
		usage      x509.KeyUsage
		statements []string
		policies   []string
		want       bool
	}{
		"Turkish, as statements":  {turkish(t), signingUsage, []string{oidQCCompliance, oidBTK}, nil, true},
		"Turkish, BTK as policy":  {turkish(t), signingUsage, []string{oidQCCompliance}, []string{oidBTK}, true},
		"Turkish, both as policy": {turkish(t), signingUsage, nil, []string{oidBTK, oidQCCompliance}, true},
		"Turkish without BTK":     {turkish(t), signingUsage, []string{oidQCCompliance}, nil, false},
		"Turkish without ETSI":    {turkish(t), signingUsage, []string{oidBTK}, nil, false},
		"no nonRepudiation":       {turkish(t), x509.KeyUsageDigitalSignature, []string{oidQCCompliance, oidBTK}, nil, false},
		"for encryption":          {turkish(t), x509.KeyUsageKeyEncipherment, []string{oidQCCompliance, oidBTK}, nil, false},
		"Russian, class only":     {russian(t), signingUsage, nil, []string{"1.2.643.100.113.1"}, false},
		"elsewhere": {nameDER(t, part{"2.5.4.3", asn1.TagUTF8String, "A"}, part{"2.5.4.6", asn1.TagPrintableString, "EE"}),
			signingUsage, []string{oidQCCompliance}, nil, true},
	} {
		got := Parse(makeCertificate(t, c.subject, func(x *x509.Certificate) {
			x.KeyUsage = c.usage
			if c.statements != nil {
				x.ExtraExtensions = []pkix.Extension{qcStatementsOf(t, c.statements...)}
			}
			for _, p := range c.policies {
				x.Policies = append(x.Policies, policy(t, p))
			}
		}))
		if got.Qualified != c.want || got.QualifiedWhy.Text == "" {
			t.Errorf("%s: %v, %q", name, got.Qualified, got.QualifiedWhy)
		}
	}
}

func TestDaysLeft(t *testing.T) {
	istanbul := time.FixedZone("+03", 3*3600)
	end := time.Date(2026, 12, 14, 21, 30, 0, 0, time.UTC) // already the 15th in Istanbul
	for _, c := range []struct {
		now  time.Time
		want int
	}{
		{time.Date(2026, 11, 21, 23, 0, 0, 0, istanbul), 24},
		{time.Date(2026, 11, 21, 23, 0, 0, 0, time.UTC), 23},
		{time.Date(2026, 12, 15, 0, 0, 0, 0, istanbul), 0},
		{time.Date(2026, 12, 15, 1, 0, 0, 0, istanbul), -1},
		{time.Date(2026, 12, 17, 1, 0, 0, 0, istanbul), -2},
	} {
		if got := (Certificate{NotAfter: end}).DaysLeft(c.now); got != c.want {
			t.Errorf("%v: %d, want %d", c.now, got, c.want)
		}
	}
}

func TestBrokenCertificatesAreShown(t *testing.T) {
	der := makeCertificate(t, russian(t), nil)
	if c := Parse(append(bytes.Clone(der), make([]byte, 300)...)); c.Problem != "" || c.Fingerprint != Parse(der).Fingerprint {
		t.Errorf("padding: %q", c.Problem)
	}
	if c := Parse(append(bytes.Clone(der), 1, 2, 3)); c.Problem == "" {
		t.Error("a tail that is no padding passed")
	}
	bad := bytes.Replace(bytes.Clone(der), []byte{0x55, 0x1d, 0x0f, 1, 1, 0xff}, []byte{0x55, 0x1d, 0x0f, 1, 1, 0x07}, 1) // no boolean
	if c := Parse(bad); c.Problem == "" || c.X509 != nil || c.HolderName != "Щукина Шарлотта Иванова" || c.NotAfter.IsZero() || c.KeyAlgorithm != "ec-p256" {
		t.Errorf("a broken extension hides the rest: %+v", c)
	}
	for _, rubbish := range [][]byte{nil, {0x30}, []byte("not a certificate"), der[:len(der)/2]} {
		if c := Parse(rubbish); c.Problem == "" || len(c.Fingerprint) != 64 {
			t.Errorf("%x: %+v", rubbish, c)
		}
	}
	random := rand.New(rand.NewSource(1))
	for range 3000 {
		bad := bytes.Clone(der)
		for range 1 + random.Intn(4) {
			bad[random.Intn(len(bad))] = byte(random.Intn(256))
		}
		States([]Entry{{Certificate: Parse(bad)}}, nil, noon) // must not panic
	}
}

func TestNamesAreShownAsTheyAre(t *testing.T) {
	got, err := ParseName(nameDER(t,
		part{"2.5.4.3", asn1.TagBMPString, "\x04\x29\x00\x28"},
		part{"2.5.4.3", asn1.TagT61String, "G\xfcl"},
		part{"2.5.4.3", tagUniversalString, "\x00\x01\xF6\x00"},
		part{"2.5.4.3", asn1.TagUTF8String, "A\u202eB\nC"},
		part{"1.3.5.7", asn1.TagInteger, "\x01"},
		part{"2.5.4.3", asn1.TagUTF8String, "علی ب"},
	))
	want := "Common name=Щ( | Common name=Gül | Common name=😀 | Common name=A\ufffdB\ufffdC | 1.3.5.7=#020101 | Common name=علی ب"
	if err != nil || labels(got) != want {
		t.Errorf("%s %v", labels(got), err)
	}
	if oid, ok := AttributeOID("snils"); oid != oidSNILS || !ok {
		t.Error(oid, ok)
	}
	if _, ok := AttributeOID("shoe-size"); ok {
		t.Error("an unknown id passed")
	}
}
