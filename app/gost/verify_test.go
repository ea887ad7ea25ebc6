package gost

import (
	"bytes"
	"errors"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"rekey/token/gosttest"
)

// engineName is what OpenSSL's gost engine calls a parameter set that it does not know by its OID.
var engineName = map[string]string{"tc26-256-B": "TCB", "tc26-256-C": "TCC", "tc26-256-D": "TCD"}

func generate(judge *gosttest.Judge, s *Set) gosttest.Key {
	name := engineName[s.Name]
	if name == "" {
		name = s.OID.String()
	}
	return judge.Generate(s.Bits, name)
}

func parse(t testing.TB, spki []byte) *PublicKey {
	t.Helper()
	k, err := ParsePublicKey(spki)
	if err != nil {
		t.Fatalf("%x: %v", spki, err)
	}
	return k
}

func TestExamplesOfRFC7091(t *testing.T) {
	for _, e := range []struct{ set, hash, x, y, r, s string }{
		{
			"test-256", "2dfbc1b372d89a1188c09c52e0eec61fce52032ab1022e8e67ece6672b043ee5",
			"7f2b49e270db6d90d8595bec458b50c58585ba1d4e9b788f6689dbd8e56fd80b", "26f1b489d6701dd185c8413a977b3cbbaf64d1c593d26627dffb101a87ff77da",
			"41aa28d2f1ab148280cd9ed56feda41974053554a42767b83ad043fd39dc0493", "01456c64ba4642a1653c235a98a60249bcd6d3f746b631df928014f6c5bf9c40",
		},
		{
			"test-512", "3754f3cfacc9e0615c4f4a7c4d8dab531b09b6f9c170c533a71d147035b0c5917184ee536593f4414339976c647c5d5a407adedb1d560c4fc6777d2972075b8c",
			"115dc5bc96760c7b48598d8ab9e740d4c4a85a65be33c1815b5c320c854621dd5a515856d13314af69bc5b924c8b4ddff75c45415c1d9dd9dd33612cd530efe1",
			"37c7c90cd40b0f5621dc3ac1b751cfa0e2634fa0503b3d52639f5d7fb72afd61ea199441d943ffe7f0c70a2759a3cdb84c114e1f9339fdf27f35eca93677beec",
			"2f86fa60a081091a23dd795e1e3c689ee512a3c82ee0dcc2643c78eea8fcacd35492558486b20f1c9ec197c90699850260c93bcbcd9c5c3317e19344e173ae36",
			"1081b394696ffe8e6585e7a9362d26b6325f56778aadbc081c0bfbe933d52ff5823ce288e8c4f362526080df7f70ce406a6eeb1f56919cb92a9853bde73e5b4a",
		},
	} {
		set, _ := SetNamed(e.set)
		k := &PublicKey{set, number(e.x), number(e.y)}
		if !set.curve.contains(k.X, k.Y) {
			t.Errorf("%s: the key is not on the curve", e.set)
		}
		digest := unhex(e.hash)
		slices.Reverse(digest)
		signature := append(unhex(e.s), unhex(e.r)...)
		if err := Verify(k, digest, signature); err != nil {
			t.Errorf("%s: %v", e.set, err)
		}
		digest[0] ^= 1
		if err := Verify(k, digest, signature); KindOf(err) != KindSignature {
			t.Errorf("%s: with another digest: %v", e.set, err)
		}
	}
}

func TestCurvesAreOpenSSLs(t *testing.T) {
	judge := gosttest.NewJudge(t)
	for _, s := range Sets() {
		p := judge.Parameters(generate(judge, s).SPKI)
		c := s.curve
		for i, n := range []*big.Int{c.p, c.a, c.b, c.q, c.x, c.y} {
			if n.Cmp(number(p[i])) != 0 {
				t.Errorf("%s: number %d is %x, OpenSSL says %s", s.Name, i, n, p[i])
			}
		}
		if x, _, ok := c.affine(c.combine(c.q, new(big.Int), c.x, c.y)); ok {
			t.Errorf("%s: q times the base point is %x", s.Name, x)
		}
	}
}

func TestEdgesOfTheArithmetic(t *testing.T) {
	for _, s := range Sets() {
		c := s.curve
		one, two := big.NewInt(1), big.NewInt(2)
		for _, e := range []struct {
			m, n *big.Int
			same *big.Int // how often the base point, nil: infinity
		}{
			{one, one, two}, // the sum of a point with itself
			{new(big.Int).Sub(c.q, one), one, nil},
			{one, new(big.Int).Sub(c.q, one), nil},
			{big.NewInt(0), two, two},
			{two, big.NewInt(0), two},
			{big.NewInt(0), big.NewInt(0), nil},
			{new(big.Int).Sub(c.q, one), big.NewInt(3), two},
		} {
			x, y, ok := c.affine(c.combine(e.m, e.n, c.x, c.y))
			if ok != (e.same != nil) {
				t.Errorf("%s: %v+%v: finite is %v", s.Name, e.m, e.n, ok)
			} else if ok {
				wx, wy, _ := c.affine(c.combine(e.same, new(big.Int), c.x, c.y))
				if x.Cmp(wx) != 0 || y.Cmp(wy) != 0 || !c.contains(x, y) {
					t.Errorf("%s: %v+%v is wrong", s.Name, e.m, e.n)
				}
			}
		}
	}
}

// OpenSSL signs, Rekey verifies; then both judge what was spoilt in one of many ways.
func TestTenThousandSignaturesEachWay(t *testing.T) {
	cases := 10_000
	if testing.Short() {
		cases = 500
	}
	for i, s := range Sets() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			judge := gosttest.NewJudge(t)
			random := rand.New(rand.NewPCG(5, uint64(i)))
			good, bad := 0, 0
			var key gosttest.Key
			var k *PublicKey
			mine := cases / 10 // of the nine sets of 256 bits, and of the three of 512 together
			switch {
			case s.Test: // of no use but in the examples
				mine = 50
			case s.Bits == 512: // slow in OpenSSL
				mine = cases / 30
			}
			for n := range mine + 1 {
				if n%8 == 0 {
					key = generate(judge, s)
					k = parse(t, key.SPKI)
				}
				digest := noise(random, s.Bits/8)
				signature := judge.Sign(key, digest)
				if err := Verify(k, digest, signature); err != nil {
					t.Fatalf("key %x digest %x signature %x: %v", key.SPKI, digest, signature, err)
				}
				how, d, sig := spoil(random, s, digest, signature)
				ours, theirs := Verify(k, d, sig) == nil, judge.Verify(key.SPKI, d, sig)
				if ours != theirs {
					t.Fatalf("%s: key %x digest %x signature %x: we say %v, OpenSSL %v", how, key.SPKI, d, sig, ours, theirs)
				}
				if ours {
					good++
				} else {
					bad++
				}
			}
			if good == 0 || bad == 0 {
				t.Errorf("%d good, %d bad: no test", good, bad)
			}
		})
	}
}

func spoil(random *rand.Rand, s *Set, digest, signature []byte) (how string, d, sig []byte) {
	d, sig = bytes.Clone(digest), bytes.Clone(signature)
	half := len(sig) / 2
	put := func(to []byte, n *big.Int) { n.FillBytes(to) }
	switch random.IntN(10) {
	case 0:
		how = "a bit of the signature"
		sig[random.IntN(len(sig))] ^= 1 << random.IntN(8)
	case 1:
		how = "a bit of the digest"
		d[random.IntN(len(d))] ^= 1 << random.IntN(8)
	case 2:
		how = "r before s"
		sig = append(sig[half:], sig[:half]...)
	case 3:
		how = "digest from its other end"
		slices.Reverse(d)
	case 4:
		how = "s is zero"
		clear(sig[:half])
	case 5:
		how = "r is zero"
		clear(sig[half:])
	case 6:
		how = "q added to s"
		if n := new(big.Int).Add(bigEndian(sig[:half]), s.curve.q); n.BitLen() <= 8*half {
			put(sig[:half], n)
		}
	case 7:
		how = "r is q"
		put(sig[half:], s.curve.q)
	case 8:
		how = "q added to the digest's number" // the same number modulo q: still good
		if n := new(big.Int).Add(littleEndian(d), s.curve.q); n.BitLen() <= 8*len(d) {
			put(d, n)
			slices.Reverse(d)
		}
	case 9:
		how = "digest of zeros"
		clear(d)
	}
	return how, d, sig
}

// A digest that is 0 modulo q counts as 1 (RFC 7091 §6.1, step 2).
func TestDigestOfZeros(t *testing.T) {
	judge := gosttest.NewJudge(t)
	for _, s := range Sets() {
		key := generate(judge, s)
		zeros := make([]byte, s.Bits/8)
		if err := Verify(parse(t, key.SPKI), zeros, judge.Sign(key, zeros)); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
}

func TestOtherOrdersAreNamed(t *testing.T) {
	judge := gosttest.NewJudge(t)
	set, _ := SetNamed("tc26-256-A")
	key := generate(judge, set)
	k := parse(t, key.SPKI)
	digest := Sum256([]byte("a request"))
	for i := range 8 {
		want := Order{RFirst: i&1 > 0, LittleEndian: i&2 > 0, DigestReversed: i&4 > 0}
		input := bytes.Clone(digest)
		if want.DigestReversed {
			slices.Reverse(input)
		}
		signature := judge.Sign(key, input)
		s, r := signature[:32], signature[32:]
		if want.LittleEndian {
			slices.Reverse(s)
			slices.Reverse(r)
		}
		if want.RFirst {
			signature = slices.Concat(r, s)
		}
		err := Prove(k, digest, signature)
		if i == 0 {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		var o *OrderError
		if !errors.As(err, &o) || o.Order != want || KindOf(err) != KindOrder {
			t.Errorf("%v: %v", want, err)
		}
	}
	if err := Prove(k, digest, make([]byte, 64)); KindOf(err) != KindSignature {
		t.Errorf("no signature: %v", err)
	}
	if err := Prove(k, digest[:31], make([]byte, 64)); KindOf(err) != KindSignature {
		t.Errorf("short digest: %v", err)
	}
}

func BenchmarkVerify(b *testing.B) {
	judge := gosttest.NewJudge(b)
	for _, s := range Sets() {
		key := generate(judge, s)
		k := parse(b, key.SPKI)
		digest := make([]byte, s.Bits/8)
		signature := judge.Sign(key, digest)
		b.Run(s.Name, func(b *testing.B) {
			for b.Loop() {
				if err := Verify(k, digest, signature); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
