package cms

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"testing"
	"time"
)

// liar signs something else than it is asked for.
type liar struct{ crypto.Signer }

func (l liar) Sign(r io.Reader, _ []byte, o crypto.SignerOpts) ([]byte, error) {
	return l.Signer.Sign(r, make([]byte, 32), o)
}

// whole is a card that signs only whole messages.
type whole struct {
	*ecdsa.PrivateKey
	calls int
}

func (w *whole) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("no digests")
}

func (w *whole) SignMessage(r io.Reader, message []byte, o crypto.SignerOpts) ([]byte, error) {
	w.calls++
	sum := sha256.Sum256(message)
	return w.PrivateKey.Sign(r, sum[:], o)
}

func newPair(t testing.TB) (*ecdsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: "Holder"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return key, cert
}

func TestWhatIsMadeIsReadAgain(t *testing.T) {
	key, cert := newPair(t)
	m, err := New(cert, []*x509.Certificate{cert})
	if err != nil {
		t.Fatal(err)
	}
	content := []byte("content")
	digest := sha256.Sum256(content)
	card := &whole{PrivateKey: key}
	signed, err := m.Sign(context.Background(), card, digest[:])
	if err != nil || card.calls != 1 {
		t.Fatal(err, card.calls)
	}
	inside, err := signed.Enveloping(content)
	if err != nil {
		t.Fatal(err)
	}
	note := NewAttribute(OIDTimeStampToken, []byte{4, 1, 7})
	outside, err := signed.Detached(note)
	if err != nil {
		t.Fatal(err)
	}
	for _, der := range [][]byte{inside, append(outside, 0, 0, 0)} { // padded, as in a PDF
		p, err := Parse(der)
		if err != nil {
			t.Fatal(err)
		}
		if p.Content == nil {
			p.Content = content
		}
		bound, err := p.Bound()
		if err != nil || !bound || !p.Signer.Equal(cert) || p.Verify() != nil {
			t.Errorf("%v %v %v", bound, err, p.Verify())
		}
		value, there := p.Unsigned(OIDTimeStampToken)
		if there && !bytes.Equal(value, []byte{4, 1, 7}) {
			t.Errorf("%x", value)
		}
	}
	if size, err := m.Size(); err != nil || size > len(outside)+10 {
		t.Error(size, len(outside), err)
	}
}

func TestALyingSignerIsFound(t *testing.T) {
	key, cert := newPair(t)
	m, err := New(cert, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Sign(context.Background(), liar{key}, make([]byte, 32)); !errors.Is(err, ErrMismatch) {
		t.Error(err)
	}
}

func TestDeepAndBrokenMessagesAreRefused(t *testing.T) {
	for what, der := range map[string][]byte{
		"empty":            nil,
		"deep":             bytes.Repeat([]byte{0x30, 0x80}, 1<<18),
		"too long":         make([]byte, MaxSize+1),
		"cut":              {0x30, 0x82, 0xff},
		"endless":          {0x30, 0x80, 4, 1, 1},
		"a long tag":       {0x3f, 0x81, 0x82},
		"length of length": {0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1},
		"no message":       {0x30, 0},
	} {
		if _, err := Parse(der); err == nil {
			t.Errorf("%s was read", what)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte{0x30, 0x80, 0x24, 0x80, 0, 0, 0, 0})
	f.Fuzz(func(_ *testing.T, der []byte) {
		p, err := Parse(der)
		if err == nil {
			_, _ = p.Bound()
			_ = p.Verify()
		}
	})
}
