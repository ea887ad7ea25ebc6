package register

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// part is one attribute of a test name: dotted OID, ASN.1 tag, text.
type part struct {
	oid  string
	tag  int
	text string
}

// nameDER encodes the parts in their order, as pkix.Name would not.
func nameDER(t testing.TB, parts ...part) []byte {
	t.Helper()
	type pair struct {
		OID   asn1.ObjectIdentifier
		Value asn1.RawValue
	}
	var rdns []asn1.RawValue
	for _, p := range parts {
		der, err := asn1.Marshal(pair{oid(t, p.oid), asn1.RawValue{Tag: p.tag, Bytes: []byte(p.text)}})
		if err != nil {
			t.Fatal(err)
		}
		rdns = append(rdns, asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: der})
	}
	der, err := asn1.Marshal(rdns)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func oid(t testing.TB, dotted string) asn1.ObjectIdentifier {
	t.Helper()
	var id asn1.ObjectIdentifier
	for _, s := range strings.Split(dotted, ".") {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		id = append(id, n)
	}
	return id
}

func policy(t testing.TB, dotted string) x509.OID {
	t.Helper()
	p, err := x509.ParseOID(dotted)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// qcStatementsOf is the extension of RFC 3739 §3.2.6.
func qcStatementsOf(t testing.TB, ids ...string) pkix.Extension {
	t.Helper()
	type statement struct{ ID asn1.ObjectIdentifier }
	var all []statement
	for _, id := range ids {
		all = append(all, statement{oid(t, id)})
	}
	der, err := asn1.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return pkix.Extension{Id: oid(t, oidQCStatements), Value: der}
}

const signingUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// make signs a certificate with a throw-away key of its own; the issuer's name is the subject.
func makeCertificate(t testing.TB, subject []byte, change func(*x509.Certificate)) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(0x0a0b), RawSubject: subject, KeyUsage: signingUsage,
		NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(0, 0, 23),
		CRLDistributionPoints: []string{"http://127.0.0.1:9/demo.crl"},
	}
	if change != nil {
		change(c)
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func turkish(t testing.TB) []byte {
	return nameDER(t, part{"2.5.4.5", asn1.TagPrintableString, "10000000146"}, part{"2.5.4.6", asn1.TagPrintableString, "TR"},
		part{"2.5.4.3", asn1.TagUTF8String, "ŞULE ÇIĞIR"})
}

func russian(t testing.TB) []byte {
	return nameDER(t, part{"2.5.4.3", asn1.TagUTF8String, "ООО «Учебная больница»"}, part{"2.5.4.4", asn1.TagUTF8String, "Щукина"},
		part{"2.5.4.42", asn1.TagUTF8String, "Шарлотта Иванова"}, part{"2.5.4.10", asn1.TagUTF8String, "ООО «Учебная больница»"},
		part{"1.2.643.100.1", asn1.TagNumericString, "1000000000008"}, part{"1.2.643.100.3", asn1.TagNumericString, "11223344595"},
		part{"1.2.643.100.4", asn1.TagNumericString, "0000000000"}, part{"2.5.4.6", asn1.TagPrintableString, "RU"})
}

func readPEM(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatalf("%s holds no PEM", path)
	}
	return block.Bytes
}
