package pkcs11

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"os"
	"slices"
	"strings"
	"testing"

	"rekey/token"
	"rekey/token/tokentest"
)

func TestAlgorithmsOfTheCard(t *testing.T) {
	f := newFaulty(t)
	s := newCard(t, f.load(t), "card")
	login(t, s)
	for fault, want := range map[string][]token.Algorithm{
		"":              {token.RSA2048, token.RSA3072, token.RSA4096, token.ECP256, token.ECP384},
		"small-keys":    {token.RSA2048},
		"no-mechanisms": nil,
	} {
		f.set(t, fault)
		got, err := s.Algorithms(t.Context())
		if fault == "small-keys" { // the fault lowers the limit of the curves too, which means nothing
			got = slices.DeleteFunc(got, func(a token.Algorithm) bool { return a == token.ECP256 || a == token.ECP384 })
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v", fault, got, err)
		}
	}
	// A card that cannot is not a card that fails.
	f.set(t, "small-keys")
	_, err := s.Generate(t.Context(), token.KeySpec{Algorithm: token.RSA4096, ID: []byte{1}})
	wantKind(t, err, token.KindUnsupported)
	for code, kind := range map[string]token.Kind{"30": token.KindCardRefused, "5": token.KindCardRefused, "54": token.KindUnsupported, "D1": token.KindCardRefused, "31": token.KindCardFull, "E2": token.KindReadOnly} {
		f.set(t, "fail="+code+"@GenerateKeyPair")
		_, err = s.Generate(t.Context(), token.KeySpec{Algorithm: token.ECP256, ID: []byte{2}})
		if token.KindOf(err) != kind {
			t.Errorf("0x%s: %v", code, err)
		}
	}
	f.set(t)
	if keys, err := s.Keys(t.Context()); err != nil || len(keys) != 0 {
		t.Fatal(keys, err)
	}
}

// A card that hashes for itself signs when the message is known, and says why when it is not.
func TestCardThatSignsOnlyWholeMessages(t *testing.T) {
	f := newFaulty(t)
	m := token.Helper(f.path, command(t))
	defer m.Close()
	s := newCard(t, m, "card")
	login(t, s)
	for _, alg := range []token.Algorithm{token.RSA2048, token.ECP256} {
		key, err := s.Generate(t.Context(), token.KeySpec{Algorithm: alg, ID: []byte(alg)})
		if err != nil {
			t.Fatal(err)
		}
		f.set(t, "only-combined")
		again, err := m.Open(t.Context(), s.Card().Serial) // what a card offers is asked once in a session
		if err != nil {
			t.Fatal(err)
		}
		_, err = again.Sign(t.Context(), key, make([]byte, 32), sha256Options)
		wantKind(t, err, token.KindUnsupported)
		signer, err := token.NewSigner(t.Context(), again, key)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, signer)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := x509.ParseCertificateRequest(der); err != nil || r.CheckSignature() != nil {
			t.Fatal(err)
		}
		var opts crypto.SignerOpts = crypto.SHA256
		if alg == token.RSA2048 {
			opts = &rsa.PSSOptions{Hash: crypto.SHA256, SaltLength: rsa.PSSSaltLengthEqualsHash}
		}
		for _, text := range []string{"", "a message"} {
			signature, err := crypto.SignMessage(signer, rand.Reader, []byte(text), opts)
			if err != nil {
				t.Fatal(err)
			}
			digest := sha256.Sum256([]byte(text))
			if err := token.VerifyDigest(signer.Public(), digest[:], signature, token.SignOptions{Hash: crypto.SHA256, PSS: alg == token.RSA2048}); err != nil {
				t.Fatal(err)
			}
		}
		wrong := token.SignOptions{Hash: crypto.SHA256, Message: []byte("another message")}
		_, err = again.Sign(t.Context(), key, make([]byte, 32), wrong)
		wantKind(t, err, token.KindNotAllowed)
		f.set(t)
	}
}

// A card that does not sign the digest is asked to sign the message, where that is known, and no third time.
func TestCardThatRefusesTheDigest(t *testing.T) {
	f := newFaulty(t)
	s := newCard(t, f.load(t), "card")
	login(t, s)
	key, err := s.Generate(t.Context(), token.KeySpec{Algorithm: token.RSA2048, ID: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	message := []byte("message")
	digest := sha256.Sum256(message)
	if _, err := s.Sign(t.Context(), key, digest[:], sha256Options); err != nil { // the key is known: see signAgain
		t.Fatal(err)
	}
	f.set(t, "fail=20@Sign")
	for _, c := range []struct {
		message []byte
		asked   int
	}{{message, 3}, {nil, 2}} { // once in signAgain
		if err := os.Remove(f.control + ".calls"); err != nil {
			t.Fatal(err)
		}
		_, err := s.Sign(t.Context(), key, digest[:], token.SignOptions{Hash: crypto.SHA256, Message: c.message})
		wantKind(t, err, token.KindUnsupported)
		if n := strings.Count(f.calls(t), " Sign "); n != c.asked {
			t.Errorf("asked %d times, want %d", n, c.asked)
		}
	}
}

func TestLongRSAKeys(t *testing.T) {
	s := newCard(t, inProcess(t), "card")
	login(t, s)
	for _, alg := range []token.Algorithm{token.RSA3072, token.RSA4096} {
		key, err := s.Generate(t.Context(), token.KeySpec{Algorithm: alg, ID: []byte(alg)})
		if err != nil || key.Algorithm != alg {
			t.Fatal(key.Algorithm, err)
		}
		if _, err := x509.ParseCertificate(tokentest.Certificate(t, s, key, 1)); err != nil {
			t.Fatal(err)
		}
	}
}
