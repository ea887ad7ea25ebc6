package gost

import (
	"math/big"
	"sync"
)

// curve is y² = x³ + ax + b over the field of p elements, with a base point (x, y) of order q.
type curve struct {
	bits             int // 256 or 512
	p, a, b, q, x, y *big.Int

	field         *field
	inForm        element        // a, as an element of the field
	threeLess     bool           // a = p - 3
	baseMultiples func() []point // 1, 3, 5, … times the base point, with z = 1
}

// Widths of the windows: the base point's multiples are kept, those of a key are made for each verification.
const (
	baseWidth = 7
	keyWidth  = 5
)

func newCurve(bits int, p, a, b, q, x, y string) *curve {
	c := &curve{bits: bits, p: number(p), a: number(a), b: number(b), q: number(q), x: number(x), y: number(y)}
	c.field = newField(c.p, bits)
	c.inForm = c.field.enter(c.a)
	c.threeLess = new(big.Int).Sub(c.p, c.a).Cmp(big.NewInt(3)) == 0
	c.baseMultiples = sync.OnceValue(func() []point {
		all := c.oddMultiples(c.at(c.x, c.y), 1<<(baseWidth-2))
		for i := range all {
			x, y, _ := c.affine(&all[i])
			all[i] = c.at(x, y)
		}
		return all
	})
	return c
}

func number(hex string) *big.Int {
	n, ok := new(big.Int).SetString(hex, 16)
	if !ok {
		panic("gost: a number of our own is no number: " + hex)
	}
	return n
}

// contains tells whether (x, y) fulfils the equation.
func (c *curve) contains(x, y *big.Int) bool {
	if x.Sign() < 0 || y.Sign() < 0 || x.Cmp(c.p) >= 0 || y.Cmp(c.p) >= 0 {
		return false
	}
	right := new(big.Int).Mul(x, x)
	right.Add(right, c.a).Mul(right, x).Add(right, c.b)
	left := new(big.Int).Mul(y, y)
	return left.Sub(left, right).Mod(left, c.p).Sign() == 0
}

// combine gives m·B + n·(x, y) for the base point B; m and n are not negative. It is fast, not secret: nothing
// here ever sees a private key.
func (c *curve) combine(m, n, x, y *big.Int) *point {
	base, key := c.baseMultiples(), c.oddMultiples(c.at(x, y), 1<<(keyWidth-2))
	ofBase, ofKey := digits(m, baseWidth), digits(n, keyWidth)
	sum := new(point)
	for i := max(len(ofBase), len(ofKey)) - 1; i >= 0; i-- {
		c.double(sum)
		if i < len(ofBase) {
			c.addMultiple(sum, base, ofBase[i])
		}
		if i < len(ofKey) {
			c.addMultiple(sum, key, ofKey[i])
		}
	}
	return sum
}

// digits writes n as a sum of odd digits times powers of two, at least width-1 zeros between two digits
// ("non-adjacent form"), the lowest first.
func digits(n *big.Int, width uint) []int {
	rest := new(big.Int).Set(n)
	all := make([]int, 0, n.BitLen()+1)
	for rest.Sign() > 0 {
		digit := 0
		if rest.Bit(0) == 1 {
			digit = int(rest.Bits()[0] & (1<<width - 1))
			if digit >= 1<<(width-1) {
				digit -= 1 << width
			}
			rest.Sub(rest, big.NewInt(int64(digit)))
		}
		all = append(all, digit)
		rest.Rsh(rest, 1)
	}
	return all
}
