package esign

import (
	"testing"
)

// FuzzVerify: every file gets an answer; the memory and the time of a run are bounded by the file.
func FuzzVerify(f *testing.F) {
	h := newHolder(f, "ec-p256", "Fuzz")
	plain := form(f, true)
	signed, err := Sign(f.Context(), plain, h.card, h.cert, nil, h.cert.NotBefore)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(plain)
	f.Add(signed)
	f.Fuzz(func(_ *testing.T, data []byte) {
		found, err := Verify(data)
		if err == nil {
			_ = Check(data)
		}
		for _, s := range found {
			if s.Valid && s.Signer == nil {
				panic("valid without a signer")
			}
		}
	})
}
