package pkcs11

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"os"
	"testing"
	"time"

	"rekey/token"
	"rekey/token/tokentest"
)

// renewal is what the program does with a card, so that each step can be done again.
type renewal struct {
	serial string
	id     []byte
	issued map[string][]byte // the office's certificates by public key: it issues one
}

func (r *renewal) run(t *testing.T, m token.Module) error {
	ctx := t.Context()
	s, err := m.Open(ctx, r.serial)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Login(ctx, []byte(tokentest.PIN)); err != nil {
		return err
	}
	keys, err := s.Keys(ctx)
	if err != nil {
		return err
	}
	var key token.Key
	for _, k := range keys {
		if bytes.Equal(k.ID, r.id) && k.Private {
			key = k
		}
	}
	if key.SPKI == nil {
		if key, err = s.Generate(ctx, token.KeySpec{Algorithm: token.ECP256, ID: r.id, Label: "new"}); err != nil {
			return err
		}
	}
	signer, err := token.NewSigner(ctx, s, key)
	if err != nil {
		return err
	}
	if _, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, signer); err != nil {
		return err
	}
	der := r.issue(t, signer.Public())
	if err := s.PutCertificate(ctx, r.id, "new", der); err != nil {
		return err
	}
	certs, err := s.Certificates(ctx)
	if err != nil {
		return err
	}
	back := false
	for _, c := range certs {
		back = back || bytes.Equal(c.DER, der)
	}
	if !back {
		return fmt.Errorf("the certificate is not there")
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return err
	}
	return token.Prove(ctx, s, cert)
}

func (r *renewal) issue(t *testing.T, public crypto.PublicKey) []byte {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	if r.issued[string(spki)] == nil {
		template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Deneme"}, NotAfter: time.Now().Add(time.Hour)}
		if r.issued[string(spki)], err = x509.CreateCertificate(rand.Reader, template, template, public, officeKey(t)); err != nil {
			t.Fatal(err)
		}
	}
	return r.issued[string(spki)]
}

// content is everything on a card that can be read, as a fingerprint, and how many pairs and certificates.
func content(t *testing.T, m token.Module, serial string) (sum [32]byte, pairs, certs int) {
	t.Helper()
	s, err := m.Open(t.Context(), serial)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	login(t, s)
	keys, err := s.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.Certificates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if !k.Private {
			t.Fatalf("half a pair: %+v", k)
		}
	}
	return sha256.Sum256(fmt.Appendf(nil, "%+v %+v", keys, list)), len(keys), len(list)
}

// At every call of a renewal in turn the card is pulled, just before it or just after it (then the card has done it and the answer is
// lost), or the helper dies. The next attempt finishes: one new pair, one new certificate, the other card as it was.
func TestRemovalAtEveryCall(t *testing.T) {
	for _, fault := range []string{"pullat", "lateat", "crashat"} {
		t.Run(fault, func(t *testing.T) {
			f := newFaulty(t)
			m := f.load(t)
			if fault == "crashat" {
				m = token.HelperWithin(f.path, command(t), token.DefaultLimits())
				t.Cleanup(func() { m.Close() })
			}
			other := newCard(t, m, "other card")
			login(t, other)
			if _, err := other.Generate(t.Context(), token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}}); err != nil {
				t.Fatal(err)
			}
			other.Close()
			before, _, _ := content(t, m, other.Card().Serial)
			card := newCard(t, m, "card")
			card.Close()
			step := map[string]int{"pullat": 1, "lateat": 2, "crashat": 8}[fault] // a crash starts two processes each time
			done := 0
			for n := 1; ; n += step {
				r := &renewal{serial: card.Card().Serial, id: fmt.Appendf(nil, "%d", n), issued: map[string][]byte{}}
				os.Remove(f.control + ".calls")
				f.set(t, fmt.Sprintf("%s=%d", fault, n))
				err := r.run(t, m)
				marks, readErr := os.ReadFile(f.control + ".calls")
				if readErr != nil {
					t.Fatal(readErr)
				}
				f.set(t)
				if err == nil && len(marks) < n {
					t.Logf("%d calls, %d renewals", len(marks), done)
					break
				}
				if err != nil && token.KindOf(err) == "" {
					t.Fatalf("call %d: not a typed error: %v", n, err)
				}
				for try := 1; err != nil; try++ {
					if err = r.run(t, m); err != nil && try == 2 {
						t.Fatalf("call %d: the next attempt: %v", n, err)
					}
				}
				done++
				if len(r.issued) != 1 {
					t.Fatalf("call %d: %d certificates were issued", n, len(r.issued))
				}
				if _, pairs, certs := content(t, m, r.serial); pairs != 1 || certs != 1 {
					t.Fatalf("call %d: %d pairs and %d certificates", n, pairs, certs)
				}
				if fault == "crashat" {
					card = newCard(t, m, "card") // only the child sees it
					card.Close()
				} else {
					empty(t, f, r.serial)
				}
			}
			if after, _, _ := content(t, m, other.Card().Serial); after != before {
				t.Error("the other card has changed")
			}
		})
	}
}
