package listen

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A file of authorities gives certificates and nothing else, or it says what is wrong.
func FuzzCertificates(f *testing.F) {
	certificate, key, err := newAuthority(time.Now())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(certificate)
	f.Add(append(append([]byte{}, certificate...), key...))
	f.Add(certificate[:len(certificate)/2])
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"))
	f.Add([]byte("\xff\x00"))
	path := filepath.Join(f.TempDir(), "ca.pem")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		all, err := Certificates(path)
		if (err == nil) != (len(all) > 0) {
			t.Fatalf("%d %v", len(all), err)
		}
	})
}

// A private authority whose files were spoiled is refused and left as it is, never replaced: clients pin it.
func FuzzPrivateAuthority(f *testing.F) {
	now := time.Now()
	certificate, key, err := newAuthority(now)
	if err != nil {
		f.Fatal(err)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		f.Fatal(err)
	}
	server, serverKeyPEM, err := newServer(pair.Leaf, pair.PrivateKey, []string{"localhost"}, now)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(certificate, key, server, serverKeyPEM)
	f.Add(certificate, serverKeyPEM, server, key)
	f.Add(server, serverKeyPEM, certificate, key)
	f.Add([]byte(""), []byte("x"), []byte("-----BEGIN CERTIFICATE-----"), []byte(nil))
	f.Fuzz(func(t *testing.T, ca, caSecret, leaf, leafSecret []byte) {
		dir := t.TempDir()
		home := filepath.Join(dir, folder)
		if err := os.Mkdir(home, 0o700); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string][]byte{caCert: ca, caKey: caSecret, serverCert: leaf, serverKey: leafSecret} {
			if err := os.WriteFile(filepath.Join(home, name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		p, err := openPrivate(dir, []string{"localhost"}, func() time.Time { return now })
		if err == nil {
			if pair, err := p.certificate(); err == nil && pair.Leaf.VerifyHostname("localhost") != nil {
				t.Fatal("a certificate for somebody else is shown")
			}
		}
		for name, text := range map[string][]byte{caCert: ca, caKey: caSecret} {
			if now, err := os.ReadFile(filepath.Join(home, name)); err != nil || string(now) != string(text) {
				t.Fatalf("%s was changed: %v", name, err)
			}
		}
	})
}

// An address is split into an IP address of this machine and a port, or refused.
func FuzzAddress(f *testing.F) {
	for _, address := range []string{"127.0.0.1:0", ":443", "localhost:1", "[::1]:1", "example.org:1", "[fe80::1%eth0]:1", "", ":", "1:2:3"} {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		ip, _, err := split(address)
		c := Config{Address: address}
		if plain := err == nil && !c.secure(); plain && !ip.IsLoopback() || err == nil && ip == nil && !strings.HasPrefix(address, ":") && !strings.HasPrefix(address, "[]:") {
			t.Fatalf("%q: %v", address, ip)
		}
	})
}
