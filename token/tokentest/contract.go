package tokentest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	_ "crypto/sha256" // the hashes of the contract
	_ "crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"testing"
	"time"

	"rekey/token"
)

// The PINs of the contract's card.
const (
	SOPIN = "87654321"
	PIN   = "123456"
)

// Contract is what every token.Module keeps. newModule gives a module with a blank card in a reader. Each
// algorithm named is made, used and deleted on that card.
func Contract(t *testing.T, newModule func(t *testing.T) token.Module, algorithms ...token.Algorithm) {
	t.Run("blank card", func(t *testing.T) { contractBlank(t, newModule(t)) })
	t.Run("PIN", func(t *testing.T) { contractPIN(t, newModule(t)) })
	t.Run("closed", func(t *testing.T) { contractClosed(t, newModule(t)) })
	for _, alg := range algorithms {
		t.Run(string(alg), func(t *testing.T) {
			m := newModule(t)
			s := openNew(t, m)
			login(t, s)
			contractKey(t, s, alg)
			contractCertificate(t, s, alg)
		})
	}
	t.Run("sessions", func(t *testing.T) { contractSessions(t, newModule(t)) })
}

func contractBlank(t *testing.T, m token.Module) {
	ctx := t.Context()
	if n := len(cards(t, m, func(c token.Card) bool { return c.Blank })); n == 0 {
		t.Fatal("no blank card")
	}
	_, err := m.InitBlank(ctx, "Rekey contract", []byte(SOPIN), nil)
	wantPIN(t, err, token.PINError{TriesLeft: -1, Length: true})
	_, err = m.InitBlank(ctx, "a label that is longer than 32 bytes", []byte(SOPIN), []byte(PIN))
	wantKind(t, err, token.KindNotAllowed)
	serial, err := m.InitBlank(ctx, "Rekey contract", []byte(SOPIN), []byte(PIN))
	if err != nil || serial == "" {
		t.Fatalf("InitBlank: %q, %v", serial, err)
	}
	made := cards(t, m, func(c token.Card) bool { return c.Serial == serial })
	if len(made) != 1 || made[0].Blank || made[0].Label != "Rekey contract" {
		t.Fatalf("after InitBlank: %+v", made)
	}
	_, err = m.Open(ctx, "no such serial")
	wantKind(t, err, token.KindNoCard)
}

func contractPIN(t *testing.T, m token.Module) {
	ctx := t.Context()
	s := openNew(t, m)
	wantPIN(t, s.Login(ctx, nil), token.PINError{TriesLeft: -1, Length: true})
	wantPIN(t, s.Login(ctx, []byte("1")), token.PINError{TriesLeft: -1, Length: true})
	_, err := s.Generate(ctx, token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}, Label: "x"})
	wantKind(t, err, token.KindLoginNeeded)
	var refused *token.PINError
	if err := s.Login(ctx, []byte("999999")); !errors.As(err, &refused) || refused.Locked || refused.Length {
		t.Fatalf("wrong PIN: %v", err)
	}
	wantKind(t, s.Login(ctx, []byte("999998")), token.KindPIN)
	pin := []byte(PIN)
	for range 2 { // a second login is no error
		if err := s.Login(ctx, pin); err != nil {
			t.Fatal(err)
		}
	}
	if string(pin) != PIN {
		t.Fatal("the caller's PIN was changed")
	}
}

func contractClosed(t *testing.T, m token.Module) {
	ctx := t.Context()
	s := openNew(t, m)
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Keys(ctx); err == nil {
		t.Fatal("a closed session answers")
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Readers(ctx); err == nil {
		t.Fatal("a closed module answers")
	}
}

func contractKey(t *testing.T, s token.Session, alg token.Algorithm) {
	ctx := t.Context()
	spec := token.KeySpec{Algorithm: alg, ID: []byte("id of " + alg), Label: "key of " + string(alg)}
	_, err := s.Generate(ctx, token.KeySpec{Algorithm: alg, Label: "no id"})
	wantKind(t, err, token.KindNotAllowed)
	_, err = s.Generate(ctx, token.KeySpec{Algorithm: "rot-13", ID: []byte{7}})
	wantKind(t, err, token.KindUnsupported)
	key := generate(t, s, spec)
	_, err = s.Generate(ctx, spec)
	wantKind(t, err, token.KindExists)

	keys, err := s.Keys(ctx)
	if err != nil || len(keys) != 1 {
		t.Fatalf("Keys: %+v, %v", keys, err)
	}
	k := keys[0]
	if !bytes.Equal(k.ID, spec.ID) || k.Label != spec.Label || k.Algorithm != alg || !k.Private || !bytes.Equal(k.SPKI, key.SPKI) {
		t.Fatalf("Keys: %+v", k)
	}
	contractSign(t, s, key)

	stranger, err := softwareKey(alg)
	if err != nil {
		t.Fatal(err)
	}
	other := key
	if other.SPKI, err = x509.MarshalPKIXPublicKey(stranger.Public()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign(ctx, other, make([]byte, 32), token.SignOptions{Hash: crypto.SHA256}); err == nil {
		t.Fatal("signed for a public key that is not on the card")
	}
}

func contractSign(t *testing.T, s token.Session, key token.Key) {
	ctx := t.Context()
	public, err := x509.ParsePKIXPublicKey(key.SPKI)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey := key.Algorithm != token.ECP256 && key.Algorithm != token.ECP384
	for _, hash := range []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		for _, pss := range []bool{false, true} {
			opts := token.SignOptions{Hash: hash, PSS: pss}
			h := hash.New()
			h.Write([]byte("what is signed"))
			signature, err := s.Sign(ctx, key, h.Sum(nil), opts)
			if pss && !rsaKey {
				wantKind(t, err, token.KindUnsupported)
				continue
			}
			if err != nil {
				t.Fatalf("%v: %v", opts, err)
			}
			if err := token.VerifyDigest(public, h.Sum(nil), signature, opts); err != nil {
				t.Fatalf("%v: %v", opts, err)
			}
		}
	}
	_, err = s.Sign(ctx, key, []byte("too short"), token.SignOptions{Hash: crypto.SHA256})
	wantKind(t, err, token.KindNotAllowed)
	_, err = s.Sign(ctx, key, make([]byte, 16), token.SignOptions{Hash: crypto.MD5})
	wantKind(t, err, token.KindNotAllowed)
}

func contractCertificate(t *testing.T, s token.Session, alg token.Algorithm) {
	ctx := t.Context()
	keys, err := s.Keys(ctx)
	if err != nil || len(keys) != 1 {
		t.Fatalf("Keys: %+v, %v", keys, err)
	}
	key := keys[0]
	first, second := Certificate(t, s, key, 1), Certificate(t, s, key, 2)
	wantKind(t, s.PutCertificate(ctx, key.ID, "x", []byte("no certificate")), token.KindNotAllowed)
	for _, der := range [][]byte{first, second, first} { // the third is there already
		if err := s.PutCertificate(ctx, key.ID, "certificate", der); err != nil {
			t.Fatal(err)
		}
	}
	certs, err := s.Certificates(ctx)
	if err != nil || len(certs) != 2 {
		t.Fatalf("Certificates: %d, %v", len(certs), err)
	}
	for _, c := range certs {
		if !bytes.Equal(c.ID, key.ID) || c.Label != "certificate" || !bytes.Equal(c.DER, first) && !bytes.Equal(c.DER, second) {
			t.Fatalf("Certificates: %+v", c)
		}
	}
	cert, err := x509.ParseCertificate(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := token.Prove(ctx, s, cert); err != nil {
		t.Fatal(err)
	}
	wantKind(t, s.DestroyPair(ctx, key), token.KindNotAllowed)

	spare := generate(t, s, token.KeySpec{Algorithm: alg, ID: []byte("spare"), Label: "spare"})
	if err := s.DestroyPair(ctx, spare); err != nil {
		t.Fatal(err)
	}
	wantKind(t, s.DestroyPair(ctx, spare), token.KindNoKey)
	keys, err = s.Keys(ctx)
	if err != nil || len(keys) != 1 || !bytes.Equal(keys[0].SPKI, key.SPKI) {
		t.Fatalf("after DestroyPair: %+v, %v", keys, err)
	}
	stranger := *cert
	stranger.RawSubjectPublicKeyInfo = spare.SPKI
	wantKind(t, token.Prove(ctx, s, &stranger), token.KindNoKey)
}

// contractSessions: what is on the card outlives a session, the login does not.
func contractSessions(t *testing.T, m token.Module) {
	ctx := t.Context()
	s := openNew(t, m)
	login(t, s)
	key := generate(t, s, token.KeySpec{Algorithm: token.ECP256, ID: []byte{9}, Label: "nine"})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := m.Open(ctx, s.Card().Serial)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	digest := make([]byte, 32)
	_, err = again.Sign(ctx, key, digest, token.SignOptions{Hash: crypto.SHA256})
	wantKind(t, err, token.KindLoginNeeded)
	keys, err := again.Keys(ctx)
	if found, ok := token.MatchKey(keys, key.SPKI); err != nil || !ok || found.Private {
		t.Fatalf("Keys before the login: %+v, %v", keys, err)
	}
	login(t, again)
	if _, err := again.Sign(ctx, key, digest, token.SignOptions{Hash: crypto.SHA256}); err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := again.Keys(cancelled); err == nil {
		t.Fatal("a cancelled context is not heeded")
	}
	if _, err := again.Keys(ctx); err != nil {
		t.Fatalf("after a cancelled call: %v", err)
	}
}

// Certificate makes a self-signed certificate of a key on a card; the session has to be logged in.
func Certificate(t testing.TB, s token.Session, key token.Key, serial int64) []byte {
	t.Helper()
	signer, err := token.NewSigner(context.Background(), s, key)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial),
		Subject:      pkix.Name{CommonName: "Deneme Öğretmen"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, signer.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func cards(t *testing.T, m token.Module, want func(token.Card) bool) (found []token.Card) {
	t.Helper()
	readers, err := m.Readers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range readers {
		if r.Module == "" || r.Name == "" {
			t.Fatalf("reader without module or name: %+v", r)
		}
		if r.Card != nil && want(*r.Card) {
			found = append(found, *r.Card)
		}
	}
	return found
}

// openNew initialises the blank card and opens it.
func openNew(t *testing.T, m token.Module) token.Session {
	t.Helper()
	serial, err := m.InitBlank(t.Context(), "Rekey contract", []byte(SOPIN), []byte(PIN))
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.Open(t.Context(), serial)
	if err != nil {
		t.Fatal(err)
	}
	if s.Card().Serial != serial {
		t.Fatalf("opened %+v", s.Card())
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func login(t *testing.T, s token.Session) {
	t.Helper()
	if err := s.Login(t.Context(), []byte(PIN)); err != nil {
		t.Fatal(err)
	}
}

func generate(t *testing.T, s token.Session, spec token.KeySpec) token.Key {
	t.Helper()
	key, err := s.Generate(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	if !key.Private || !bytes.Equal(key.ID, spec.ID) || key.Algorithm != spec.Algorithm {
		t.Fatalf("Generate: %+v", key)
	}
	return key
}

func wantKind(t *testing.T, err error, kind token.Kind) {
	t.Helper()
	if token.KindOf(err) != kind {
		t.Fatalf("got %v, want the kind %s", err, kind)
	}
}

func wantPIN(t *testing.T, err error, want token.PINError) {
	t.Helper()
	var got *token.PINError
	if token.KindOf(err) != token.KindPIN || !errors.As(err, &got) || got.Length != want.Length || got.Locked != want.Locked {
		t.Fatalf("got %v, want %+v", err, want)
	}
}
