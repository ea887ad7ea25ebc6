package pkcs11

import (
	"bytes"
	"slices"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

// What the header files of OASIS v2.40 have for GOST R 34.10 keys of 256 bits, and the numbers of TK26 for the rest
// (vendor defined, base 0xD4321000; domain/russia.md §3.4).
const (
	ckkGOST512 = 0xD4321003

	ckmGOST512KeyPairGen   = 0xD4321005
	ckmGOST512             = 0xD4321006
	ckmGOSTWithStreebog    = 0xD4321008 // 256 bits
	ckmGOST512WithStreebog = 0xD4321009
	ckmStreebog            = 0xD4321012 // 256 bits
	ckmStreebog512         = 0xD4321013
)

// gostBits is the length of a GOST key of this PKCS#11 type, 0 for others.
func gostBits(keyType uint) int {
	switch keyType {
	case p11.CKK_GOSTR3410:
		return 256
	case ckkGOST512:
		return 512
	}
	return 0
}

func gostRecipe(alg token.Algorithm) (recipe, bool) {
	key, hash, ok := alg.GOSTParameters()
	if !ok {
		return recipe{}, false
	}
	keyType, mechanism := uint(p11.CKK_GOSTR3410), uint(p11.CKM_GOSTR3410_KEY_PAIR_GEN)
	if alg.GOSTBits() == 512 {
		keyType, mechanism = ckkGOST512, ckmGOST512KeyPairGen
	}
	return recipe{
		mechanism: mechanism,
		keyType:   &keyType,
		public:    []*p11.Attribute{p11.NewAttribute(p11.CKA_GOSTR3410_PARAMS, key), p11.NewAttribute(p11.CKA_GOSTR3411_PARAMS, hash)},
	}, true
}

// gostPublic reads a public key object. Keys of GOST R 34.10-2001 have the same type and another hash: Rekey cannot use them.
func (s *session) gostPublic(o p11.ObjectHandle, bits int) (*token.GOSTKey, error) {
	k, err := token.NewGOSTKey(bits, s.value(o, p11.CKA_GOSTR3410_PARAMS), s.value(o, p11.CKA_VALUE))
	if err != nil {
		return nil, err
	}
	_, hash, ok := k.Algorithm.GOSTParameters()
	said := s.value(o, p11.CKA_GOSTR3411_PARAMS)
	if !ok || !bytes.Equal(said, hash) && (bits == 256 || len(said) > 0) {
		return nil, errNotOur
	}
	return k, nil
}

// gostOfPrivate names the keys that a private GOST object may belong to: those of its CKA_ID and length, and among several those of
// the parameters that it shows. These are no more than a hint: SoftHSM shows tc26-256-A for each curve that it knows. Its CKA_VALUE
// would be the private key, and is never asked for.
func (s *session) gostOfPrivate(op string, o p11.ObjectHandle, bits int, id []byte, public []token.Key) []token.Key {
	if len(id) == 0 {
		return nil
	}
	var found []token.Key
	for _, k := range public {
		if bytes.Equal(k.ID, id) && k.Algorithm.GOSTBits() == bits {
			found = append(found, k)
		}
	}
	if len(found) == 0 {
		label := text(string(s.value(o, p11.CKA_LABEL)))
		for _, half := range s.certificateKeys(op, id) {
			if k, err := describe(half, id, label); err == nil && k.Algorithm.GOSTBits() == bits {
				found = append(found, k)
			}
		}
	}
	parameters := s.value(o, p11.CKA_GOSTR3410_PARAMS)
	alike := slices.DeleteFunc(slices.Clone(found), func(k token.Key) bool {
		key, _, ok := k.Algorithm.GOSTParameters()
		return !ok || !bytes.Equal(parameters, key)
	})
	if len(alike) > 0 {
		return alike
	}
	return found
}

// gostParts is the template of the private object of a GOST key.
func gostParts(k *token.GOSTKey) []*p11.Attribute {
	r, ok := gostRecipe(k.Algorithm)
	if !ok {
		return nil
	}
	return []*p11.Attribute{p11.NewAttribute(p11.CKA_KEY_TYPE, *r.keyType), r.public[0]}
}

// gostWays: the bare mechanism takes Streebog's result as it is, the second one hashes on the card. The third is for cards that sign only
// digests of their own: it has the card hash first, and then sign that. None wants parameters: the curve and the hash are those of the key.
func gostWays(op string, k *token.GOSTKey, digest []byte, opts token.SignOptions) ([]attempt, error) {
	bits := k.Algorithm.GOSTBits()
	if len(digest) != bits/8 {
		return nil, refusal(op, token.KindNotAllowed, "the digest has %d bytes, the key signs %d", len(digest), bits/8)
	}
	plain, combined, hash := uint(p11.CKM_GOSTR3410), uint(ckmGOSTWithStreebog), uint(ckmStreebog)
	if bits == 512 {
		plain, combined, hash = ckmGOST512, ckmGOST512WithStreebog, ckmStreebog512
	}
	return []attempt{{mechanism: plain, input: digest}, {mechanism: combined, input: opts.Message, whole: true},
		{mechanism: plain, input: opts.Message, whole: true, hash: hash}}, nil
}

// hashed has the card hash what it will sign, when that is the way.
func (s *session) hashed(a attempt) (attempt, error) {
	if a.hash == 0 {
		return a, nil
	}
	if err := s.m.ctx.DigestInit(s.handle, []*p11.Mechanism{p11.NewMechanism(a.hash, nil)}); err != nil {
		return a, err
	}
	input := a.input
	if len(input) == 0 {
		input = []byte{} // miekg refuses nil
	}
	digest, err := s.m.ctx.Digest(s.handle, input)
	a.input, a.hash = digest, 0
	return a, err
}

// form is what the private template of a GOST key has besides what every one has.
type form struct{ parameters, derive, dates bool }

// forms, the one that Rutoken's maker documents first; SoftHSM wants the parameters in the public template only. A key that may derive can
// decrypt too (key agreement, RFC 7836 §4.3), and Russian requests ask for both uses; without it, and without dates, the key still signs.
var forms = []form{
	{true, true, true}, {false, true, true}, {true, true, false}, {false, true, false},
	{true, false, true}, {false, false, true}, {true, false, false}, {false, false, false},
}

// pair has the card make a pair. For GOST keys it tries the forms of the private template in turn; what a model took once goes first the
// next time. Only a refusal of the template leads to another try.
func (s *session) pair(op string, r recipe, spec token.KeySpec) (p11.ObjectHandle, error) {
	mechanism := []*p11.Mechanism{p11.NewMechanism(r.mechanism, nil)}
	pub, priv := r.templates(spec)
	if r.keyType == nil {
		made, _, err := s.m.ctx.GenerateKeyPair(s.handle, mechanism, pub, priv)
		return made, err
	}
	before, err := s.search(op, class(p11.CKO_PRIVATE_KEY))
	if err != nil {
		return 0, err
	}
	turns := forms
	if taken, ok := s.m.forms[s.model()]; ok {
		turns = append([]form{taken}, forms...)
	}
	if spec.From.IsZero() || spec.Until.IsZero() {
		turns = slices.DeleteFunc(slices.Clone(turns), func(f form) bool { return f.dates })
	}
	var refused error
	for _, f := range turns {
		made, _, err := s.m.ctx.GenerateKeyPair(s.handle, mechanism, pub, f.private(priv, r, spec))
		if err == nil {
			s.m.forms[s.model()] = f
			return made, nil
		}
		if !is(err, p11.CKR_ATTRIBUTE_READ_ONLY, p11.CKR_TEMPLATE_INCONSISTENT, p11.CKR_ATTRIBUTE_TYPE_INVALID, p11.CKR_ATTRIBUTE_VALUE_INVALID, p11.CKR_TEMPLATE_INCOMPLETE) {
			return 0, err
		}
		refused = err
		s.removeHalves(op, spec.ID)
		s.removeNameless(op, before)
	}
	return 0, refused
}

// removeNameless deletes the private keys without CKA_ID and label that were not there before: SoftHSM leaves one when it refuses a
// template half-way. A key that was there stays, even when the card does not show its ID just now.
func (s *session) removeNameless(op string, before []p11.ObjectHandle) {
	found, err := s.search(op, class(p11.CKO_PRIVATE_KEY))
	if err != nil {
		return
	}
	for _, o := range found {
		if !slices.Contains(before, o) && len(s.value(o, p11.CKA_ID))+len(s.value(o, p11.CKA_LABEL)) == 0 {
			s.m.ctx.DestroyObject(s.handle, o)
		}
	}
}

func (f form) private(template []*p11.Attribute, r recipe, spec token.KeySpec) []*p11.Attribute {
	template = slices.Clone(template)
	if f.dates {
		template = append(template, p11.NewAttribute(p11.CKA_START_DATE, spec.From.UTC()), p11.NewAttribute(p11.CKA_END_DATE, spec.Until.UTC()))
	}
	if f.derive {
		template = append(template, p11.NewAttribute(p11.CKA_DERIVE, true))
	}
	if f.parameters {
		template = append(template, r.public...)
	}
	return template
}
