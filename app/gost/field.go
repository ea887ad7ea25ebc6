package gost

import (
	"encoding/binary"
	"math/big"
	"math/bits"
)

// element is a number modulo p in Montgomery's form, the lowest word first; a field of 256 bits uses four words.
type element [8]uint64

// field does arithmetic modulo p. It is fast, not secret.
type field struct {
	words   int
	p       element
	inverse uint64  // -1/p modulo 2^64
	one     element // 2^(64·words) modulo p: 1 in Montgomery's form
	square  element // the square of that, which brings numbers into the form
}

func newField(p *big.Int, size int) *field {
	f := &field{words: size / 64, p: plain(p)}
	f.inverse = 1
	for range 6 { // Newton: each step doubles the number of right bits
		f.inverse *= 2 - f.p[0]*f.inverse
	}
	f.inverse = -f.inverse
	r := new(big.Int).Lsh(big.NewInt(1), uint(size))
	f.one = plain(r.Mod(r, p))
	f.square = plain(r.Mul(r, r).Mod(r, p))
	return f
}

func plain(n *big.Int) (e element) {
	var b [64]byte
	n.FillBytes(b[:])
	for i := range e {
		e[i] = binary.BigEndian.Uint64(b[56-8*i:])
	}
	return e
}

// enter brings 0 ≤ n < p into the form, leave takes it out.
func (f *field) enter(n *big.Int) (e element) {
	e = plain(n)
	f.mul(&e, &e, &f.square)
	return e
}

func (f *field) leave(e element) *big.Int {
	f.mul(&e, &e, &element{1})
	var b [64]byte
	for i, word := range e {
		binary.BigEndian.PutUint64(b[56-8*i:], word)
	}
	return new(big.Int).SetBytes(b[:])
}

// mul sets z = x·y/2^(64·words) mod p (Montgomery's product, one word of y after the other).
func (f *field) mul(z, x, y *element) {
	var t element
	var top, carry, c uint64
	words := f.words
	p, xs, ts := f.p[:words], x[:words], t[:words]
	for _, word := range y[:words] {
		carry = 0
		for j, xj := range xs {
			high, low := bits.Mul64(xj, word)
			low, c = bits.Add64(low, ts[j], 0)
			high += c
			ts[j], c = bits.Add64(low, carry, 0)
			carry = high + c
		}
		top, carry = bits.Add64(top, carry, 0)
		above := carry

		factor := ts[0] * f.inverse
		high, low := bits.Mul64(factor, p[0])
		_, c = bits.Add64(low, ts[0], 0)
		carry = high + c
		for j := 1; j < len(p) && j < len(ts); j++ {
			high, low := bits.Mul64(factor, p[j])
			low, c = bits.Add64(low, ts[j], 0)
			high += c
			ts[j-1], c = bits.Add64(low, carry, 0)
			carry = high + c
		}
		ts[words-1], c = bits.Add64(top, carry, 0)
		top = above + c
	}
	f.reduce(z, &t, top)
}

// reduce sets z = t or t - p; t is less than 2p, top its highest word.
func (f *field) reduce(z, t *element, top uint64) {
	var less element
	var borrow uint64
	for i := range f.words {
		less[i], borrow = bits.Sub64(t[i], f.p[i], borrow)
	}
	if top == 0 && borrow == 1 {
		*z = *t
	} else {
		*z = less
	}
}

func (f *field) add(z, x, y *element) {
	var t element
	var carry uint64
	for i := range f.words {
		t[i], carry = bits.Add64(x[i], y[i], carry)
	}
	f.reduce(z, &t, carry)
}

func (f *field) sub(z, x, y *element) {
	var t element
	var borrow, carry uint64
	for i := range f.words {
		t[i], borrow = bits.Sub64(x[i], y[i], borrow)
	}
	if borrow == 1 {
		for i := range f.words {
			t[i], carry = bits.Add64(t[i], f.p[i], carry)
		}
	}
	*z = t
}
