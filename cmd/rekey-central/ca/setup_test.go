package ca

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const listAddress = "http://127.0.0.1/demo/ca.crl"

// openssl runs the judge that is not ours and gives what it says.
func openssl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("openssl", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// config asks for both a Turkish and a Russian subject. Test numbers only; the Russian region 00 does not exist.
const config = `
oid_section = oids
[oids]
INNLE = 1.2.643.100.4
[req]
prompt = no
string_mask = utf8only
utf8 = yes
distinguished_name = ${ENV::SUBJECT}
req_extensions = wanted
[tr]
serialNumber = 10000000146
C = TR
CN = AYŞE ÖRNEK
[ru]
C = RU
CN = Ёлкина Проба Примеровна
SNILS = 11223344595
OGRN = 1020000000008
[wanted]
keyUsage = critical, keyCertSign
1.2.643.100.111 = ASN1:UTF8String:СКЗИ "Проба"
2.5.29.16 = ASN1:SEQUENCE:period
[period]
from = IMPLICIT:0,GENERALIZEDTIME:20260101000000Z
until = IMPLICIT:1,GENERALIZEDTIME:20270101000000Z
`

// request makes a PKCS#10 request with openssl: key is a value of -newkey.
func request(t *testing.T, subject string, key ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	conf, out := filepath.Join(dir, "req.cnf"), filepath.Join(dir, "r.p10")
	if err := os.WriteFile(conf, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"req", "-new", "-nodes", "-config", conf, "-keyout", filepath.Join(dir, "k.pem"), "-out", out, "-newkey"}, key...)
	cmd := exec.Command("openssl", args...)
	cmd.Env = append(os.Environ(), "SUBJECT="+subject)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("openssl req: %v\n%s", err, text)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var (
	rsaKey = []string{"rsa:2048"}
	ecKey  = []string{"ec", "-pkeyopt", "ec_paramgen_curve:P-256"}
)

func authority(t *testing.T, key KeyType) (*Authority, string) {
	t.Helper()
	dir := t.TempDir()
	a, err := Init(dir, key)
	if err != nil {
		t.Fatal(err)
	}
	return a, filepath.Join(dir, folder, certFile)
}

func write(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
