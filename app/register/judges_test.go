package register

import (
	"bytes"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// openssl runs the judge that is not ours; without it the test fails.
func openssl(t testing.TB, args ...string) string {
	t.Helper()
	out, err := exec.Command("openssl", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// made makes a certificate with OpenSSL from a subject and extensions in its configuration language.
func made(t testing.TB, subject, extensions string, key ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	conf := filepath.Join(dir, "openssl.cnf")
	text := "[req]\ndistinguished_name = dn\nprompt = no\nutf8 = yes\nstring_mask = utf8only\nx509_extensions = ext\n[dn]\n" + subject + "\n[ext]\n" + extensions + "\n"
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "c.der")
	openssl(t, append([]string{"req", "-x509", "-nodes", "-config", conf, "-days", "400", "-utf8", "-keyout", filepath.Join(dir, "key"), "-outform", "DER", "-out", out}, key...)...)
	der, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

const russianSubject = "CN = ООО «Учебная больница, № 1»\nSN = Щукина\nGN = Шарлотта Иванова\nO = ООО «Учебная больница, № 1»\ntitle = Главный врач\n" +
	"street = ул. Учебная, д. 1\nL = Энск\nST = 00 Учебная область\nC = RU\nOGRN = 1000000000008\nSNILS = 11223344595\nINN = 000000000000\nx.1.2.643.100.4 = 0000000000\nx.1.2.643.100.5 = 300000000000000\nemailAddress = a@example.org"

// nameOf asks OpenSSL for the subject as RFC 2253 writes it.
func nameOf(t testing.TB, der []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "c.der")
	if err := os.WriteFile(file, der, 0o600); err != nil {
		t.Fatal(err)
	}
	out := openssl(t, "x509", "-inform", "DER", "-in", file, "-noout", "-subject", "-nameopt", "RFC2253,utf8,-esc_msb,-dump_unknown,-dump_der")
	out = strings.TrimSuffix(strings.TrimPrefix(out, "subject="), "\n")
	return strings.NewReplacer("1.2.643.100.4=", "INNLE=", "1.2.643.100.5=", "OGRNIP=").Replace(out)
}

func TestNamesAsOpenSSLSaysThem(t *testing.T) {
	for name, subject := range map[string]string{
		"Russian":    russianSubject,
		"Turkish":    "serialNumber = 10000000146\nC = TR\nCN = ŞULE ÇIĞIR",
		"Vietnamese": "C = VN\nST = Hà Nội\nO = Bệnh viện Mẫu\nCN = NGUYỄN THỊ MẪU\n0.UID = MST:0100000000\n1.UID = CCCD:001100000000",
		"Iranian":    "C = IR\nO = درمانگاه نمونه\nserialNumber = 1000000001\nCN = نمونه آزمایشی",
		"escapes":    "CN = a \\\"b\\\" + c\\; <d> \\\\e\nO = \\# first\nOU = x=y",
		"two in one": "C = EE\nCN = A\n+serialNumber = 1\nO = B",
	} {
		der := made(t, subject, "keyUsage = nonRepudiation", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
		c := Parse(der)
		if got, want := DistinguishedName(c.Subject), nameOf(t, der); got != want || c.Problem != "" {
			t.Errorf("%s:\n got %s\nwant %s\n%s", name, got, want, c.Problem)
		}
	}
}

func TestNationalFieldsByTheirUsualNames(t *testing.T) {
	for name, x := range map[string]struct{ subject, want, id string }{
		"Russian":    {russianSubject, "ОГРН СНИЛС ИНН ИНН ЮЛ ОГРНИП", "11223344595"},
		"Turkish":    {"serialNumber = 10000000146\nC = TR\nCN = ŞULE ÇIĞIR", "T.C. Kimlik No", "10000000146"},
		"Vietnamese": {"C = VN\nCN = NGUYỄN THỊ MẪU\n0.UID = MST:0100000000\n1.UID = CCCD:001100000000", "Mã số thuế Số định danh cá nhân", "CCCD:001100000000"},
		"Iranian":    {"C = IR\nserialNumber = 1000000001\nCN = نمونه آزمایشی", "کد ملی", "1000000001"},
	} {
		c := Parse(made(t, x.subject, "keyUsage = nonRepudiation", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"))
		var got []string
		for _, a := range c.Subject {
			if strings.HasPrefix(a.OID, "1.2.643") || a.OID == oidSerialNumber || a.OID == oidUserID {
				got = append(got, a.Name)
			}
		}
		if strings.Join(got, " ") != x.want || c.NationalID != x.id {
			t.Errorf("%s: %q, %q", name, got, c.NationalID)
		}
	}
}

func TestGOSTKeysAreNamedWithTheirParameters(t *testing.T) {
	for _, x := range []struct{ algorithm, set, id, parameters, signature string }{
		{"gost2012_256", "A", "gost2012-256", "id-GostR3410-2001-CryptoPro-A-ParamSet", "1.2.643.7.1.1.3.2"},
		{"gost2012_256", "B", "gost2012-256", "id-GostR3410-2001-CryptoPro-B-ParamSet", "1.2.643.7.1.1.3.2"},
		{"gost2012_256", "XA", "gost2012-256", "id-GostR3410-2001-CryptoPro-XchA-ParamSet", "1.2.643.7.1.1.3.2"},
		{"gost2012_256", "TCB", "gost2012-256", "id-tc26-gost-3410-2012-256-paramSetB", "1.2.643.7.1.1.3.2"},
		{"gost2012_512", "A", "gost2012-512", "id-tc26-gost-3410-2012-512-paramSetA", "1.2.643.7.1.1.3.3"},
		{"gost2012_512", "B", "gost2012-512", "id-tc26-gost-3410-2012-512-paramSetB", "1.2.643.7.1.1.3.3"},
		{"gost2001", "A", "gost2001", "id-GostR3410-2001-CryptoPro-A-ParamSet", "1.2.643.2.2.3"},
	} {
		der := made(t, russianSubject, "keyUsage = digitalSignature, nonRepudiation\ncertificatePolicies = 1.2.643.100.113.1",
			"-engine", "gost", "-newkey", x.algorithm, "-pkeyopt", "paramset:"+x.set)
		c := Parse(der)
		k, s := c.Key(), c.Signature()
		known := x.id != "gost2001" // of 2001 Rekey knows the names only
		if c.Problem != "" || k.ID != x.id || k.Parameters != x.parameters || k.Checkable != known || s.OID != x.signature || s.Checkable != known || s.Name == s.OID {
			t.Errorf("%s %s: %q %+v %+v", x.algorithm, x.set, c.Problem, k, s)
		}
		if want := map[string]int{"gost2012-512": 512}[x.id]; k.Bits != max(want, 256) {
			t.Errorf("%s %s: %d bits", x.algorithm, x.set, k.Bits)
		}
		if strings.Contains(laidOut(c), "cannot check") == known {
			t.Errorf("%s: what is said of checking is wrong", x.algorithm)
		}
		want := map[bool]string{true: SignedChecked, false: SignedUnchecked}[known]
		if chain := Chain(c, nil); len(chain) != 1 || chain[0].Signed != want || !chain[0].Root {
			t.Errorf("%s: chain %+v", x.algorithm, chain)
		}
	}
}

// The public roots of the Russian state authority are shown in Russian terms, and their own signature is checked.
func TestPublicRoots(t *testing.T) {
	rest, err := os.ReadFile("../gost/testdata/roots.pem")
	if err != nil {
		t.Fatal(err)
	}
	for _, wanted := range [][]string{
		{"Минкомсвязь России", "ИНН|1.2.643.3.131.1.1|007710474375", "ОГРН|1.2.643.100.1|1047702026701", "ПАКМ «КриптоПро HSM»", "GOST R 34.10-2012", "CryptoPro-A", "1.2.643.100.113.5"},
		{"Минцифры России", "ИНН ЮЛ|1.2.643.100.4|7710474375", "Private key until||2034-02-02 12:55:54 +03:00", "Signature tools of the issuer||ПАКМ «КриптоПро HSM»"},
	} {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			t.Fatal("a root is missing")
		}
		c := Parse(block.Bytes)
		shown := laidOut(c)
		for _, want := range wanted {
			if !strings.Contains(shown, want) {
				t.Errorf("%s is not shown of %s:\n%s", want, c.HolderName, shown)
			}
		}
		if chain := Chain(c, nil); c.Problem != "" || len(chain) != 1 || chain[0].Signed != SignedChecked || !chain[0].Root || c.Purpose != PurposeAuthority {
			t.Errorf("%s: %q %+v %s", c.HolderName, c.Problem, chain, c.Purpose)
		}
	}
}

// laidOut writes the details as text.
func laidOut(c Certificate) string {
	var b strings.Builder
	for _, s := range Details(English{}, c, time.Date(2026, 11, 21, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))) {
		b.WriteString("[" + s.ID + "]\n")
		for _, r := range s.Rows {
			b.WriteString(r.Name + "|" + r.OID + "|" + r.Value + "\n")
		}
	}
	return b.String()
}

const fullExtensions = `keyUsage = critical, digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment
extendedKeyUsage = clientAuth, emailProtection, 1.2.643.2.2.34.6, 1.2.3.4
certificatePolicies = 1.2.643.100.113.1, 1.2.643.100.113.2, @own
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:http://crl.example.org/a.crl, URI:http://crl.example.org/b.crl
authorityInfoAccess = OCSP;URI:http://ocsp.example.org, caIssuers;URI:http://ca.example.org/ca.crt
subjectAltName = email:a@example.org, dirName:alt
1.2.643.100.111 = ASN1:FORMAT:UTF8,UTF8:СКЗИ «Учебное 1.0»
1.2.643.100.112 = ASN1:SEQUENCE:tools
1.2.643.100.114 = ASN1:INTEGER:1
2.5.29.16 = ASN1:SEQUENCE:period
1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:qc
1.2.3.4.5 = DER:0500
[own]
policyIdentifier = 1.2.3.99
CPS.1 = http://cps.example.org
[alt]
CN = Another name
[tools]
a = FORMAT:UTF8,UTF8:СКЗИ «Учебное»
b = FORMAT:UTF8,UTF8:ПАК «Учебный УЦ»
c = FORMAT:UTF8,UTF8:№ 1 от 01.01.2026
d = FORMAT:UTF8,UTF8:№ 2 от 01.01.2026
[period]
a = IMPLICIT:0,GENTIME:20261101000000Z
b = IMPLICIT:1,GENTIME:20280201000000Z
[qc]
a = SEQUENCE:qc1
[qc1]
a = OID:0.4.0.1862.1.1`

func TestEverythingThatACertificateSays(t *testing.T) {
	der := made(t, russianSubject, fullExtensions, "-newkey", "rsa:2048")
	c := Parse(der)
	if c.Problem != "" || !c.Qualified || c.QualifiedWhy.ID != "ru-yes" || strings.Join(c.QualifiedWhy.Args, "=") != "class=КС1" {
		t.Fatalf("%q %v %+v", c.Problem, c.Qualified, c.QualifiedWhy)
	}
	got := laidOut(c)
	for _, want := range []string{
		"ИНН ЮЛ|1.2.643.100.4|0000000000", "СНИЛС|1.2.643.100.3|11223344595", "Title|2.5.4.12|Главный врач",
		"Private key from||2026-11-01 03:00:00 +03:00", "Private key until||2028-02-01 03:00:00 +03:00",
		"Key usage||digital signature, non-repudiation, key encipherment, data encipherment",
		"Extended key usage||client authentication, e-mail protection, user of the registration centre, HTTP, TLS client, 1.2.3.4",
		"Policies||КС1, КС2, 1.2.3.99", "Qualified||yes\nIt names the class of the signature tool (КС1)",
		"Key|1.2.840.113549.1.1.1|RSA", "Size in bits||2048", "Signature algorithm|1.2.840.113549.1.1.11|SHA-256 with RSA",
		"Revocation lists||http://crl.example.org/a.crl\nhttp://crl.example.org/b.crl", "OCSP||http://ocsp.example.org", "Issuer's certificate||http://ca.example.org/ca.crt",
		"СКЗИ «Учебное 1.0»", "ПАК «Учебный УЦ»\n№ 1 от 01.01.2026", "How the holder was identified|1.2.643.100.114|by a qualified signature, remotely",
		"qualified certificate (ETSI QcCompliance)", "http://cps.example.org", "a@example.org\nCN=Another name", "1.2.3.4.5|1.2.3.4.5|0500", "КС1 (1.2.643.100.113.1)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("not there: %s", want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
	file := filepath.Join(t.TempDir(), "c.der")
	if err := os.WriteFile(file, der, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, algorithm := range []string{"-sha256", "-sha1"} {
		_, sum, _ := strings.Cut(openssl(t, "x509", "-inform", "DER", "-in", file, "-noout", "-fingerprint", algorithm), "=")
		if !strings.Contains(got, strings.TrimSpace(sum)) {
			t.Errorf("no fingerprint %s", sum)
		}
	}
	text := openssl(t, "x509", "-inform", "DER", "-in", file, "-noout", "-serial")
	if want := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(text, "serial="))); c.Serial != want {
		t.Errorf("serial %s, want %s", c.Serial, want)
	}
}

func TestBundles(t *testing.T) {
	der := made(t, russianSubject, "keyUsage = nonRepudiation", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(path("c.der"), der, 0o600); err != nil {
		t.Fatal(err)
	}
	openssl(t, "x509", "-inform", "DER", "-in", path("c.der"), "-out", path("c.pem"))
	openssl(t, "crl2pkcs7", "-nocrl", "-certfile", path("c.pem"), "-out", path("c.p7b"))
	openssl(t, "crl2pkcs7", "-nocrl", "-certfile", path("c.pem"), "-outform", "DER", "-out", path("d.p7b"))
	openssl(t, "base64", "-in", path("c.der"), "-out", path("c.b64"))
	for _, name := range []string{"c.der", "c.pem", "c.p7b", "d.p7b", "c.b64"} {
		data, err := os.ReadFile(path(name))
		if err != nil {
			t.Fatal(err)
		}
		all, err := Bundle(data)
		if err != nil || len(all) != 1 || !bytes.Equal(all[0].DER, der) {
			t.Errorf("%s: %d certificates, %v", name, len(all), err)
		}
	}
	for name, data := range map[string][]byte{"text": []byte("hello"), "nothing": nil, "a key": []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), "BER": {0x30, 0x80, 0x06, 0x01}} {
		if all, err := Bundle(data); err == nil {
			t.Errorf("%s: %d certificates", name, len(all))
		}
	}
	if all, err := Bundle(der[:200]); err != nil || len(all) != 1 || all[0].ProblemID != "truncated" {
		t.Errorf("a truncated file: %v", err)
	}
}
