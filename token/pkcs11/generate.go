package pkcs11

import (
	"context"
	"crypto"
	"encoding/asn1"
	"errors"
	"slices"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

// recipe is how a kind of key pair is asked for.
type recipe struct {
	mechanism uint
	bits      uint  // 0: the card's limits are not asked
	keyType   *uint // CKA_KEY_TYPE where the mechanism does not say all; nil: not given
	public    []*p11.Attribute
}

func recipeOf(alg token.Algorithm) (recipe, bool) {
	switch alg {
	case token.RSA2048:
		return rsaRecipe(2048), true
	case token.RSA3072:
		return rsaRecipe(3072), true
	case token.RSA4096:
		return rsaRecipe(4096), true
	case token.ECP256:
		return ecRecipe(256, oidP256), true
	case token.ECP384:
		return ecRecipe(384, oidP384), true
	}
	return gostRecipe(alg)
}

func rsaRecipe(bits uint) recipe {
	return recipe{mechanism: p11.CKM_RSA_PKCS_KEY_PAIR_GEN, bits: bits, public: []*p11.Attribute{
		p11.NewAttribute(p11.CKA_MODULUS_BITS, bits),
		p11.NewAttribute(p11.CKA_PUBLIC_EXPONENT, []byte{1, 0, 1}),
	}}
}

func ecRecipe(bits uint, curve asn1.ObjectIdentifier) recipe {
	der, err := asn1.Marshal(curve)
	if err != nil {
		panic(err) // a constant of this package
	}
	return recipe{mechanism: p11.CKM_EC_KEY_PAIR_GEN, bits: bits, public: []*p11.Attribute{p11.NewAttribute(p11.CKA_EC_PARAMS, der)}}
}

func (s *session) Generate(ctx context.Context, spec token.KeySpec) (token.Key, error) {
	const op = "generate key"
	info, err := s.enter(ctx, op)
	if err != nil {
		return token.Key{}, err
	}
	defer s.m.mu.Unlock()
	s.keys = nil // the card changes
	r, ok := recipeOf(spec.Algorithm)
	if !ok {
		return token.Key{}, refusal(op, token.KindUnsupported, "Rekey does not know the algorithm %q", spec.Algorithm)
	}
	if len(spec.ID) == 0 {
		return token.Key{}, refusal(op, token.KindNotAllowed, "a new key needs an ID")
	}
	if err := s.canGenerate(op, info, r); err != nil {
		return token.Key{}, err
	}
	used, err := s.halves(op, spec.ID)
	if err != nil {
		return token.Key{}, err
	}
	if len(used) > 0 && s.halfMade(op, spec.ID) {
		s.removeHalves(op, spec.ID)
		if used, err = s.halves(op, spec.ID); err != nil {
			return token.Key{}, err
		}
	}
	if len(used) > 0 {
		return token.Key{}, refusal(op, token.KindExists, "a key on the card has the ID %x", spec.ID)
	}
	public, err := s.pair(op, r, spec)
	if err != nil {
		s.removeHalves(op, spec.ID)
		return token.Key{}, refuse(op, err)
	}
	key, err := s.made(public, spec)
	if err != nil {
		s.removeHalves(op, spec.ID)
		return token.Key{}, refuse(op, err)
	}
	return key, nil
}

// canGenerate asks the card before it is told to: login, a session that may write, the mechanism, the size.
func (s *session) canGenerate(op string, info p11.TokenInfo, r recipe) error {
	if err := s.needLogin(op, info); err != nil {
		return err
	}
	if state, err := s.m.ctx.GetSessionInfo(s.handle); err == nil && state.Flags&p11.CKF_RW_SESSION == 0 {
		return refusal(op, token.KindReadOnly, "the card is write-protected")
	}
	return s.canMake(op, r)
}

func (r recipe) templates(spec token.KeySpec) (public, private []*p11.Attribute) {
	both := []*p11.Attribute{
		p11.NewAttribute(p11.CKA_TOKEN, true),
		p11.NewAttribute(p11.CKA_ID, spec.ID),
		p11.NewAttribute(p11.CKA_LABEL, spec.Label),
	}
	public = append(slices.Clone(both),
		p11.NewAttribute(p11.CKA_PRIVATE, false),
		p11.NewAttribute(p11.CKA_VERIFY, true),
	)
	private = append(slices.Clone(both),
		p11.NewAttribute(p11.CKA_PRIVATE, true),
		p11.NewAttribute(p11.CKA_SENSITIVE, true),
		p11.NewAttribute(p11.CKA_EXTRACTABLE, false),
		p11.NewAttribute(p11.CKA_SIGN, true),
	)
	if r.keyType != nil {
		kind := p11.NewAttribute(p11.CKA_KEY_TYPE, *r.keyType)
		public = append(public, class(p11.CKO_PUBLIC_KEY), kind)
		private = append(private, class(p11.CKO_PRIVATE_KEY), kind)
	}
	return append(public, r.public...), private
}

// made reads the new pair back.
func (s *session) made(public p11.ObjectHandle, spec token.KeySpec) (token.Key, error) {
	const op = "generate key"
	half, err := s.publicHalf(public)
	if rv := p11.Error(0); errors.As(err, &rv) { // the card's own word, such as that it has gone
		return token.Key{}, refuse(op, err)
	}
	if err != nil {
		return token.Key{}, refusal(op, token.KindBadAnswer, "the new public key cannot be read: %w", err)
	}
	key, err := describe(crypto.PublicKey(half), spec.ID, spec.Label)
	if err != nil || key.Algorithm != spec.Algorithm {
		return token.Key{}, refusal(op, token.KindBadAnswer, "the card made a key of another kind")
	}
	private, err := s.privateOf(op, key)
	if err != nil {
		return token.Key{}, err
	}
	if len(private) != 1 {
		return token.Key{}, refusal(op, token.KindBadAnswer, "the new private key was found %d times", len(private))
	}
	key.Private = true
	key.AlwaysAuthenticate = s.flag(private[0], p11.CKA_ALWAYS_AUTHENTICATE)
	return key, nil
}

// halves gives the key objects under an ID.
func (s *session) halves(op string, id []byte) ([]p11.ObjectHandle, error) {
	var all []p11.ObjectHandle
	for _, c := range []uint{p11.CKO_PRIVATE_KEY, p11.CKO_PUBLIC_KEY} {
		found, err := s.search(op, withID(id, class(c))...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// halfMade says that what is under an ID is only half a pair, without a certificate: what a generation left that was broken
// off (the card was pulled). Nobody can use it, and the caller's ID would stay blocked.
func (s *session) halfMade(op string, id []byte) bool {
	certs, err := s.search(op, withID(id, class(p11.CKO_CERTIFICATE))...)
	if err != nil || len(certs) > 0 {
		return false
	}
	public, err := s.publicKeys(op)
	if err != nil {
		return false
	}
	objects, err := s.search(op, withID(id, class(p11.CKO_PUBLIC_KEY))...)
	if err != nil {
		return false
	}
	for _, o := range objects {
		if _, err := s.publicHalf(o); err != nil && len(s.value(o, p11.CKA_VALUE)) > 0 {
			return false // half of a pair that Rekey cannot use, as of GOST R 34.10-2001
		}
	}
	private, err := s.search(op, withID(id, class(p11.CKO_PRIVATE_KEY))...)
	if err != nil {
		return false
	}
	for _, o := range private {
		if _, ours := s.keyType(o); !ours || len(s.ofPrivate(op, o, id, public)) > 0 {
			return false
		}
	}
	return true
}

// removeHalves deletes what a failed generation left: the ID was found unused in the same call, or see halfMade.
func (s *session) removeHalves(op string, id []byte) {
	found, err := s.halves(op, id)
	if err != nil {
		return
	}
	for _, o := range found {
		s.m.ctx.DestroyObject(s.handle, o)
	}
}
