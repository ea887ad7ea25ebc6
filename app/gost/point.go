package gost

import "math/big"

// point has Jacobian coordinates: (x/z², y/z³); z = 0 is the point at infinity.
type point struct{ x, y, z element }

func (a *point) infinite() bool { return a.z == element{} }

// at gives a point by its coordinates.
func (c *curve) at(x, y *big.Int) point {
	return point{c.field.enter(x), c.field.enter(y), c.field.one}
}

// affine gives the coordinates of a point; false for the point at infinity.
func (c *curve) affine(a *point) (x, y *big.Int, ok bool) {
	if a.infinite() {
		return nil, nil, false
	}
	f := c.field
	inverse := f.enter(new(big.Int).ModInverse(f.leave(a.z), c.p))
	var square, ax, ay element
	f.mul(&square, &inverse, &inverse)
	f.mul(&ax, &a.x, &square)
	f.mul(&square, &square, &inverse)
	f.mul(&ay, &a.y, &square)
	return f.leave(ax), f.leave(ay), true
}

// double sets a = 2a (8 products where the curve's a is p-3, as it mostly is; else 10).
func (c *curve) double(a *point) {
	if a.infinite() {
		return
	}
	f := c.field
	var yy, zz, s, m, t element
	f.mul(&yy, &a.y, &a.y)
	f.mul(&zz, &a.z, &a.z)
	f.mul(&s, &a.x, &yy)
	f.add(&s, &s, &s)
	f.add(&s, &s, &s)
	if c.threeLess { // 3x² + az⁴ = 3(x - z²)(x + z²)
		f.sub(&m, &a.x, &zz)
		f.add(&t, &a.x, &zz)
		f.mul(&t, &m, &t)
		f.add(&m, &t, &t)
		f.add(&m, &m, &t)
	} else {
		f.mul(&t, &a.x, &a.x)
		f.add(&m, &t, &t)
		f.add(&m, &m, &t)
		f.mul(&t, &zz, &zz)
		f.mul(&t, &t, &c.inForm)
		f.add(&m, &m, &t)
	}
	f.mul(&a.z, &a.y, &a.z)
	f.add(&a.z, &a.z, &a.z)
	f.mul(&a.x, &m, &m)
	f.sub(&a.x, &a.x, &s)
	f.sub(&a.x, &a.x, &s)
	f.sub(&s, &s, &a.x)
	f.mul(&a.y, &m, &s)
	f.mul(&yy, &yy, &yy)
	f.add(&yy, &yy, &yy)
	f.add(&yy, &yy, &yy)
	f.add(&yy, &yy, &yy)
	f.sub(&a.y, &a.y, &yy)
}

// add sets a = a + b.
func (c *curve) add(a, b *point) {
	switch {
	case b.infinite():
		return
	case a.infinite():
		*a = *b
		return
	}
	f := c.field
	var square, ub, sb, h, r, t element
	ua, sa := a.x, a.y
	f.mul(&square, &a.z, &a.z)
	f.mul(&ub, &b.x, &square)
	f.mul(&sb, &a.z, &square)
	f.mul(&sb, &sb, &b.y)
	if b.z != f.one {
		f.mul(&square, &b.z, &b.z)
		f.mul(&ua, &ua, &square)
		f.mul(&square, &square, &b.z)
		f.mul(&sa, &sa, &square)
	}
	f.sub(&h, &ub, &ua)
	f.sub(&r, &sb, &sa)
	if h == (element{}) { // the same x: the same point, or its opposite
		if r == (element{}) {
			*a = *b
			c.double(a)
		} else {
			*a = point{}
		}
		return
	}
	if b.z != f.one {
		f.mul(&a.z, &a.z, &b.z)
	}
	f.mul(&a.z, &a.z, &h)
	f.mul(&square, &h, &h)
	f.mul(&ua, &ua, &square)
	f.mul(&square, &square, &h) // h³
	f.mul(&a.x, &r, &r)
	f.sub(&a.x, &a.x, &square)
	f.sub(&a.x, &a.x, &ua)
	f.sub(&a.x, &a.x, &ua)
	f.sub(&ua, &ua, &a.x)
	f.mul(&a.y, &ua, &r)
	f.mul(&t, &sa, &square)
	f.sub(&a.y, &a.y, &t)
}

// oddMultiples gives 1, 3, 5, … times a point.
func (c *curve) oddMultiples(a point, count int) []point {
	all := make([]point, count)
	all[0] = a
	twice := a
	c.double(&twice)
	for i := 1; i < count; i++ {
		all[i] = all[i-1]
		c.add(&all[i], &twice)
	}
	return all
}

// addMultiple adds digit times the point whose odd multiples are given; nothing when digit is 0.
func (c *curve) addMultiple(a *point, odd []point, digit int) {
	switch {
	case digit > 0:
		c.add(a, &odd[digit/2])
	case digit < 0:
		opposite := odd[-digit/2]
		c.field.sub(&opposite.y, &element{}, &opposite.y)
		c.add(a, &opposite)
	}
}
