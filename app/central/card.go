package central

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
)

// Signature schemes by key. Of RSA a card may have only the old ones, which end with TLS 1.2.
var (
	pss    = []tls.SignatureScheme{tls.PSSWithSHA256, tls.PSSWithSHA384, tls.PSSWithSHA512}
	pkcs1  = []tls.SignatureScheme{tls.PKCS1WithSHA256, tls.PKCS1WithSHA384, tls.PKCS1WithSHA512}
	curves = map[elliptic.Curve]tls.SignatureScheme{
		elliptic.P256(): tls.ECDSAWithP256AndSHA256, elliptic.P384(): tls.ECDSAWithP384AndSHA384, elliptic.P521(): tls.ECDSAWithP521AndSHA512,
	}
)

// CardCertificate makes a client certificate of a key that stays on its card. chain is DER, the holder's certificate
// first. The card signs once for each handshake, not for each exchange, and not here.
//
// An RSA key signs PSS with TLS 1.3. When its signer answers errors.ErrUnsupported to that, the client goes on with
// PKCS#1 v1.5 and TLS 1.2.
func CardCertificate(signer crypto.Signer, chain [][]byte) (*tls.Certificate, error) {
	const op = "client certificate"
	if signer == nil || len(chain) == 0 {
		return nil, refusedOption(op, "a key and its certificate are wanted")
	}
	leaf, err := x509.ParseCertificate(chain[0])
	if err != nil {
		return nil, &Error{Op: op, Kind: Refused, Err: err}
	}
	c := &tls.Certificate{Certificate: chain, Leaf: leaf, PrivateKey: &cardSigner{Signer: signer}}
	if c.SupportedSignatureAlgorithms, err = schemes(signer.Public()); err != nil {
		return nil, err
	}
	spki, err := x509.MarshalPKIXPublicKey(signer.Public())
	if err != nil || !bytes.Equal(spki, leaf.RawSubjectPublicKeyInfo) {
		return nil, refusedOption(op, "the certificate is not that of the key")
	}
	return c, nil
}

// CanProve says whether a certificate with this public key (nil where it could not be read: GOST) can be a client certificate, before a
// card is asked for anything. Unsupported: it cannot.
func CanProve(public crypto.PublicKey) error {
	_, err := schemes(public)
	return err
}

func schemes(public crypto.PublicKey) ([]tls.SignatureScheme, error) {
	const op = "client certificate"
	switch k := public.(type) {
	case *ecdsa.PublicKey:
		if scheme, ok := curves[k.Curve]; ok {
			return []tls.SignatureScheme{scheme}, nil
		}
		return nil, &Error{Op: op, Kind: Unsupported, Detail: "TLS has no signatures on this curve"}
	case *rsa.PublicKey:
		return pss, nil
	}
	return nil, &Error{Op: op, Kind: Unsupported, Detail: "not possible with TLS here: it takes EC and RSA keys, no GOST ones"}
}

// cardSigner keeps the error of the card, of which TLS hands on only the text.
type cardSigner struct {
	crypto.Signer
	mu    sync.Mutex
	err   error
	noPSS atomic.Bool
}

var _ crypto.MessageSigner = (*cardSigner)(nil)

func (s *cardSigner) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	signature, err := s.Signer.Sign(random, digest, opts)
	return signature, s.keep(opts, err)
}

// SignMessage is for cards that sign only whole messages.
func (s *cardSigner) SignMessage(random io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	signature, err := crypto.SignMessage(s.Signer, random, message, opts)
	return signature, s.keep(opts, err)
}

func (s *cardSigner) keep(opts crypto.SignerOpts, err error) error {
	if _, ok := opts.(*rsa.PSSOptions); ok && errors.Is(err, errors.ErrUnsupported) {
		s.noPSS.Store(true)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
	return err
}

// failed gives the card's error when err is of a handshake that it did not sign.
func (s *cardSigner) failed(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil && strings.HasSuffix(err.Error(), s.err.Error()) {
		return s.err
	}
	return nil
}

// withCertificate shows the certificate to the office, whichever authorities its server names. signer is nil when the key is not on a card.
func withCertificate(t *http.Transport, c tls.Certificate) (http.RoundTripper, *cardSigner) {
	signer, card := c.PrivateKey.(*cardSigner)
	w := &proved{signer: signer, now: show(t, c, 0)}
	if !card {
		return w, nil
	}
	if _, isRSA := signer.Public().(*rsa.PublicKey); isRSA {
		c.SupportedSignatureAlgorithms = pkcs1
		w.old = show(t, c, tls.VersionTLS12)
	}
	return w, signer
}

func show(t *http.Transport, c tls.Certificate, newest uint16) *http.Transport {
	t = t.Clone()
	t.TLSClientConfig.MaxVersion = newest
	t.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &c, nil }
	return t
}

// proved makes exchanges over connections for which a certificate was proved.
type proved struct {
	now, old *http.Transport // old: for a card without PSS; nil when it has not to be tried
	signer   *cardSigner
	first    sync.Mutex // held until there is a connection: exchanges that begin at once want one signature, not one each
	open     atomic.Bool
}

func (p *proved) RoundTrip(r *http.Request) (*http.Response, error) {
	if !p.open.Load() {
		p.first.Lock()
		release := sync.OnceFunc(p.first.Unlock)
		defer release()
		r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
			p.open.Store(true)
			release()
		}}))
	}
	if p.old != nil && p.signer.noPSS.Load() {
		return p.old.RoundTrip(r)
	}
	answer, err := p.now.RoundTrip(r)
	if err == nil || p.old == nil || !p.signer.noPSS.Load() || p.signer.failed(err) == nil {
		return answer, err
	}
	again := r.Clone(r.Context()) // nothing was sent: the handshake was not finished
	if r.GetBody != nil {
		if again.Body, err = r.GetBody(); err != nil {
			return nil, err
		}
	}
	return p.old.RoundTrip(again)
}

// CloseIdleConnections is asked for by http.Client.
func (p *proved) CloseIdleConnections() {
	p.now.CloseIdleConnections()
	if p.old != nil {
		p.old.CloseIdleConnections()
	}
}
