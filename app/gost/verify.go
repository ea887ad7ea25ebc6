package gost

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// Verify checks a signature (s‖r, big endian) over a digest as Streebog's Sum gives it (RFC 7091 §6.2). The digest
// and both halves of the signature are as long as the key.
func Verify(k *PublicKey, digest, signature []byte) error {
	const op = "verify GOST signature"
	if err := lengths(k, digest, signature); err != nil {
		return &Error{op, KindSignature, err}
	}
	half := len(signature) / 2
	if !verifies(k, littleEndian(digest), bigEndian(signature[half:]), bigEndian(signature[:half])) {
		return &Error{op, KindSignature, errors.New("the signature does not belong to the key and the data")}
	}
	return nil
}

func lengths(k *PublicKey, digest, signature []byte) error {
	switch size := k.Set.Bits / 8; {
	case len(digest) != size:
		return fmt.Errorf("the digest has %d bytes, the key %d", len(digest), size)
	case len(signature) != 2*size:
		return fmt.Errorf("the signature has %d bytes, not %d", len(signature), 2*size)
	}
	return nil
}

func verifies(k *PublicKey, hash, r, s *big.Int) bool {
	c := k.Set.curve
	if r.Sign() <= 0 || s.Sign() <= 0 || r.Cmp(c.q) >= 0 || s.Cmp(c.q) >= 0 {
		return false
	}
	e := hash.Mod(hash, c.q)
	if e.Sign() == 0 {
		e.SetInt64(1)
	}
	v := e.ModInverse(e, c.q)
	ofBase := new(big.Int).Mul(s, v)
	ofKey := new(big.Int).Mul(r, v)
	ofBase.Mod(ofBase, c.q)
	ofKey.Neg(ofKey).Mod(ofKey, c.q)
	x, _, ok := c.affine(c.combine(ofBase, ofKey, k.X, k.Y))
	return ok && x.Mod(x, c.q).Cmp(r) == 0
}

// Order is how a card's answer differs from what X.509 wants. The zero value is the right order.
type Order struct {
	RFirst         bool // r‖s in place of s‖r
	LittleEndian   bool // both numbers
	DigestReversed bool // the card read the digest as a big-endian number
}

func (o Order) String() string {
	var parts []string
	if o.RFirst {
		parts = append(parts, "r before s")
	}
	if o.LittleEndian {
		parts = append(parts, "numbers little endian")
	}
	if o.DigestReversed {
		parts = append(parts, "digest read from its other end")
	}
	if len(parts) == 0 {
		return "as X.509 wants it"
	}
	return strings.Join(parts, ", ")
}

// OrderError says in which other order of bytes a signature is right.
type OrderError struct{ Order Order }

func (e *OrderError) Error() string {
	return "the card signed with the right key, but in another order of bytes: " + e.Order.String()
}

// Prove is Verify for the answer of a card: when the signature is wrong it tries the other orders of bytes, and
// names the one that fits by KindOrder and an *OrderError. Such a signature is not good: nobody else would read it.
func Prove(k *PublicKey, digest, signature []byte) error {
	const op = "prove GOST signature"
	wrong := Verify(k, digest, signature)
	if wrong == nil || lengths(k, digest, signature) != nil {
		return wrong
	}
	for i := 1; i < 8; i++ {
		o := Order{RFirst: i&1 > 0, LittleEndian: i&2 > 0, DigestReversed: i&4 > 0}
		if o.verifies(k, digest, signature) {
			return &Error{op, KindOrder, &OrderError{o}}
		}
	}
	return wrong
}

func (o Order) verifies(k *PublicKey, digest, signature []byte) bool {
	ofSignature, ofDigest := bigEndian, littleEndian
	if o.LittleEndian {
		ofSignature = littleEndian
	}
	if o.DigestReversed {
		ofDigest = bigEndian
	}
	half := len(signature) / 2
	s, r := signature[:half], signature[half:]
	if o.RFirst {
		s, r = r, s
	}
	return verifies(k, ofDigest(digest), ofSignature(r), ofSignature(s))
}
