package tokentest

import (
	"bytes"
	"crypto"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"rekey/token"
)

// GOSTJudge is what the contract of GOST keys needs and package token does not have: gosttest.Judge.
type GOSTJudge interface {
	// Digest gives Streebog-256 and Streebog-512.
	Digest(message []byte) (sum256, sum512 []byte)
	Verify(spki, digest, signature []byte) bool
}

// ContractGOST is what a token.Session keeps about GOST R 34.10-2012 keys. open gives a card without keys, somebody logged in. Each
// algorithm named is made, used and deleted on a card of its own. A card that signs whole messages only gets them.
func ContractGOST(t *testing.T, judge GOSTJudge, open func(t *testing.T) token.Session, algorithms ...token.Algorithm) {
	for _, alg := range algorithms {
		t.Run(string(alg), func(t *testing.T) {
			s := open(t)
			contractGOSTKey(t, s, judge, alg)
			contractGOSTCertificate(t, s, judge, alg)
		})
	}
}

func contractGOSTKey(t *testing.T, s token.Session, judge GOSTJudge, alg token.Algorithm) {
	ctx := t.Context()
	spec := token.KeySpec{Algorithm: alg, ID: []byte("id of " + alg), Label: "key of " + string(alg)}
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
	contractGOSTSign(t, s, judge, key)
	if _, err := token.NewSigner(ctx, s, key); token.KindOf(err) != token.KindUnsupported {
		t.Fatalf("a crypto.Signer of a GOST key: %v", err)
	}
}

func contractGOSTSign(t *testing.T, s token.Session, judge GOSTJudge, key token.Key) {
	ctx := t.Context()
	streebog := func(message []byte) []byte {
		short, long := judge.Digest(message)
		if key.Algorithm.GOSTBits() == 512 {
			return long
		}
		return short
	}
	for _, message := range [][]byte{[]byte("what is signed"), {}, bytes.Repeat([]byte("long "), 4000)} {
		digest := streebog(message)
		signature, err := s.Sign(ctx, key, digest, token.SignOptions{Streebog: true, Message: message})
		if err != nil {
			t.Fatal(err)
		}
		if !judge.Verify(key.SPKI, digest, signature) {
			t.Fatalf("OpenSSL refuses the signature %x", signature)
		}
	}
	digest := streebog([]byte("only the digest"))
	signature, err := s.Sign(ctx, key, digest, token.SignOptions{Streebog: true})
	if token.KindOf(err) != token.KindUnsupported && (err != nil || !judge.Verify(key.SPKI, digest, signature)) {
		t.Fatalf("only the digest: %x, %v", signature, err)
	}
	for name, bad := range map[string]struct {
		digest []byte
		opts   token.SignOptions
		want   token.Kind
	}{
		"SHA-256":      {make([]byte, 32), token.SignOptions{Hash: crypto.SHA256}, token.KindUnsupported},
		"both hashes":  {digest, token.SignOptions{Streebog: true, Hash: crypto.SHA256}, token.KindNotAllowed},
		"PSS":          {digest, token.SignOptions{Streebog: true, PSS: true}, token.KindNotAllowed},
		"short":        {digest[:20], token.SignOptions{Streebog: true}, token.KindNotAllowed},
		"other length": {make([]byte, 96-len(digest)), token.SignOptions{Streebog: true}, token.KindNotAllowed},
	} {
		if _, err := s.Sign(ctx, key, bad.digest, bad.opts); token.KindOf(err) != bad.want {
			t.Fatalf("%s: %v", name, err)
		}
	}
	stranger := key
	stranger.ID = []byte("not on the card")
	_, err = s.Sign(ctx, stranger, digest, token.SignOptions{Streebog: true, Message: []byte("only the digest")})
	wantKind(t, err, token.KindNoKey)
}

func contractGOSTCertificate(t *testing.T, s token.Session, judge GOSTJudge, alg token.Algorithm) {
	ctx := t.Context()
	keys, err := s.Keys(ctx)
	if err != nil || len(keys) != 1 {
		t.Fatalf("Keys: %+v, %v", keys, err)
	}
	key := keys[0]
	der := GOSTCertificate(t, key.SPKI)
	for range 2 { // the second is there already
		if err := s.PutCertificate(ctx, key.ID, "certificate", der); err != nil {
			t.Fatal(err)
		}
	}
	certs, err := s.Certificates(ctx)
	if err != nil || len(certs) != 1 || !bytes.Equal(certs[0].DER, der) || !bytes.Equal(certs[0].ID, key.ID) {
		t.Fatalf("Certificates: %+v, %v", certs, err)
	}
	wantKind(t, s.DestroyPair(ctx, key), token.KindNotAllowed)
	spare := generate(t, s, token.KeySpec{Algorithm: alg, ID: []byte("spare"), Label: "spare"})
	if keys, err = s.Keys(ctx); err != nil || len(keys) != 2 {
		t.Fatalf("two keys: %+v, %v", keys, err)
	}
	for _, k := range []token.Key{key, spare} {
		contractGOSTSign(t, s, judge, k)
		if found, ok := token.MatchKey(keys, k.SPKI); !ok || !bytes.Equal(found.ID, k.ID) {
			t.Fatalf("MatchKey: %+v", found)
		}
	}
	if err := s.DestroyPair(ctx, spare); err != nil {
		t.Fatal(err)
	}
	wantKind(t, s.DestroyPair(ctx, spare), token.KindNoKey)
	if keys, err = s.Keys(ctx); err != nil || len(keys) != 1 || !bytes.Equal(keys[0].SPKI, key.SPKI) {
		t.Fatalf("after DestroyPair: %+v, %v", keys, err)
	}
}

// GOSTCertificate has openssl issue a certificate for a GOST key (DER SubjectPublicKeyInfo); its issuer is an EC key of this call.
func GOSTCertificate(t testing.TB, spki []byte) []byte {
	t.Helper()
	dir := t.TempDir()
	public := filepath.Join(dir, "public.pem")
	if err := os.WriteFile(public, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "ca.key"},
		{"req", "-new", "-x509", "-key", "ca.key", "-subj", "/CN=Test CA", "-out", "ca.pem"},
		{"x509", "-engine", "gost", "-new", "-force_pubkey", "public.pem", "-subj", "/CN=Test", "-CA", "ca.pem", "-CAkey", "ca.key", "-outform", "DER", "-out", "new.cer"},
	} {
		openssl := exec.Command("openssl", args...)
		openssl.Dir = dir
		if out, err := openssl.CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, out)
		}
	}
	der, err := os.ReadFile(filepath.Join(dir, "new.cer"))
	if err != nil {
		t.Fatal(err)
	}
	return der
}
