package esign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// card stands for the key on a card: it counts, and it can lie.
type card struct {
	crypto.Signer
	calls int
	sign  func(digest []byte, opts crypto.SignerOpts) ([]byte, error)
}

func (c *card) Sign(r io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	c.calls++
	if c.sign != nil {
		return c.sign(digest, opts)
	}
	return c.Signer.Sign(r, digest, opts)
}

// holder is an invented person with a certificate from an invented CA.
type holder struct {
	card *card
	cert *x509.Certificate
	ca   *x509.Certificate
}

func newKey(t testing.TB, kind string) crypto.Signer {
	t.Helper()
	var key crypto.Signer
	var err error
	switch kind {
	case "rsa-2048":
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	case "ec-p256":
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "ec-p384":
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "ec-p224":
		key, err = ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	default:
		t.Fatalf("kind %q", kind)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newHolder(t testing.TB, kind, name string, change ...func(*x509.Certificate)) holder {
	t.Helper()
	caKey, key := newKey(t, "ec-p256"), newKey(t, kind)
	now := time.Now()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Demonstration CA"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(48 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	ca = issue(t, ca, ca, caKey.Public(), caKey)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(77), Subject: pkix.Name{CommonName: name, Country: []string{"TR"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		CRLDistributionPoints: []string{"http://127.0.0.1:9/demo.crl"},
	}
	for _, c := range change {
		c(leaf)
	}
	return holder{&card{Signer: key}, issue(t, leaf, ca, key.Public(), caKey), ca}
}

func issue(t testing.TB, template, parent *x509.Certificate, public crypto.PublicKey, ca crypto.Signer) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, ca)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// form is a two-page PDF as app/form makes them.
func form(t testing.TB, compressed bool) []byte {
	t.Helper()
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetCompression(compressed)
	doc.SetTitle("Başvuru (Щ)", true)
	doc.SetFont("Helvetica", "", 12)
	for _, text := range []string{"Application form, page one", "Signature place, page two"} {
		doc.AddPage()
		doc.Cell(100, 10, text)
	}
	var out bytes.Buffer
	if err := doc.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// judge runs a program that we did not write over files; it fails the test when the program is missing or says no.
func judge(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	}
	return string(out)
}

func save(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func pemOf(cert *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
}
