package pkcs11

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"slices"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

// digestInfo is the DER before the digest in PKCS#1 v1.5 (RFC 8017 §9.2, note 1).
var digestInfo = map[crypto.Hash][]byte{
	crypto.SHA256: {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20},
	crypto.SHA384: {0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30},
	crypto.SHA512: {0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40},
}

// combined are the mechanisms that hash the message on the card, and the parts of the PSS parameters.
var combined = map[crypto.Hash]struct{ pkcs1, pss, ecdsa, hash, mgf uint }{
	crypto.SHA256: {p11.CKM_SHA256_RSA_PKCS, p11.CKM_SHA256_RSA_PKCS_PSS, p11.CKM_ECDSA_SHA256, p11.CKM_SHA256, p11.CKG_MGF1_SHA256},
	crypto.SHA384: {p11.CKM_SHA384_RSA_PKCS, p11.CKM_SHA384_RSA_PKCS_PSS, p11.CKM_ECDSA_SHA384, p11.CKM_SHA384, p11.CKG_MGF1_SHA384},
	crypto.SHA512: {p11.CKM_SHA512_RSA_PKCS, p11.CKM_SHA512_RSA_PKCS_PSS, p11.CKM_ECDSA_SHA512, p11.CKM_SHA512, p11.CKG_MGF1_SHA512},
}

// attempt is one way of having something signed.
type attempt struct {
	mechanism uint
	parameter []byte
	input     []byte
	whole     bool // input is the message, not its digest
	hash      uint // the card hashes input with this mechanism first; 0: it does not
}

// method is how one way differs from the others.
type method struct{ mechanism, hash uint }

func (a attempt) method() method { return method{a.mechanism, a.hash} }

// ways lists how the card may be asked for a signature: with the plain mechanism first, which takes the digest, then with
// those that hash on the card, when the message is known. What the card does not list is left out; what its model took before, when
// it refused another way, comes first.
func (s *session) ways(op string, public crypto.PublicKey, digest []byte, opts token.SignOptions) ([]attempt, error) {
	all, err := allWays(op, public, digest, opts)
	if err != nil {
		return nil, err
	}
	offered := s.offers()
	var ways []attempt
	wantsMessage := false
	for _, a := range all {
		listed := offered[a.mechanism] && (a.hash == 0 || offered[a.hash]) || offered == nil && !a.whole
		switch {
		case listed && a.whole && opts.Message == nil:
			wantsMessage = true
		case listed && s.m.taken[s.model()] == a.method():
			ways = append([]attempt{a}, ways...)
		case listed:
			ways = append(ways, a)
		}
	}
	switch {
	case len(ways) > 0:
		return ways, nil
	case wantsMessage:
		return nil, refusal(op, token.KindUnsupported, "the card signs only whole messages, and only a digest was given")
	}
	return nil, refusal(op, token.KindUnsupported, "the card does not sign so (mechanisms 0x%X and 0x%X are missing)", all[0].mechanism, all[1].mechanism)
}

// model is what cards that behave alike have in common.
func (s *session) model() string { return s.card.Manufacturer + "\x00" + s.card.Model }

// allWays lists the ways of a kind of key, the plain one first.
func allWays(op string, public crypto.PublicKey, digest []byte, opts token.SignOptions) ([]attempt, error) {
	k, gost := public.(*token.GOSTKey)
	if gost != opts.Streebog {
		return nil, refusal(op, token.KindUnsupported, "this key cannot sign so")
	}
	if gost {
		return gostWays(op, k, digest, opts)
	}
	c := combined[opts.Hash]
	switch k := public.(type) {
	case *rsa.PublicKey:
		if opts.PSS {
			pss := p11.NewPSSParams(c.hash, c.mgf, uint(opts.Hash.Size()))
			return []attempt{{mechanism: p11.CKM_RSA_PKCS_PSS, parameter: pss, input: digest}, {mechanism: c.pss, parameter: pss, input: opts.Message, whole: true}}, nil
		}
		wrapped := append(slices.Clone(digestInfo[opts.Hash]), digest...)
		return []attempt{{mechanism: p11.CKM_RSA_PKCS, input: wrapped}, {mechanism: c.pkcs1, input: opts.Message, whole: true}}, nil
	case *ecdsa.PublicKey:
		if opts.PSS {
			break
		}
		// Cards refuse a digest longer than the curve; ECDSA takes its leftmost bits (FIPS 186-5 §6.4.1).
		return []attempt{{mechanism: p11.CKM_ECDSA, input: digest[:min(len(digest), size(k))]}, {mechanism: c.ecdsa, input: opts.Message, whole: true}}, nil
	}
	return nil, refusal(op, token.KindUnsupported, "this key cannot sign so")
}

// offers gives the card's mechanisms, asked once in a session; nil when it does not list any.
func (s *session) offers() map[uint]bool {
	if s.mechanisms != nil {
		return s.mechanisms
	}
	list, err := s.m.ctx.GetMechanismList(s.slot)
	if err != nil || len(list) == 0 {
		return nil
	}
	s.mechanisms = map[uint]bool{}
	for _, m := range list {
		s.mechanisms[m.Mechanism] = true
	}
	return s.mechanisms
}

// Algorithms asks the card's mechanism list and its limits on key sizes. A card does not list which parameter sets of GOST keys it
// knows: all of the length are given, and it may yet refuse some.
func (s *session) Algorithms(ctx context.Context) ([]token.Algorithm, error) {
	const op = "list algorithms"
	if _, err := s.enter(ctx, op); err != nil {
		return nil, err
	}
	defer s.m.mu.Unlock()
	var able []token.Algorithm
	known := []token.Algorithm{token.RSA2048, token.RSA3072, token.RSA4096, token.ECP256, token.ECP384}
	for _, alg := range append(known, token.GOSTAlgorithms()...) {
		r, _ := recipeOf(alg)
		err := s.canMake(op, r)
		if err == nil {
			able = append(able, alg)
		} else if token.KindOf(err) != token.KindUnsupported {
			return nil, err
		}
	}
	return able, nil
}

// canMake asks the card whether it makes such pairs. The limits of a card that gives none (0, or the
// "no information" of some modules) do not count.
func (s *session) canMake(op string, r recipe) error {
	list, err := s.m.ctx.GetMechanismList(s.slot)
	if err != nil {
		return refuse(op, err)
	}
	if !slices.ContainsFunc(list, func(m *p11.Mechanism) bool { return m.Mechanism == r.mechanism }) {
		return refusal(op, token.KindUnsupported, "the card does not make such keys (mechanism 0x%X is missing)", r.mechanism)
	}
	if r.bits == 0 {
		return nil
	}
	limits, err := s.m.ctx.GetMechanismInfo(s.slot, []*p11.Mechanism{p11.NewMechanism(r.mechanism, nil)})
	if err == nil && limits.MaxKeySize > 0 && limits.MaxKeySize <= 1<<16 && (r.bits < limits.MinKeySize || r.bits > limits.MaxKeySize) {
		return refusal(op, token.KindUnsupported, "the card makes keys of %d to %d bits, not %d", limits.MinKeySize, limits.MaxKeySize, r.bits)
	}
	return nil
}
