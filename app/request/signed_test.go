package request

import (
	"bytes"
	"context"
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// current is the key that a holder has already, with its certificate.
type current struct {
	crypto.Signer
	cert  *x509.Certificate
	calls int
	fail  error
}

func (c *current) Sign(r io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if c.calls++; c.fail != nil {
		return nil, c.fail
	}
	return c.Signer.Sign(r, digest, opts)
}

func newCurrent(t *testing.T, key crypto.Signer, change func(*x509.Certificate)) *current {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(5), Subject: pkix.Name{CommonName: "Щукина Шарлотта"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &current{Signer: key, cert: cert}
}

func newRequest(t *testing.T, key crypto.Signer, c *current) []byte {
	t.Helper()
	der, err := New(context.Background(), key, c.cert.RawSubject, nil)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestOpensslAcceptsTheSignedRequest(t *testing.T) {
	keys := map[string]func() crypto.Signer{
		"rsa":     func() crypto.Signer { return rsaKey(t, 2048) },
		"ec-p256": func() crypto.Signer { return ecKey(t, elliptic.P256()) },
		"ec-p384": func() crypto.Signer { return ecKey(t, elliptic.P384()) },
	}
	for name, key := range keys {
		c := newCurrent(t, key(), nil)
		request := newRequest(t, key(), c)
		signed, err := Sign(context.Background(), request, c, c.cert, nil, time.Now())
		if err != nil || c.calls != 1 {
			t.Fatalf("%s: %v, %d calls", name, err, c.calls)
		}
		dir := t.TempDir()
		file, ca, inside := filepath.Join(dir, "request-signed.p7s"), filepath.Join(dir, "ca.pem"), filepath.Join(dir, "request.der")
		for path, data := range map[string][]byte{file: signed, ca: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.cert.Raw})} {
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		run := func(args ...string) string {
			t.Helper()
			said, err := exec.Command("openssl", args...).CombinedOutput()
			if err != nil {
				t.Fatalf("%s: openssl %v: %v\n%s", name, args, err, said)
			}
			return string(said)
		}
		if said := run("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", file, "-CAfile", ca, "-purpose", "any", "-out", inside); !strings.Contains(strings.ToLower(said), "verification successful") {
			t.Errorf("%s: %s", name, said)
		}
		if got, err := os.ReadFile(inside); err != nil || !bytes.Equal(got, request) {
			t.Errorf("%s: another request is inside: %v", name, err)
		}
		if said := run("req", "-verify", "-noout", "-inform", "DER", "-in", inside); !strings.Contains(said, "verify OK") {
			t.Errorf("%s: %s", name, said)
		}
		if printed := run("cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", file); !strings.Contains(printed, "eContentType: pkcs7-data") || !strings.Contains(printed, "signingTime") {
			t.Errorf("%s: %s", name, printed)
		}
	}
}

func TestSignedRequestRefusesBadInput(t *testing.T) {
	key := ecKey(t, elliptic.P256())
	good := newCurrent(t, key, nil)
	request := newRequest(t, ecKey(t, elliptic.P256()), good)
	broken := bytes.Clone(request)
	broken[len(broken)-1] ^= 1
	ended := newCurrent(t, key, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	other := newCurrent(t, ecKey(t, elliptic.P256()), nil)
	encryption := newCurrent(t, key, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement })
	removed := errors.New("card removed")
	for what, c := range map[string]struct {
		request []byte
		signer  *current
		cert    *x509.Certificate
		fail    error
		kind    Kind
		calls   int
	}{
		"no request":     {[]byte("hello"), good, good.cert, nil, KindParse, 0},
		"broken request": {broken, good, good.cert, nil, KindMismatch, 0},
		"ended":          {request, ended, ended.cert, nil, KindCertificate, 0},
		"other key":      {request, good, other.cert, nil, KindCertificate, 0},
		"encryption":     {request, encryption, encryption.cert, nil, KindCertificate, 0},
		"card removed":   {request, good, good.cert, removed, KindSigner, 1},
	} {
		c.signer.calls, c.signer.fail = 0, c.fail
		got, err := Sign(context.Background(), c.request, c.signer, c.cert, nil, time.Now())
		if got != nil || KindOf(err) != c.kind || c.signer.calls != c.calls || c.fail != nil && !errors.Is(err, c.fail) {
			t.Errorf("%s: %v, %d calls", what, err, c.signer.calls)
		}
	}
	good.fail = nil
	signed, err := Sign(context.Background(), request, good, good.cert, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(signed, request)
	signed[at+40] ^= 1
	if _, _, err := ReadSigned(signed); err == nil {
		t.Error("a changed request passed")
	}
}

func FuzzReadSigned(f *testing.F) {
	f.Add([]byte{0x30, 0x80, 0x24, 0x80, 0, 0, 0, 0})
	f.Fuzz(func(_ *testing.T, data []byte) { _, _, _ = ReadSigned(data) })
}
