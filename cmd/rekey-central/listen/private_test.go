package listen

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func clientTLS(t *testing.T, l *Listener) *tls.Config {
	t.Helper()
	return &tls.Config{RootCAs: pool(t, l.CA)}
}

func mustRead(t *testing.T) []*x509.Certificate {
	t.Helper()
	dir := t.TempDir()
	if _, err := openPrivate(dir, nil, time.Now); err != nil {
		t.Fatal(err)
	}
	all, err := Certificates(CAFile(dir))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// openssl judges the handshake, the names, the oldest version and the pin.
func TestPrivateAuthority(t *testing.T) {
	dir := t.TempDir()
	l, _ := serve(t, Config{Data: dir, TLS: true, Names: []string{"office.example.org"}}, hello)
	if status, body := get(t, client(t, l), l.Base); status != 200 || body != "hello nobody" {
		t.Errorf("%d %s", status, body)
	}
	ask := func(args ...string) (string, error) {
		return program(t, "", "openssl", append([]string{"s_client", "-connect", host(l.Local), "-CAfile", CAFile(dir), "-verify_return_error"}, args...)...)
	}
	for _, name := range []string{"office.example.org", "localhost"} {
		if out, err := ask("-verify_hostname", name); err != nil || !strings.Contains(out, "Verify return code: 0") {
			t.Errorf("%s: %v %s", name, err, out)
		}
	}
	if out, err := ask("-verify_ip", "127.0.0.1", "-tls1_2"); err != nil || !strings.Contains(out, "TLSv1.2") {
		t.Errorf("%v %s", err, out)
	}
	if out, err := ask("-verify_hostname", "evil.example"); err == nil {
		t.Errorf("a foreign name: %s", out)
	}
	if out, err := ask("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"); err == nil || !strings.Contains(out, "alert protocol version") {
		t.Errorf("TLS 1.1: %v %s", err, out)
	}
	pin, err := program(t, "", "sh", "-c", "openssl x509 -in '"+CAFile(dir)+"' -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | openssl base64")
	if err != nil || strings.TrimSpace(pin) != l.Pin {
		t.Errorf("pin %q, openssl says %q", l.Pin, pin)
	}
	for _, name := range []string{caCert, caKey, serverCert, serverKey} {
		if info, err := os.Stat(filepath.Join(dir, folder, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
}

func leaf(t *testing.T, p *private) *x509.Certificate {
	t.Helper()
	c, err := p.certificate()
	if err != nil {
		t.Fatal(err)
	}
	return c.Leaf
}

// The certificate is replaced in time and its authority never is.
func TestRenewal(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	clock := func() time.Time { return now }
	p, err := openPrivate(dir, []string{"office.example.org"}, clock)
	if err != nil {
		t.Fatal(err)
	}
	first := leaf(t, p)
	reopened := func(names ...string) *private {
		t.Helper()
		again, err := openPrivate(dir, names, clock)
		if err != nil || again.pin() != p.pin() {
			t.Fatalf("%v, or another authority", err)
		}
		return again
	}
	if !leaf(t, reopened("office.example.org")).Equal(first) {
		t.Error("another certificate without need")
	}
	now = first.NotAfter.Add(-first.NotAfter.Sub(first.NotBefore) / 3).Add(-time.Second)
	if !leaf(t, p).Equal(first) {
		t.Error("renewed too early")
	}
	now = now.Add(time.Second)
	second := leaf(t, p)
	if second.Equal(first) || !second.NotAfter.After(first.NotAfter) || second.CheckSignatureFrom(p.ca) != nil {
		t.Error("not renewed")
	}
	if !leaf(t, reopened("office.example.org")).Equal(second) {
		t.Error("the new one was not kept")
	}
	third := leaf(t, reopened("office.example.org", "192.0.2.7"))
	if third.VerifyHostname("192.0.2.7") != nil || third.VerifyHostname("office.example.org") != nil {
		t.Error("a new name got no new certificate")
	}
	now = p.ca.NotAfter.Add(-time.Hour)
	if last := leaf(t, p); last.NotAfter.After(p.ca.NotAfter) {
		t.Error("it ends after its authority")
	}
	now = p.ca.NotAfter
	if _, err := openPrivate(dir, nil, clock); err == nil || !strings.Contains(err.Error(), "new pin") {
		t.Errorf("an authority that ended: %v", err)
	}
}

// A crash between the two files of a certificate, and one before there were any.
func TestHalfWritten(t *testing.T) {
	dir := t.TempDir()
	p, err := openPrivate(dir, []string{"localhost"}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	first := leaf(t, p)
	_, key, err := newServer(p.ca, p.key, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.home, serverKey), key, 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := openPrivate(dir, []string{"localhost"}, time.Now)
	if err != nil || leaf(t, again).Equal(first) {
		t.Errorf("%v: the old certificate with another key", err)
	}
	before, err := os.ReadFile(CAFile(dir))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(p.home, caKey)); err != nil {
		t.Fatal(err)
	}
	if _, err := openPrivate(dir, nil, time.Now); err == nil {
		t.Error("an authority without its key was taken or replaced")
	}
	if after, err := os.ReadFile(CAFile(dir)); err != nil || !bytes.Equal(before, after) {
		t.Errorf("%v: the authority was replaced", err)
	}
}

// Files of somebody else, replaced while the server runs.
func TestOwnFiles(t *testing.T) {
	dir := t.TempDir()
	p, err := openPrivate(t.TempDir(), nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	at := time.Now().Add(-time.Hour)
	write := func(names ...string) {
		t.Helper()
		certPEM, keyPEM, err := newServer(p.ca, p.key, names, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		at = at.Add(time.Second)
		for path, data := range map[string][]byte{key: keyPEM, cert: certPEM} {
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(path, at, at); err != nil {
				t.Fatal(err)
			}
		}
	}
	write("office.example.org", "127.0.0.1")
	l, _ := serve(t, Config{Data: dir, Cert: cert, Key: key}, hello)
	if l.Pin != "" || !l.Secure() || !l.Serves("office.example.org") {
		t.Errorf("%+v", l)
	}
	if _, err := os.Stat(filepath.Join(dir, folder)); !os.IsNotExist(err) {
		t.Errorf("a private authority was made: %v", err)
	}
	l.CA = p.pem()
	if status, _ := get(t, client(t, l), l.Local); status != 200 {
		t.Error(status)
	}
	write("new.example.org", "127.0.0.1")
	if get(t, client(t, l), l.Local); l.Serves("office.example.org") || !l.Serves("new.example.org") {
		t.Error("the new file does not count")
	}
	if err := os.WriteFile(cert, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _ := get(t, client(t, l), l.Local); status != 200 {
		t.Error(status)
	}
	if _, err := Open(Config{Address: "127.0.0.1:0", Cert: cert, Key: key}); err == nil {
		t.Error("rubbish was taken for a certificate")
	}
}

func TestCertificates(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.pem")
	certPEM, keyPEM, err := newAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"empty": nil, "text": []byte("hello"), "a key": append(bytes.Clone(certPEM), keyPEM...),
		"rubbish": []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Certificates(path); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := os.WriteFile(path, append(bytes.Clone(certPEM), certPEM...), 0o600); err != nil {
		t.Fatal(err)
	}
	if all, err := Certificates(path); err != nil || len(all) != 2 {
		t.Errorf("%d %v", len(all), err)
	}
}
