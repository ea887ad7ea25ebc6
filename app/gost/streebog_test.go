package gost

import (
	"bytes"
	"encoding/hex"
	"hash"
	"math/rand/v2"
	"testing"

	"rekey/token/gosttest"
)

// The messages of RFC 6986 §10.1 and §10.2, as bytes; the results with the first byte first (the RFC prints
// numbers, so its last byte first).
var known = []struct{ message, sum256, sum512 string }{
	{
		"303132333435363738393031323334353637383930313233343536373839303132333435363738393031323334353637383930313233343536373839303132",
		"9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500",
		"1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48",
	},
	{
		"d1e520e2e5f2f0e82c20d1f2f0e8e1eee6e820e2edf3f6e82c20e2e5fef2fa20f120eceef0ff20f1f2f0e5ebe0ece820ede020f5f0e0e1f0fbff20efebfaeafb20c8e3eef0e5e2fb",
		"9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50",
		"1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28",
	},
}

func TestKnownAnswersOfTheRFC(t *testing.T) {
	for _, k := range known {
		message := unhex(k.message)
		if got := hex.EncodeToString(Sum256(message)); got != k.sum256 {
			t.Errorf("256 bits: %s", got)
		}
		if got := hex.EncodeToString(Sum512(message)); got != k.sum512 {
			t.Errorf("512 bits: %s", got)
		}
	}
}

func TestHashInPieces(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	message := noise(random, 1000)
	for _, fresh := range []func() hash.Hash{New256, New512} {
		whole := fresh()
		whole.Write(message)
		want := whole.Sum(nil)
		for range 200 {
			pieces := fresh()
			pieces.Write(noise(random, random.IntN(100)))
			pieces.Reset()
			for at := 0; at < len(message); {
				n := min(random.IntN(150), len(message)-at)
				pieces.Write(message[at : at+n])
				at += n
				pieces.Sum(nil) // does not disturb what follows
			}
			if got := pieces.Sum([]byte("before")); !bytes.Equal(got, append([]byte("before"), want...)) {
				t.Fatalf("%x, not %x", got, want)
			}
		}
		if n, size := len(want), whole.Size(); n != size || whole.BlockSize() != 64 {
			t.Errorf("%d bytes, size %d, block %d", n, size, whole.BlockSize())
		}
	}
}

func TestHashLikeOpenSSL(t *testing.T) {
	judge := gosttest.NewJudge(t)
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 10_000 {
		message := noise(random, random.IntN(400))
		if i < 300 {
			message = noise(random, i) // every length around the block
		}
		for j := range message {
			if random.IntN(4) == 0 {
				message[j] = 0xff // carries in the totals
			}
		}
		want256, want512 := judge.Digest(message)
		if got := Sum256(message); !bytes.Equal(got, want256) {
			t.Fatalf("256 bits of %x: %x, OpenSSL says %x", message, got, want256)
		}
		if got := Sum512(message); !bytes.Equal(got, want512) {
			t.Fatalf("512 bits of %x: %x, OpenSSL says %x", message, got, want512)
		}
	}
}

func BenchmarkStreebog(b *testing.B) {
	message := make([]byte, 1<<20)
	b.SetBytes(int64(len(message)))
	h := New256()
	for b.Loop() {
		h.Write(message)
	}
}

func noise(random *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	return b
}
