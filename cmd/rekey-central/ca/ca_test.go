package ca

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestProfilesBeforeOpenSSL(t *testing.T) {
	cases := []struct {
		name, profile, subject string
		ca                     KeyType
		key                    []string
		renewal                bool
		want, never            []string
	}{
		{"Turkey, RSA", "tr-nes", "tr", KeyEC, rsaKey, true,
			[]string{"serialNumber=10000000146,C=TR,CN=AYŞE ÖRNEK", "Policy: 2.16.792.1.2.1.1.5.7.1.1", "Digital Signature, Non Repudiation\n",
				"qcStatements", "URI:" + listAddress, "Authority Key Identifier", "Subject Key Identifier", "CA:FALSE"},
			[]string{"1.2.643.100.111", "1.2.643.100.114", "Certificate Sign"}},
		{"Russia, EC, renewal", "ru-head", "ru", KeyRSA, ecKey, true,
			[]string{"CN=Ёлкина Проба Примеровна", "Digital Signature, Non Repudiation, Key Encipherment, Data Encipherment\n",
				"TLS Web Client Authentication, E-mail Protection, 1.2.643.2.2.34.6", "Class of Signing Tool KC1", "Signing Tool of Subject", "Private Key Usage Period",
				"1.2.643.100.114", "URI:" + listAddress},
			[]string{"Certificate Sign", "qcStatements"}},
		{"Russia, RSA, first issue", "ru-head", "ru", KeyEC, rsaKey, false, []string{"Class of Signing Tool KC1"}, []string{"1.2.643.100.114"}},
		{"another procedure, EC", "generic", "tr", KeyEC, ecKey, true, []string{"Digital Signature, Non Repudiation\n"}, []string{"Policies", "qcStatements"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, root := authority(t, c.ca)
			r := request(t, c.subject, c.key...)
			made, err := a.Certify(Order{Request: r, Profile: c.profile, Renewal: c.renewal, CRL: listAddress})
			if err != nil {
				t.Fatal(err)
			}
			path := write(t, made)
			if out := openssl(t, "verify", "-x509_strict", "-CAfile", root, path); !strings.Contains(out, ": OK") {
				t.Error(out)
			}
			text := openssl(t, "x509", "-in", path, "-noout", "-text", "-nameopt", "utf8,sep_comma_plus,sname,-esc_msb")
			subject := openssl(t, "x509", "-in", path, "-noout", "-subject", "-nameopt", "utf8,sep_comma_plus,sname")
			for _, want := range c.want {
				if !strings.Contains(text+subject, want) {
					t.Errorf("no %q in\n%s%s", want, text, subject)
				}
			}
			for _, never := range c.never {
				if strings.Contains(text, never) {
					t.Errorf("%q in\n%s", never, text)
				}
			}
			sameSubject(t, made, r)
		})
	}
}

func sameSubject(t *testing.T, made, asked []byte) {
	t.Helper()
	mb, _ := pem.Decode(made)
	rb, _ := pem.Decode(asked)
	cert, err := x509.ParseCertificate(mb.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	r, err := x509.ParseCertificateRequest(rb.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(cert.RawSubject, r.RawSubject) {
		t.Error("the subject is not copied byte for byte")
	}
	if cert.SerialNumber.BitLen() != 128 || cert.SerialNumber.Sign() <= 0 {
		t.Errorf("serial %x: want 128 bits, positive", cert.SerialNumber)
	}
}

// The statements are read from the DER: both OIDs, each alone in a SEQUENCE.
func TestTurkishStatements(t *testing.T) {
	a, _ := authority(t, KeyEC)
	made, err := a.Certify(Order{Request: request(t, "tr", ecKey...), Profile: "tr-nes", CRL: listAddress})
	if err != nil {
		t.Fatal(err)
	}
	parsed := openssl(t, "asn1parse", "-in", write(t, made))
	_, after, found := strings.Cut(parsed, ":qcStatements")
	if !found {
		t.Fatal(parsed)
	}
	_, dump, _ := strings.Cut(after, "[HEX DUMP]:")
	dump, _, _ = strings.Cut(dump, "\n")
	const want = "3019" + "3008" + "060604008E460101" + "300D" + "060B6086180" + "13D0001A74E0101"
	if dump != want {
		t.Errorf("got %s\nwant %s", dump, want)
	}
}

func TestDates(t *testing.T) {
	a, _ := authority(t, KeyEC)
	r := request(t, "tr", ecKey...)
	now := time.Now()
	table := []struct {
		name        string
		profile     string
		from, until time.Time
		kind        Kind
		days        int // between the dates, about
	}{
		{"by profile, Turkey", "tr-nes", time.Time{}, time.Time{}, "", 1095},
		{"by profile, Russia", "ru-head", time.Time{}, time.Time{}, "", 365},
		{"soon ending", "tr-nes", now.AddDate(0, 0, -1072), now.AddDate(0, 0, 23), "", 1095},
		{"ends before it begins", "tr-nes", now, now.AddDate(0, 0, -1), KindProfile, 0},
		{"ends after the CA", "tr-nes", now, now.AddDate(11, 0, 0), KindProfile, 0},
		{"no such profile", "tr", now, now.AddDate(0, 0, 1), KindProfile, 0},
	}
	for _, c := range table {
		t.Run(c.name, func(t *testing.T) {
			made, err := a.Certify(Order{Request: r, Profile: c.profile, From: c.from, Until: c.until, CRL: listAddress})
			if KindOf(err) != c.kind {
				t.Fatalf("got %v, want kind %q", err, c.kind)
			}
			if err != nil {
				return
			}
			block, _ := pem.Decode(made)
			cert, _ := x509.ParseCertificate(block.Bytes)
			if days := int(cert.NotAfter.Sub(cert.NotBefore).Hours() / 24); days < c.days-1 || days > c.days+1 {
				t.Errorf("valid for %d days, want about %d", days, c.days)
			}
			if !c.until.IsZero() && !cert.NotAfter.Equal(c.until.UTC().Truncate(time.Second)) {
				t.Errorf("ends %s, want %s", cert.NotAfter, c.until)
			}
		})
	}
}

func TestBadRequests(t *testing.T) {
	a, _ := authority(t, KeyEC)
	good := request(t, "tr", ecKey...)
	block, _ := pem.Decode(good)
	tampered := bytes.Clone(block.Bytes)
	i := bytes.Index(tampered, []byte("10000000146"))
	tampered[i] = '2'
	table := []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "not a PEM"},
		{"rubbish", []byte("hello"), "not a PEM"},
		{"a certificate", a.PEM(), "not a PEM PKCS#10"},
		{"DER in the wrong wrapping", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: []byte("no")}), "cannot be read"},
		{"subject changed after signing", pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: tampered}), "does not verify"},
		{"two requests", append(bytes.Clone(good), good...), "after the request"},
		{"small RSA key", request(t, "tr", "rsa:1024"), "at least 2048"},
		{"Edwards curve", request(t, "tr", "ed25519"), "RSA and NIST curves only"},
	}
	for _, c := range table {
		t.Run(c.name, func(t *testing.T) {
			_, err := a.Certify(Order{Request: c.data, Profile: "tr-nes", CRL: listAddress})
			if KindOf(err) != KindRequest || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestMalformedWishes(t *testing.T) {
	a, _ := authority(t, KeyEC)
	dir := t.TempDir()
	conf := filepath.Join(dir, "req.cnf")
	text := "[req]\nprompt=no\ndistinguished_name=dn\nreq_extensions=e\n[dn]\nCN=Probe\n[e]\n1.2.643.100.111=DER:3000\n"
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "r.p10")
	openssl(t, "req", "-new", "-nodes", "-config", conf, "-keyout", filepath.Join(dir, "k"), "-newkey", "rsa:2048", "-out", out)
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Certify(Order{Request: data, Profile: "ru-head", CRL: listAddress}); KindOf(err) != KindRequest {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestRevocationList(t *testing.T) {
	for _, key := range []KeyType{KeyEC, KeyRSA} {
		a, root := authority(t, key)
		list, err := a.CRL(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		text := openssl(t, "crl", "-inform", "DER", "-in", write(t, list), "-noout", "-text", "-CAfile", root)
		if !strings.Contains(text, "verify OK") || !strings.Contains(text, "No Revoked Certificates") {
			t.Error(text)
		}
	}
}

func TestFilesAreKept(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir); KindOf(err) != KindMissing {
		t.Fatalf("got %v, want nothing there", err)
	}
	a, err := OpenOrInit(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Init(dir, KeyEC); KindOf(err) != KindExists {
		t.Errorf("got %v, want a refusal to overwrite", err)
	}
	again, err := OpenOrInit(dir)
	if err != nil || !bytes.Equal(a.PEM(), again.PEM()) {
		t.Errorf("the authority changed: %v", err)
	}
	for _, name := range []string{keyFile, certFile} {
		info, err := os.Stat(filepath.Join(dir, folder, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
	text := openssl(t, "x509", "-in", filepath.Join(dir, folder, certFile), "-noout", "-subject", "-nameopt", "utf8,sep_comma_plus,sname")
	if strings.TrimSpace(text) != "subject=O=Rekey,CN="+CommonName {
		t.Error(text)
	}
	other, _ := authority(t, KeyEC)
	if err := os.WriteFile(filepath.Join(dir, folder, certFile), other.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); KindOf(err) != KindFile {
		t.Errorf("a foreign certificate beside the key: got %v", err)
	}
}
