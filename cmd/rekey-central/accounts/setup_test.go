package accounts

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/data/datatest"
	"rekey/cmd/rekey-central/office"
)

var (
	ctx        = context.Background()
	officerKey = strings.Repeat("0f", 32)
	oneKey     = strings.Repeat("one-", 10)
	otherKey   = strings.Repeat("other-", 10)
)

func database(t *testing.T) data.DB {
	t.Helper()
	return databaseAt(t, filepath.Join(t.TempDir(), "central.db"))
}

// each runs a test on a file and on a PostgreSQL.
func each(t *testing.T, f func(*testing.T, data.DB)) {
	datatest.Each(t, func(t *testing.T, address string) {
		if address == "" {
			f(t, database(t))
			return
		}
		db, blobs, err := data.OpenPostgres(ctx, address, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = blobs.Close(); _ = db.Close() })
		f(t, db)
	})
}

func TestMain(m *testing.M) { datatest.Main(m) }

func databaseAt(t *testing.T, path string) data.DB {
	t.Helper()
	db, err := data.OpenBolt(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func book(t *testing.T, c Config) *Book {
	t.Helper()
	if c.DB == nil {
		c.DB = database(t)
	}
	c.OfficerKey = officerKey
	return New(c)
}

// with is a request that brings a bearer key, from an address.
func with(key, from string) *http.Request {
	r := httptest.NewRequest("GET", "/v1/me", nil)
	r.RemoteAddr = from
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	return r
}

func admit(t *testing.T, b *Book, key string) office.Caller {
	t.Helper()
	c, err := b.Admit(with(key, "192.0.2.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// refused wants an *Error with this status and gives it.
func refused(t *testing.T, err error, status int, says string) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Status != status || !strings.Contains(e.Detail, says) {
		t.Errorf("got %v, want %d and %q", err, status, says)
		return &Error{}
	}
	return e
}

// authority makes certificates of invented people.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  crypto.Signer
}

func ecKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	a := &authority{t: t, key: ecKey(t)}
	c := &x509.Certificate{Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, NotAfter: time.Now().Add(time.Hour)}
	a.cert = c // its own parent
	a.cert = a.sign(c, a.key.Public())
	return a
}

// below makes an authority that this one vouches for.
func (a *authority) below(name string) *authority {
	key := ecKey(a.t)
	return &authority{t: a.t, key: key, cert: a.sign(&x509.Certificate{Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotAfter: time.Now().Add(time.Hour)}, key.Public())}
}

func (a *authority) sign(c *x509.Certificate, public crypto.PublicKey) *x509.Certificate {
	a.t.Helper()
	if c.NotAfter.IsZero() {
		c.NotAfter = time.Now().Add(time.Hour)
	}
	c.NotBefore = time.Now().Add(-48 * time.Hour)
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		a.t.Fatal(err)
	}
	c.SerialNumber = serial
	der, err := x509.CreateCertificate(rand.Reader, c, a.cert, public, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return made
}

// person makes a signing certificate, as cards have it: for no server and no client in particular.
func (a *authority) person(name string, public crypto.PublicKey) *x509.Certificate {
	return a.sign(&x509.Certificate{Subject: pkix.Name{CommonName: name, SerialNumber: "10000000146"}, KeyUsage: x509.KeyUsageContentCommitment,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}}, public)
}

// files writes a chain and its key as PEM.
func files(t *testing.T, key crypto.Signer, chain ...*x509.Certificate) (certFile, keyFile string) {
	t.Helper()
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	var certs []byte
	for _, c := range chain {
		certs = append(certs, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string][]byte{certFile: certs, keyFile: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}
