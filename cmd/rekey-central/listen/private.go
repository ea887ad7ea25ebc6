package listen

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"rekey/cmd/rekey-central/office"
)

// Files of the private authority. The keys are for their owner only (0600).
const (
	folder     = "tls"
	caCert     = "ca.pem"
	caKey      = "ca.key"
	serverCert = "server.pem" // followed by the authority's
	serverKey  = "server.key"
)

// CAFile is the private authority's certificate in a folder of data: what a client pins.
func CAFile(data string) string { return filepath.Join(data, folder, caCert) }

// private is the authority in a folder of data and its newest certificate.
type private struct {
	home  string
	names []string
	now   func() time.Time
	ca    *x509.Certificate
	key   crypto.Signer

	mu      sync.Mutex
	current *tls.Certificate
}

// openPrivate opens the authority and makes it when it is not there. One that is there is never replaced: clients pin it.
func openPrivate(data string, names []string, now func() time.Time) (*private, error) {
	p := &private{home: filepath.Join(data, folder), names: names, now: now}
	pair, err := tls.LoadX509KeyPair(filepath.Join(p.home, caCert), filepath.Join(p.home, caKey))
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeHome(data, p.home, now()); err != nil {
			return nil, fmt.Errorf("make private TLS authority: %w", err)
		}
		pair, err = tls.LoadX509KeyPair(filepath.Join(p.home, caCert), filepath.Join(p.home, caKey))
	}
	if err != nil {
		return nil, fmt.Errorf("private TLS authority: %w", err)
	}
	key, ok := pair.PrivateKey.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("private TLS authority: the key in %s cannot sign", caKey)
	}
	p.ca, p.key = pair.Leaf, key
	if !now().Before(p.ca.NotAfter) {
		return nil, fmt.Errorf("private TLS authority: it ended on %s; move %s away, and give the clients the new pin", p.ca.NotAfter.Format(time.DateOnly), p.home)
	}
	return p, nil
}

// makeHome writes both files beside the place and moves them there in one step: a crash leaves no half authority.
func makeHome(data, home string, now time.Time) error {
	certPEM, keyPEM, err := newAuthority(now)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(data, folder+".new-") // MkdirTemp makes it 0700
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	err = errors.Join(office.WriteWhole(filepath.Join(tmp, caKey), keyPEM), office.WriteWhole(filepath.Join(tmp, caCert), certPEM))
	if err != nil {
		return err
	}
	err = os.Rename(tmp, home)
	if _, there := os.Stat(filepath.Join(home, caCert)); err != nil && there == nil { // another server of this folder was quicker
		return nil
	}
	return err
}

func (p *private) pin() string {
	hash := sha256.Sum256(p.ca.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(hash[:])
}

func (p *private) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.ca.Raw})
}

// certificate gives the one in force; one that nears its end, or lacks a name, is replaced first.
func (p *private) certificate() (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.current == nil {
		if pair, err := tls.LoadX509KeyPair(filepath.Join(p.home, serverCert), filepath.Join(p.home, serverKey)); err == nil {
			p.current = &pair // else it is not there yet, or a crash left a new key with an old certificate
		}
	}
	if p.current != nil && p.good(p.current.Leaf) {
		return p.current, nil
	}
	certPEM, keyPEM, err := newServer(p.ca, p.key, p.names, p.now())
	if err != nil {
		return nil, fmt.Errorf("renew certificate of the server: %w", err)
	}
	pair, err := tls.X509KeyPair(append(certPEM, p.pem()...), keyPEM)
	if err != nil {
		return nil, fmt.Errorf("renew certificate of the server: %w", err)
	}
	p.current = &pair
	// It is good without the files too: the next start makes another one.
	_ = errors.Join(office.WriteWhole(filepath.Join(p.home, serverKey), keyPEM),
		office.WriteWhole(filepath.Join(p.home, serverCert), append(certPEM, p.pem()...)))
	return p.current, nil
}

// good: ours, with every name, and with more than a third of its time to come.
func (p *private) good(c *x509.Certificate) bool {
	due := c.NotAfter.Add(-c.NotAfter.Sub(c.NotBefore) / 3)
	lacks := func(name string) bool { return c.VerifyHostname(name) != nil }
	return bytes.Equal(c.RawIssuer, p.ca.RawSubject) && c.CheckSignatureFrom(p.ca) == nil && p.now().Before(due) && !slices.ContainsFunc(p.names, lacks)
}
