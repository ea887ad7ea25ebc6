package central

import (
	"cmp"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"
)

// ParsePin reads a pin: the base64 of a SHA-256, as openssl and curl write it, with or without "sha256//" before it.
func ParsePin(text string) ([sha256.Size]byte, error) {
	var pin [sha256.Size]byte
	raw, err := base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(text, "sha256//"))
	if err != nil || len(raw) != len(pin) {
		return pin, refusedOption("pin", "a pin is the base64 text of a SHA-256: 44 characters")
	}
	copy(pin[:], raw)
	return pin, nil
}

// PinOf is the pin of a certificate.
func PinOf(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// trust decides whether the server is the office.
type trust struct {
	roots *x509.CertPool // nil: the system's
	pin   *[sha256.Size]byte
	host  string // of the office
}

func newTrust(host string, ca []byte, pin string) (trust, error) {
	t := trust{host: host}
	if len(ca) > 0 {
		if t.roots = x509.NewCertPool(); !t.roots.AppendCertsFromPEM(ca) {
			return t, refusedOption("authority", "there is no certificate in PEM in it")
		}
	}
	if pin != "" {
		sum, err := ParsePin(pin)
		if err != nil {
			return t, err
		}
		t.pin = &sum
	}
	return t, nil
}

// config lets Go check the chain; with a pin we do it, with Go's verifier, for Go would stop before at an authority that only the pin knows.
func (t trust) config() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: t.roots, ClientSessionCache: tls.NewLRUClientSessionCache(4)}
	if t.pin != nil {
		c.InsecureSkipVerify, c.VerifyConnection = true, t.verify
	}
	return c
}

// errPin: a good chain, and the pinned key is not in it.
var errPin = errors.New("the pinned key is not in the chain")

func (t trust) verify(s tls.ConnectionState) error {
	chain := s.PeerCertificates
	if len(chain) == 0 {
		return errPin
	}
	// TLS names no server by its IP address, so ServerName is then empty, and an empty name is not checked.
	o := x509.VerifyOptions{Roots: t.roots, DNSName: cmp.Or(s.ServerName, t.host), CurrentTime: time.Now(), Intermediates: x509.NewCertPool()}
	for _, c := range chain[1:] {
		o.Intermediates.AddCert(c)
	}
	if at := slices.IndexFunc(chain, t.pinned); at >= 0 && t.roots == nil { // the pin is the root
		o.Roots = x509.NewCertPool()
		o.Roots.AddCert(chain[at])
		_, err := chain[0].Verify(o)
		return err
	}
	chains, err := chain[0].Verify(o)
	if err != nil {
		var unknown x509.UnknownAuthorityError
		if t.roots == nil && errors.As(err, &unknown) {
			return errPin // neither the system nor the pin knows the authority
		}
		return err
	}
	for _, c := range chains {
		if slices.ContainsFunc(c, t.pinned) {
			return nil
		}
	}
	return errPin
}

func (t trust) pinned(c *x509.Certificate) bool {
	return sha256.Sum256(c.RawSubjectPublicKeyInfo) == *t.pin
}

// distrust says in a sentence what is wrong with the server's certificate, "" when it is not that.
func distrust(err error) string {
	var host x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var noRoots x509.SystemRootsError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errPin):
		return "the server's certificate has changed: it is not the one that was pinned"
	case errors.As(err, &host):
		return "the server's certificate is for another name than " + host.Host
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the server's certificate, or one above it, is not valid today: valid from " + invalid.Cert.NotBefore.Format(time.DateOnly) +
			" until " + invalid.Cert.NotAfter.Format(time.DateOnly) + "; or this machine's clock is wrong"
	case errors.As(err, &unknown):
		return "the server's certificate comes from an authority that is not trusted here"
	case errors.As(err, &noRoots):
		return "the system's list of authorities cannot be read"
	case errors.As(err, &invalid), errors.As(err, &verification):
		return "the server's certificate is not valid"
	}
	return ""
}
