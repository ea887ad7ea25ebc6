package accounts

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Proved tells that the connection of a request carries a client certificate; after Admit it was the one that counted.
func Proved(r *http.Request) bool { return r.TLS != nil && len(r.TLS.PeerCertificates) > 0 }

// proved gives the client's certificate when it holds; nil when none was presented. That its key is the client's was
// proved by the handshake; the rest is checked here, at each request: a connection may outlive a certificate.
func (b *Book) proved(r *http.Request) (*x509.Certificate, error) {
	if !Proved(r) || len(b.Authorities) == 0 {
		return nil, nil
	}
	leaf := r.TLS.PeerCertificates[0]
	between := x509.NewCertPool()
	for _, c := range r.TLS.PeerCertificates[1:] {
		between.AddCert(c)
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: b.roots, Intermediates: between, CurrentTime: b.Now(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	switch {
	case err != nil:
		return nil, &Error{Status: http.StatusUnauthorized, Detail: why(leaf, err)}
	case leaf.IsCA:
		return nil, &Error{Status: http.StatusUnauthorized, Detail: "the client certificate is an authority's own and stands for nobody"}
	case len(leaf.RawSubject) <= 2: // a SEQUENCE of nothing
		return nil, &Error{Status: http.StatusUnauthorized, Detail: "the client certificate names no subject"}
	case b.Revoked == nil:
		return leaf, nil
	}
	revoked, err := b.Revoked(r.Context(), leaf)
	if err != nil {
		return nil, err
	}
	if revoked {
		return nil, &Error{Status: http.StatusForbidden, Detail: "the client certificate has been revoked; sign in with another one, or with a key"}
	}
	return leaf, nil
}

// why puts a failed check into a sentence with a way out.
func why(leaf *x509.Certificate, err error) string {
	var invalid x509.CertificateInvalidError
	var foreign x509.UnknownAuthorityError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("the client certificate, or one above it, is outside its validity (its own is from %s to %s); sign in with one that is in force, or with a key",
			leaf.NotBefore.UTC().Format(time.DateOnly), leaf.NotAfter.UTC().Format(time.DateOnly))
	case errors.As(err, &foreign):
		return "the client certificate is of no authority that this office accepts; sign in with another one, or with a key"
	}
	return "the client certificate cannot be accepted (" + err.Error() + "); sign in with another one, or with a key"
}
