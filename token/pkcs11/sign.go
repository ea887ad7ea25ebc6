package pkcs11

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/asn1"
	"math/big"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

// seen is what a session has learned of a key. It is forgotten with the session and when the card changes.
type seen struct {
	public  crypto.PublicKey
	spki    []byte
	private p11.ObjectHandle // the object that the marks below are about
	marked  bool
	always  bool // CKA_ALWAYS_AUTHENTICATE
	proved  bool // an EC key's signature was verified, see prove
}

func (s *session) seenKey(op string, key token.Key) (*seen, error) {
	name := keyName(key)
	if k := s.keys[name]; k != nil {
		return k, nil
	}
	public, err := token.ParsePublic(key.SPKI)
	if err != nil {
		return nil, &token.Error{Op: op, Kind: token.KindNotAllowed, Err: err}
	}
	if s.keys == nil {
		s.keys = map[string]*seen{}
	}
	s.keys[name] = &seen{public: public, spki: key.SPKI}
	return s.keys[name], nil
}

func (s *session) Sign(ctx context.Context, key token.Key, digest []byte, opts token.SignOptions) ([]byte, error) {
	const op = "sign"
	if signature, answered, err := s.signAgain(ctx, op, key, digest, opts); answered {
		return signature, err
	}
	info, err := s.enter(ctx, op)
	if err != nil {
		return nil, err
	}
	defer s.m.mu.Unlock()
	if err := opts.CheckDigest(digest); err != nil {
		return nil, &token.Error{Op: op, Kind: token.KindNotAllowed, Err: err}
	}
	k, err := s.seenKey(op, key)
	if err != nil {
		return nil, err
	}
	if err := s.needLogin(op, info); err != nil {
		return nil, err
	}
	private, err := s.signingKey(op, key, k.public)
	if err != nil {
		return nil, err
	}
	if !k.marked || k.private != private {
		k.private, k.marked, k.proved = private, true, false
		k.always = s.flag(private, p11.CKA_ALWAYS_AUTHENTICATE)
	}
	if k.always {
		if err := checkSecondPIN(op, card(info).PIN, opts.PIN); err != nil {
			return nil, err
		}
	}
	raw, err := s.signRaw(op, private, k, card(info).PIN, digest, opts)
	if err != nil {
		return nil, refuse(op, err)
	}
	signature, err := finish(op, k.public, raw)
	if err != nil {
		return nil, err
	}
	if err := prove(op, k, digest, signature, opts); err != nil {
		return nil, err
	}
	return signature, nil
}

// checkSecondPIN refuses before anything reaches the card.
func checkSecondPIN(op string, state token.PINState, pin []byte) error {
	switch {
	case pin == nil:
		return refusal(op, token.KindLoginNeeded, "this key wants the PIN for each signature")
	case state.Locked:
		return pinRefused(op, &token.PINError{Locked: true})
	case len(pin) == 0 && state.Pad:
		return nil
	}
	return checkLength(op, state, pin)
}

// signRaw tries the ways of signing in turn. Only C_SignInit is ever repeated: once the PIN has been presented, or
// the card was asked to sign, the answer stands. Only a key that wants no PIN of its own may be asked in another way when the card
// says that it does not sign such data.
func (s *session) signRaw(op string, private p11.ObjectHandle, k *seen, state token.PINState, digest []byte, opts token.SignOptions) ([]byte, error) {
	ways, err := s.ways(op, k.public, digest, opts)
	if err != nil {
		return nil, err
	}
	var pin []byte
	if k.always {
		pin = opts.PIN
	}
	for i, way := range ways {
		way, err := s.hashed(way)
		if err != nil {
			return nil, err
		}
		raw, step, err := s.m.lib.sign(s.handle, private, way, k.always, pin)
		if step == stepInit && is(err, p11.CKR_OPERATION_ACTIVE) && s.renew(op) == nil {
			raw, step, err = s.m.lib.sign(s.handle, private, way, k.always, pin)
		}
		switch {
		case err == nil:
			if i > 0 {
				s.m.taken[s.model()] = ways[i].method()
			}
			return raw, nil
		case step == stepSign && i+1 < len(ways) && !k.always && refusedData(err):
			continue
		case step == stepInit && i+1 < len(ways) && is(err, p11.CKR_MECHANISM_INVALID, p11.CKR_MECHANISM_PARAM_INVALID, p11.CKR_KEY_TYPE_INCONSISTENT):
			continue
		case step == stepLogin:
			// The operation waits for a PIN that does not come; only another session is free of it.
			refused := s.pinOutcome(op, err, state)
			if err := s.renew(op); err != nil {
				s.drop()
			}
			return nil, refused
		}
		return nil, err
	}
	return nil, refusal(op, token.KindUnsupported, "the card cannot sign so")
}

// refusedData says that a card which was asked does not sign such data in this way.
func refusedData(err error) bool { return is(err, p11.CKR_DATA_INVALID, p11.CKR_DATA_LEN_RANGE) }

// prove verifies the first signature of each EC key in a session: its private object shows no public key, and a key
// of another pair under the same ID must not pass. RSA keys were told by their modulus; those of GOST keys are for the caller
// to verify, all of them.
func prove(op string, k *seen, digest, signature []byte, opts token.SignOptions) error {
	if _, ec := k.public.(*ecdsa.PublicKey); !ec || k.proved {
		return nil
	}
	if err := token.VerifyDigest(k.public, digest, signature, opts); err != nil {
		return refusal(op, token.KindBadAnswer, "the card signed with another key: %w", err)
	}
	k.proved = true
	return nil
}

// signingKey finds the one private object of a key. It asks the module to compare the public parts that
// every private object has (one search, no reading), and looks itself when the module cannot.
func (s *session) signingKey(op string, key token.Key, public crypto.PublicKey) (p11.ObjectHandle, error) {
	found, err := s.search(op, withID(key.ID, publicParts(public)...)...)
	if err != nil || len(found) == 0 || len(key.ID) == 0 {
		if found, err = s.privateOf(op, key); err != nil {
			return 0, err
		}
	}
	switch len(found) {
	case 0:
		return 0, refusal(op, token.KindNoKey, "the card has no private key for this public key")
	case 1:
		return found[0], nil
	}
	return 0, refusal(op, token.KindBadAnswer, "%d private keys have the ID %x", len(found), key.ID)
}

// publicParts is a template for the private object: of RSA the modulus, of EC and GOST only the curve.
func publicParts(public crypto.PublicKey) []*p11.Attribute {
	template := []*p11.Attribute{class(p11.CKO_PRIVATE_KEY)}
	switch k := public.(type) {
	case *rsa.PublicKey:
		template = append(template, p11.NewAttribute(p11.CKA_MODULUS, k.N.Bytes()))
	case *ecdsa.PublicKey:
		curve := oidP256
		if size(k) == 48 {
			curve = oidP384
		}
		if der, err := asn1.Marshal(curve); err == nil {
			template = append(template, p11.NewAttribute(p11.CKA_EC_PARAMS, der))
		}
	case *token.GOSTKey:
		template = append(template, gostParts(k)...)
	}
	return template
}

func size(k *ecdsa.PublicKey) int { return (k.Curve.Params().BitSize + 7) / 8 }

// finish brings the card's answer into the form of X.509.
func finish(op string, public crypto.PublicKey, raw []byte) ([]byte, error) {
	switch k := public.(type) {
	case *rsa.PublicKey:
		if len(raw) != k.Size() {
			return nil, refusal(op, token.KindBadAnswer, "the signature has %d bytes, the key %d", len(raw), k.Size())
		}
		return raw, nil
	case *ecdsa.PublicKey:
		if len(raw) != 2*size(k) {
			return nil, refusal(op, token.KindBadAnswer, "the signature has %d bytes, not %d", len(raw), 2*size(k))
		}
		half := len(raw) / 2
		der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(raw[:half]), new(big.Int).SetBytes(raw[half:])})
		if err != nil {
			return nil, refuse(op, err)
		}
		return der, nil
	case *token.GOSTKey:
		if want := len(k.Point); len(raw) != want {
			return nil, refusal(op, token.KindBadAnswer, "the signature has %d bytes, not %d", len(raw), want)
		}
		return raw, nil
	}
	return nil, refusal(op, token.KindUnsupported, "this key cannot sign")
}
