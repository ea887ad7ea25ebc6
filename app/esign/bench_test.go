package esign

import (
	"context"
	"crypto"
	"crypto/rand"
	"testing"
	"time"
)

func BenchmarkSign(b *testing.B) {
	pdf := form(b, false)
	for _, kind := range []string{"rsa-2048", "ec-p256"} {
		h := newHolder(b, kind, "Bench")
		b.Run(kind, func(b *testing.B) {
			for b.Loop() {
				if _, err := Sign(context.Background(), pdf, h.card, h.cert, nil, time.Now()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkBareSign(b *testing.B) {
	digest := make([]byte, 32)
	for _, kind := range []string{"rsa-2048", "ec-p256"} {
		h := newHolder(b, kind, "Bench")
		b.Run(kind, func(b *testing.B) {
			for b.Loop() {
				if _, err := h.card.Sign(rand.Reader, digest, crypto.SHA256); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
