package tokentest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"slices"
	"testing"
	"time"

	"rekey/token"
)

func contractKey(t *testing.T, s token.Session, alg token.Algorithm) {
	ctx := t.Context()
	spec := token.KeySpec{Algorithm: alg, ID: []byte("id of " + alg), Label: "key of " + string(alg)}
	_, err := s.Generate(ctx, token.KeySpec{Algorithm: alg, Label: "no id"})
	wantKind(t, err, token.KindNotAllowed)
	_, err = s.Generate(ctx, token.KeySpec{Algorithm: "rot-13", ID: []byte{7}})
	wantKind(t, err, token.KindUnsupported)
	able, err := s.Algorithms(ctx)
	if err != nil || !slices.Contains(able, alg) {
		t.Fatalf("Algorithms: %v, %v", able, err)
	}
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
			if hash == crypto.SHA384 {
				opts.Message = []byte("what is signed")
			}
			signature, err := s.Sign(ctx, key, h.Sum(nil), opts)
			if pss && (!rsaKey || token.KindOf(err) == token.KindUnsupported) { // not all cards know PSS
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
	_, err = s.Sign(ctx, key, make([]byte, 32), token.SignOptions{Hash: crypto.SHA256, Message: []byte("another message")})
	wantKind(t, err, token.KindNotAllowed)
	_, err = s.Sign(ctx, key, []byte("too short"), token.SignOptions{Hash: crypto.SHA256})
	wantKind(t, err, token.KindNotAllowed)
	_, err = s.Sign(ctx, key, make([]byte, 32), token.SignOptions{Streebog: true})
	wantKind(t, err, token.KindUnsupported)
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
