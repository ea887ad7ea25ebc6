package pkcs11

import (
	"testing"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

func benchmarkSign(b *testing.B, m token.Module, sign func(b *testing.B, s token.Session, key token.Key)) {
	s := newCard(b, m, "bench")
	login(b, s)
	for i, alg := range algorithms {
		key, err := s.Generate(b.Context(), token.KeySpec{Algorithm: alg, ID: []byte{byte(i + 1)}})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(alg), func(b *testing.B) { sign(b, s, key) })
	}
}

// BenchmarkSignBare is C_SignInit and C_Sign alone, with the handle at hand: what the card itself needs.
func BenchmarkSignBare(b *testing.B) {
	benchmarkSign(b, inProcess(b), func(b *testing.B, session_ token.Session, key token.Key) {
		s := session_.(*session)
		private, err := s.privateOf("bench", key)
		if err != nil {
			b.Fatal(err)
		}
		mechanism, digest := uint(p11.CKM_ECDSA), make([]byte, 32)
		if key.Algorithm == token.RSA2048 {
			mechanism, digest = p11.CKM_RSA_PKCS, make([]byte, 51)
		}
		for b.Loop() {
			if err := s.m.ctx.SignInit(s.handle, []*p11.Mechanism{p11.NewMechanism(mechanism, nil)}, private[0]); err != nil {
				b.Fatal(err)
			}
			if _, err := s.m.ctx.Sign(s.handle, digest); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func signLoop(b *testing.B, s token.Session, key token.Key) {
	digest := make([]byte, 32)
	for b.Loop() {
		if _, err := s.Sign(b.Context(), key, digest, sha256Options); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSignDriver is Session.Sign in this process: with the card check, the search for the key and the checks of the answer.
func BenchmarkSignDriver(b *testing.B) { benchmarkSign(b, inProcess(b), signLoop) }

// BenchmarkSignHelper is the same through the child process, as the program does it.
func BenchmarkSignHelper(b *testing.B) { benchmarkSign(b, inHelper(b), signLoop) }
