package central_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"rekey/app/central"
	"rekey/token"
	"rekey/token/gosttest"
	"rekey/token/tokentest"
)

// counted counts what a key signs, and refuses as cards do.
type counted struct {
	crypto.Signer
	signs atomic.Int32
	noPSS bool
	err   error
}

func (c *counted) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return c.SignMessage(random, digest, hashed{opts})
}

// hashed marks options whose message is a digest already.
type hashed struct{ crypto.SignerOpts }

func (c *counted) SignMessage(random io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	done, digest := opts.(hashed)
	if digest {
		opts = done.SignerOpts
	}
	if _, pss := opts.(*rsa.PSSOptions); pss && c.noPSS {
		return nil, &token.Error{Op: "sign", Kind: token.KindUnsupported, Err: errors.New("no PSS")}
	}
	if c.err != nil {
		return nil, c.err
	}
	c.signs.Add(1)
	if digest {
		return c.Signer.Sign(random, message, opts)
	}
	return crypto.SignMessage(c.Signer, random, message, opts)
}

// office asks for certificates of an authority, and tells who came, over which TLS.
func demanding(t *testing.T, versions [2]uint16) (address string, holders authority, came func() (subjects, over string)) {
	t.Helper()
	holders = newAuthority("Holders")
	accepted := x509.NewCertPool()
	accepted.AddCert(holders.cert)
	var mu sync.Mutex
	var who, how string
	s := secure(t, &tls.Config{Certificates: []tls.Certificate{world.server("127.0.0.1")}, ClientAuth: tls.RequestClientCert, MinVersion: versions[0], MaxVersion: versions[1]},
		func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			who, how = "", fmt.Sprintf("%s, HTTP/%d", tls.VersionName(r.TLS.Version), r.ProtoMajor)
			if len(r.TLS.PeerCertificates) > 0 {
				cert := r.TLS.PeerCertificates[0]
				if _, err := cert.Verify(x509.VerifyOptions{Roots: accepted, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err == nil {
					who = cert.Subject.CommonName
				}
			}
			mu.Unlock()
			if r.Header.Get("Authorization") != "" {
				t.Error("a key, and there is none")
			}
			quietly(w, r)
		})
	return s.URL, holders, func() (string, string) {
		mu.Lock()
		defer mu.Unlock()
		return who, how
	}
}

// ways are the versions of TLS that a server may have.
var ways = map[string][2]uint16{"TLS 1.2": {tls.VersionTLS12, tls.VersionTLS12}, "TLS 1.3": {tls.VersionTLS13, tls.VersionTLS13}, "both": {tls.VersionTLS12, tls.VersionTLS13}}

// prove signs in with a key at servers of each kind: one signature for many exchanges, also for those at once.
func prove(t *testing.T, key crypto.Signer, noPSS bool, want map[string]string) {
	t.Helper()
	for name, versions := range ways {
		address, holders, came := demanding(t, versions)
		signer := &counted{Signer: key, noPSS: noPSS}
		cert, err := central.CardCertificate(signer, [][]byte{holders.issue(key.Public(), tomorrow())})
		if err != nil {
			t.Fatal(err)
		}
		if signer.signs.Load() != 0 {
			t.Error("signed before anything was asked")
		}
		c, err := central.New(central.Options{Address: address, Certificate: cert})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		var all sync.WaitGroup
		failures := make([]error, 8)
		for i := range failures {
			all.Go(func() {
				for range 3 {
					if _, err := c.Changes(t.Context(), 0, 0); err != nil {
						failures[i] = err
					}
				}
			})
		}
		all.Wait()
		err = errors.Join(failures...)
		if want[name] == "" {
			if err == nil || signer.signs.Load() != 0 {
				t.Errorf("%s: signed in over what the key cannot do", name)
			}
			continue
		}
		who, over := came()
		if err != nil || who != "leaf" || over != want[name] || signer.signs.Load() != 1 {
			t.Errorf("%s: %q over %q after %d signatures, want %q and one; %v", name, who, over, signer.signs.Load(), want[name], err)
		}
	}
}

var modern = map[string]string{"TLS 1.2": "TLS 1.2, HTTP/2", "TLS 1.3": "TLS 1.3, HTTP/2", "both": "TLS 1.3, HTTP/2"}

func TestHandshakesOfKeysInMemory(t *testing.T) {
	for _, curve := range []elliptic.Curve{elliptic.P384(), elliptic.P521()} {
		k, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		prove(t, k, false, modern)
	}
}

// The real thing: keys on a SoftHSM card, through the module in its child process. One login is enough.
func TestHandshakesOfKeysOnACard(t *testing.T) {
	m := token.Helper(tokentest.SoftHSM(t), gosttest.Driver(t))
	t.Cleanup(func() { m.Close() })
	serial, err := m.InitBlank(t.Context(), "card", []byte("87654321"), []byte(tokentest.PIN))
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.Open(t.Context(), serial)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Login(t.Context(), []byte(tokentest.PIN)); err != nil {
		t.Fatal(err)
	}
	for i, algorithm := range []token.Algorithm{token.ECP256, token.RSA2048} {
		k, err := s.Generate(t.Context(), token.KeySpec{Algorithm: algorithm, ID: []byte{byte(i + 1)}})
		if err != nil {
			t.Fatal(err)
		}
		signer, err := token.NewSigner(t.Context(), s, k)
		if err != nil {
			t.Fatal(err)
		}
		prove(t, signer, false, modern)
		if algorithm == token.RSA2048 { // a card without PSS ends with TLS 1.2
			prove(t, signer, true, map[string]string{"TLS 1.2": "TLS 1.2, HTTP/2", "TLS 1.3": "", "both": "TLS 1.2, HTTP/2"})
		}
	}
}

// When the card does not sign, its own error is told, and nothing is sent without the certificate.
func TestCardThatDoesNotSign(t *testing.T) {
	for _, versions := range ways {
		address, holders, came := demanding(t, versions)
		k := newKey()
		gone := &token.Error{Op: "sign", Kind: token.KindCardRemoved}
		signer := &counted{Signer: k, err: gone}
		cert, err := central.CardCertificate(signer, [][]byte{holders.issue(k.Public(), tomorrow())})
		if err != nil {
			t.Fatal(err)
		}
		c, err := central.New(central.Options{Address: address, Certificate: cert})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		if _, err := c.Changes(t.Context(), 0, 0); central.KindOf(err) != central.CardFailed || token.KindOf(err) != token.KindCardRemoved {
			t.Error(err)
		}
		if _, over := came(); over != "" {
			t.Error("sent without the certificate")
		}
		signer.err = nil // the card is back
		if _, err := c.Changes(t.Context(), 0, 0); err != nil {
			t.Error(err)
		}
	}
}

// A server that wants a certificate and does not take this one has not "no network". With TLS 1.3 its word may be lost behind a
// broken pipe, since it comes after the handshake; so the contract has such a server answer 401.
func TestCertificateThatIsNotTaken(t *testing.T) {
	holders, stranger := newAuthority("Holders"), newAuthority("Stranger")
	accepted := x509.NewCertPool()
	accepted.AddCert(holders.cert)
	s := secure(t, &tls.Config{Certificates: []tls.Certificate{world.server("127.0.0.1")}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: accepted,
		MaxVersion: tls.VersionTLS12}, quietly)
	k := newKey()
	cert, err := central.CardCertificate(k, [][]byte{stranger.issue(k.Public(), tomorrow())})
	if err != nil {
		t.Fatal(err)
	}
	c, err := central.New(central.Options{Address: s.URL, Certificate: cert})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if _, err := c.Changes(t.Context(), 0, 0); central.KindOf(err) != central.NotAdmitted {
		t.Error(err)
	}
}

func TestKeysThatAreNoClientCertificate(t *testing.T) {
	k := newKey()
	leaf := world.issue(k.Public(), tomorrow())
	ed, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		signer crypto.Signer
		chain  [][]byte
		want   central.Kind
		says   string
	}{
		"no key":              {nil, [][]byte{leaf}, central.Refused, "a key"},
		"no certificate":      {k, nil, central.Refused, "certificate"},
		"broken certificate":  {k, [][]byte{{0x30}}, central.Refused, ""},
		"another certificate": {newKey(), [][]byte{leaf}, central.Refused, "not that of the key"},
		"GOST":                {foreign{}, [][]byte{leaf}, central.Unsupported, "not possible with TLS here"},
		"Ed25519":             {edKey, [][]byte{world.issue(ed, tomorrow())}, central.Unsupported, "not possible with TLS here"},
		"P-224":               {p224, [][]byte{world.issue(p224.Public(), tomorrow())}, central.Unsupported, "curve"},
	} {
		if _, err := central.CardCertificate(row.signer, row.chain); central.KindOf(err) != row.want || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// foreign is a key whose kind Go does not know.
type foreign struct{}

func (foreign) Public() crypto.PublicKey { return &token.GOSTKey{} }

func (foreign) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("never asked")
}
