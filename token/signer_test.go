package token_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"testing"

	"rekey/token"
	"rekey/token/tokentest"
)

func TestSignerPSS(t *testing.T) {
	f := tokentest.NewFake("/v/m.so")
	f.AddCard("Reader", "A1", "card", tokentest.PIN)
	key, err := f.AddKey("A1", token.KeySpec{Algorithm: token.RSA2048, ID: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	signer, err := token.NewSigner(t.Context(), openA1(t, f), key)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte("text"))
	for _, salt := range []int{rsa.PSSSaltLengthAuto, rsa.PSSSaltLengthEqualsHash, 32} {
		signature, err := signer.Sign(nil, digest[:], &rsa.PSSOptions{SaltLength: salt, Hash: crypto.SHA256})
		if err != nil {
			t.Fatal(err)
		}
		if err := rsa.VerifyPSS(signer.Public().(*rsa.PublicKey), crypto.SHA256, digest[:], signature, nil); err != nil {
			t.Fatal(err)
		}
	}
	_, err = signer.Sign(nil, digest[:], &rsa.PSSOptions{SaltLength: 20, Hash: crypto.SHA256})
	wantKind(t, err, token.KindNotAllowed)
	if n := f.Counts(); n.Signs != 3 || n.Logins != 1 {
		t.Fatalf("%+v", n)
	}
}

func TestMatchKeyPrefersThePrivateHalf(t *testing.T) {
	spki := []byte("spki")
	keys := []token.Key{{SPKI: []byte("x"), Private: true}, {SPKI: spki, ID: []byte{1}}, {SPKI: spki, ID: []byte{2}, Private: true}}
	if k, ok := token.MatchKey(keys, spki); !ok || k.ID[0] != 2 {
		t.Fatal(k, ok)
	}
	if k, ok := token.MatchKey(keys[:2], spki); !ok || k.ID[0] != 1 {
		t.Fatal(k, ok)
	}
	if _, ok := token.MatchKey(keys[:1], spki); ok {
		t.Fatal("found")
	}
}
