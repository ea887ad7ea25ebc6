package gost

import (
	"encoding/binary"
	"hash"
	"math/bits"
)

const block = 64 // bytes

// digest is Streebog (RFC 6986 §8): h, N and Σ of the standard, and the message bytes that do not fill a block yet.
type digest struct {
	size      int // bytes of the result
	h, n, sum vector
	rest      [block]byte
	held      int
	tables    *streebogTables
}

var _ hash.Hash = (*digest)(nil)

// New256 is GOST R 34.11-2012 with a result of 32 bytes (RFC 6986, "Streebog").
func New256() hash.Hash { return newDigest(32) }

// New512 is GOST R 34.11-2012 with a result of 64 bytes.
func New512() hash.Hash { return newDigest(64) }

// Sum256 gives the 32 bytes for a message at hand, in the order in which cards and OpenSSL take them.
func Sum256(message []byte) []byte { return sum(New256(), message) }

// Sum512 gives the 64 bytes for a message at hand.
func Sum512(message []byte) []byte { return sum(New512(), message) }

func sum(h hash.Hash, message []byte) []byte {
	h.Write(message)
	return h.Sum(nil)
}

func newDigest(size int) *digest {
	d := &digest{size: size, tables: streebog()}
	d.Reset()
	return d
}

func (d *digest) Size() int { return d.size }

func (d *digest) BlockSize() int { return block }

func (d *digest) Reset() {
	d.h, d.n, d.sum, d.held = vector{}, vector{}, vector{}, 0
	if d.size == 32 {
		for i := range d.h { // IV of the short variant (§6.1)
			d.h[i] = 0x0101010101010101
		}
	}
}

func (d *digest) Write(p []byte) (int, error) {
	written := len(p)
	if d.held > 0 {
		n := copy(d.rest[d.held:], p)
		d.held += n
		p = p[n:]
		if d.held < block {
			return written, nil
		}
		d.take(d.rest[:], 8*block)
		d.held = 0
	}
	for len(p) >= block {
		d.take(p, 8*block)
		p = p[block:]
	}
	d.held = copy(d.rest[:], p)
	return written, nil
}

// Sum pads a copy (§8.3), so that writing may go on.
func (d *digest) Sum(b []byte) []byte {
	last := *d
	clear(last.rest[last.held:])
	last.rest[last.held] = 1
	last.take(last.rest[:], uint64(8*last.held))
	last.compress(vector{}, last.n)
	last.compress(vector{}, last.sum)
	var out [block]byte
	for i, word := range last.h {
		binary.LittleEndian.PutUint64(out[8*i:], word)
	}
	return append(b, out[block-d.size:]...)
}

// take puts one block through the compression and adds it, and its length in bits, to the totals.
func (d *digest) take(p []byte, length uint64) {
	var m vector
	for i := range m {
		m[i] = binary.LittleEndian.Uint64(p[8*i:])
	}
	d.compress(d.n, m)
	d.n.add(vector{length})
	d.sum.add(m)
}

// compress is g_N(h, m) of §7.
func (d *digest) compress(n, m vector) {
	t := d.tables
	key, state := d.h, m
	t.mix(&key, &n)
	for i := range t.round {
		t.mix(&state, &key)
		t.mix(&key, &t.round[i])
	}
	for i := range d.h {
		d.h[i] ^= state[i] ^ key[i] ^ m[i]
	}
}

// mix is LPS(a ⊕ b), into a. P turns the 8×8 bytes of the state over their diagonal, so that a word of
// the result takes one byte of each word.
func (t *streebogTables) mix(a, b *vector) {
	w0, w1, w2, w3 := a[0]^b[0], a[1]^b[1], a[2]^b[2], a[3]^b[3]
	w4, w5, w6, w7 := a[4]^b[4], a[5]^b[5], a[6]^b[6], a[7]^b[7]
	for i := range a {
		a[i] = t.lps[0][byte(w0)] ^ t.lps[1][byte(w1)] ^ t.lps[2][byte(w2)] ^ t.lps[3][byte(w3)] ^
			t.lps[4][byte(w4)] ^ t.lps[5][byte(w5)] ^ t.lps[6][byte(w6)] ^ t.lps[7][byte(w7)]
		w0, w1, w2, w3 = w0>>8, w1>>8, w2>>8, w3>>8
		w4, w5, w6, w7 = w4>>8, w5>>8, w6>>8, w7>>8
	}
}

// add is the sum modulo 2^512.
func (v *vector) add(w vector) {
	var carry uint64
	for i := range v {
		v[i], carry = bits.Add64(v[i], w[i], carry)
	}
}
