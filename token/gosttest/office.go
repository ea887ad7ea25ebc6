package gosttest

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Office is a certification authority that openssl runs, with keys of one parameter set: a root, and one holder's certificate.
type Office struct {
	Dir    string
	Holder Key
	judge  *Judge
}

// NewOffice makes root.pem, holder.pem, their keys and crl.pem in a folder of the test; set as for Judge.Generate.
func NewOffice(t testing.TB, judge *Judge, bits int, set string) *Office {
	t.Helper()
	o := &Office{t.TempDir(), judge.Generate(bits, set), judge}
	o.Write(t, "root.key", judge.Generate(bits, set).PEM())
	o.Write(t, "holder.key", o.Holder.PEM())
	o.Write(t, "index.txt", nil)
	o.Write(t, "crlnumber", []byte("01\n"))
	o.Write(t, "ca.cnf", []byte("[req]\ndistinguished_name=dn\nutf8=yes\n[dn]\n[ca]\ndefault_ca=office\n[office]\ndatabase=index.txt\ncrlnumber=crlnumber\n"+
		"default_crl_days=30\ndefault_md="+fmt.Sprint("md_gost12_", bits)+"\n"+
		"[root]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"+
		"[holder]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\nextendedKeyUsage=emailProtection\n"))
	o.OpenSSL(t, "req", "-x509", "-key", "root.key", "-out", "root.pem", "-days", "365", "-subj", "/C=RU/CN=Учебный УЦ", "-config", "ca.cnf", "-extensions", "root")
	o.OpenSSL(t, "req", "-new", "-key", "holder.key", "-out", "holder.csr", "-subj", "/C=RU/SN=Щукина/SNILS=11223344595/CN=Щукина", "-config", "ca.cnf")
	o.OpenSSL(t, "x509", "-req", "-in", "holder.csr", "-CA", "root.pem", "-CAkey", "root.key", "-set_serial", "7", "-days", "30",
		"-extfile", "ca.cnf", "-extensions", "holder", "-out", "holder.pem")
	o.OpenSSL(t, "ca", "-gencrl", "-config", "ca.cnf", "-keyfile", "root.key", "-cert", "root.pem", "-out", "crl.pem")
	return o
}

// OpenSSL runs a command of it with the gost engine in the office's folder, and gives what it says.
func (o *Office) OpenSSL(t testing.TB, command string, args ...string) string {
	t.Helper()
	cmd := exec.Command("openssl", append([]string{command, "-engine", "gost"}, args...)...)
	cmd.Dir = o.Dir
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %s %s: %v\n%s", command, strings.Join(args, " "), err, said)
	}
	return string(said)
}

// Write makes a file in the office's folder.
func (o *Office) Write(t testing.TB, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(o.Dir, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Read gives a file of the office's folder, PEM as what is in it.
func (o *Office) Read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(o.Dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if block, _ := pem.Decode(b); block != nil && bytes.HasPrefix(bytes.TrimSpace(b), []byte("-----")) {
		return block.Bytes
	}
	return b
}

// Certificate reads one of the office's.
func (o *Office) Certificate(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(o.Read(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Sign is the holder's card: its key is with the judge.
func (o *Office) Sign(_ context.Context, digest, _ []byte) ([]byte, error) {
	return o.judge.Sign(o.Holder, digest), nil
}
