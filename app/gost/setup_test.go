package gost

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rekey/token/gosttest"
)

// office is a certification authority that openssl runs: a root, and one holder's certificate.
type office struct {
	dir    string
	set    *Set
	holder gosttest.Key
}

// newOffice makes root.pem, holder.pem, their keys and crl.pem in a folder of the test.
func newOffice(t testing.TB, judge *gosttest.Judge, set *Set) *office {
	t.Helper()
	o := &office{dir: t.TempDir(), set: set, holder: generate(judge, set)}
	o.write(t, "root.key", generate(judge, set).PEM())
	o.write(t, "holder.key", o.holder.PEM())
	o.write(t, "index.txt", nil)
	o.write(t, "crlnumber", []byte("01\n"))
	o.write(t, "ca.cnf", []byte("[req]\ndistinguished_name=dn\nutf8=yes\n[dn]\n[ca]\ndefault_ca=office\n[office]\ndatabase=index.txt\ncrlnumber=crlnumber\n"+
		"default_crl_days=30\ndefault_md="+fmt.Sprint("md_gost12_", set.Bits)+"\n"+
		"[root]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"+
		"[holder]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\nextendedKeyUsage=emailProtection\n"))
	o.openssl(t, "req", "-x509", "-key", "root.key", "-out", "root.pem", "-days", "365", "-subj", "/C=RU/CN=Учебный УЦ", "-config", "ca.cnf", "-extensions", "root")
	o.openssl(t, "req", "-new", "-key", "holder.key", "-out", "holder.csr", "-subj", "/C=RU/SN=Щукина/SNILS=11223344595/CN=Щукина", "-config", "ca.cnf")
	o.openssl(t, "x509", "-req", "-in", "holder.csr", "-CA", "root.pem", "-CAkey", "root.key", "-set_serial", "7", "-days", "30",
		"-extfile", "ca.cnf", "-extensions", "holder", "-out", "holder.pem")
	o.openssl(t, "ca", "-gencrl", "-config", "ca.cnf", "-keyfile", "root.key", "-cert", "root.pem", "-out", "crl.pem")
	return o
}

func (o *office) openssl(t testing.TB, command string, args ...string) string {
	t.Helper()
	cmd := exec.Command("openssl", append([]string{command, "-engine", "gost"}, args...)...)
	cmd.Dir = o.dir
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %s %s: %v\n%s", command, strings.Join(args, " "), err, said)
	}
	return string(said)
}

func (o *office) write(t testing.TB, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (o *office) read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(o.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if block, _ := pem.Decode(b); block != nil && bytes.HasPrefix(bytes.TrimSpace(b), []byte("-----")) {
		return block.Bytes
	}
	return b
}

func (o *office) certificate(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(o.read(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// card is the holder's card: its key is with the judge.
func (o *office) card(judge *gosttest.Judge) SignFunc {
	return func(_ context.Context, digest, _ []byte) ([]byte, error) { return judge.Sign(o.holder, digest), nil }
}

// plainCertificate is one of an ECDSA key, self-signed, under a given name.
func plainCertificate(t testing.TB, name []byte) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), RawSubject: name, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}
