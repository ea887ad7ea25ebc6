//go:build promises

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/miekg/pkcs11"

	"rekey/app/form"
	"rekey/app/gost"
	"rekey/app/request"
	"rekey/cmd/rekey-demo/stage"
	"rekey/token"
)

const rounds = 200

// TestPromiseRequest: a request for a key on the card, through the helper process and checked, at most 0.5 ms more than the bare
// C_Sign of the same key, with a GOST key 1 ms.
func TestPromiseRequest(t *testing.T) {
	for algorithm, limit := range map[token.Algorithm]time.Duration{
		token.ECP256: 500 * time.Microsecond, token.RSA2048: 500 * time.Microsecond, stage.Head().Algorithm: time.Millisecond,
	} {
		person := stage.Head()
		person.Algorithm = algorithm
		t.Run(string(algorithm), func(t *testing.T) { requestPromise(t, person, limit) })
	}
}

func requestPromise(t *testing.T, person stage.Person, limit time.Duration) {
	dir := t.TempDir()
	t.Setenv("SOFTHSM2_CONF", "")
	rekey := filepath.Join(os.Getenv("REKEY_BIN"), "rekey")
	office := stage.NewOffice(os.Getenv("REKEY_BIN"), filepath.Join(dir, "central"))
	card, err := stage.MakeCard(t.Context(), rekey, dir, person, office)
	if err != nil {
		t.Fatal(err)
	}
	request := cardRequest(t, rekey, card, person)
	sign := bareSign(t, card, person)
	var whole, bare []time.Duration
	for range rounds {
		bare = append(bare, timed(t, sign))
		whole = append(whole, timed(t, request))
	}
	a, b := median(whole), median(bare)
	verdict(t, a-b <= limit, "request, %s: %.2f ms, bare C_Sign %.2f ms, %.2f ms more (at most %.1f)", person.Algorithm, ms(a), ms(b), ms(a-b), ms(limit))
}

func timed(t *testing.T, f func() error) time.Duration {
	t.Helper()
	began := time.Now()
	if err := f(); err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

// cardRequest gives the product's way: session through the helper, subject as it was, request made and verified.
func cardRequest(t *testing.T, rekey string, card stage.Card, p stage.Person) func() error {
	t.Helper()
	ctx := context.Background()
	module := token.Helper(card.Module, []string{rekey, "token-helper"})
	t.Cleanup(func() { module.Close() })
	session, err := module.Open(ctx, card.Serial)
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Login(ctx, []byte(p.PIN)); err != nil {
		t.Fatal(err)
	}
	keys, err := session.Keys(ctx)
	if err != nil || len(keys) != 1 {
		t.Fatal(keys, err)
	}
	certs, err := session.Certificates(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(certs[0].DER)
	if err != nil {
		t.Fatal(err)
	}
	if p.Algorithm.GOSTBits() > 0 {
		return func() error {
			k, err := gost.ParsePublicKey(keys[0].SPKI)
			if err != nil {
				return err
			}
			_, err = request.NewGOST(ctx, k, func(ctx context.Context, digest, message []byte) ([]byte, error) {
				return session.Sign(ctx, keys[0], digest, token.SignOptions{Streebog: true, Message: message})
			}, cert.RawSubject, nil)
			return err
		}
	}
	return func() error {
		signer, err := token.NewSigner(ctx, session, keys[0])
		if err != nil {
			return err
		}
		_, err = request.New(ctx, signer, cert.RawSubject, nil)
		return err
	}
}

// bareSign gives the same signature without anything around it.
func bareSign(t *testing.T, card stage.Card, p stage.Person) func() error {
	t.Helper()
	lib := pkcs11.New(card.Module)
	if err := lib.Initialize(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Finalize(); lib.Destroy() })
	slots, err := lib.GetSlotList(true)
	if err != nil {
		t.Fatal(err)
	}
	session, err := lib.OpenSession(slots[0], pkcs11.CKF_SERIAL_SESSION)
	if err != nil {
		t.Fatal(err)
	}
	if err := lib.Login(session, pkcs11.CKU_USER, p.PIN); err != nil {
		t.Fatal(err)
	}
	if err := lib.FindObjectsInit(session, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PRIVATE_KEY)}); err != nil {
		t.Fatal(err)
	}
	keys, _, err := lib.FindObjects(session, 1)
	if err != nil || len(keys) != 1 {
		t.Fatal(keys, err)
	}
	if err := lib.FindObjectsFinal(session); err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte("bare"))
	mechanism, data := pkcs11.NewMechanism(pkcs11.CKM_ECDSA, nil), digest[:]
	switch {
	case p.Algorithm.GOSTBits() > 0:
		mechanism = pkcs11.NewMechanism(pkcs11.CKM_GOSTR3410, nil)
	case p.Algorithm == token.RSA2048: // DigestInfo of RFC 8017 §9.2 for SHA-256
		mechanism = pkcs11.NewMechanism(pkcs11.CKM_RSA_PKCS, nil)
		data = append([]byte{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20}, data...)
	}
	return func() error {
		if err := lib.SignInit(session, []*pkcs11.Mechanism{mechanism}, keys[0]); err != nil {
			return err
		}
		_, err := lib.Sign(session, data)
		return err
	}
}

// TestPromiseForm: the two-copy form at most 20 ms.
func TestPromiseForm(t *testing.T) {
	fonts, err := form.LoadFonts(os.DirFS("../../assets/fonts"))
	if err != nil {
		t.Fatal(err)
	}
	spec, err := form.LoadID(os.DirFS("../../assets/forms"), "tr-kamusm-nes.application")
	if err != nil {
		t.Fatal(err)
	}
	in := form.Input{Form: spec, Copies: 2, Case: "01a1fff6-9639-754c-b104-a7ae47f12955", Route: form.RoutePaper, Reason: "renewal", Date: time.Now(), Details: stage.Doctor().Details, Fonts: fonts}
	first, err := form.Render(in)
	if err != nil {
		t.Fatal(err)
	}
	var all []time.Duration
	for range rounds {
		all = append(all, timed(t, func() error {
			pdf, err := form.Render(in)
			if err == nil && !bytes.Equal(pdf, first) {
				err = fmt.Errorf("the same input gave other bytes")
			}
			return err
		}))
	}
	verdict(t, median(all) <= 20*time.Millisecond, "application form in two copies: %.1f ms (at most 20)", ms(median(all)))
}
