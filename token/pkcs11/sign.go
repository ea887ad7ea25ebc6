package pkcs11

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
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

var pssHash = map[crypto.Hash][2]uint{
	crypto.SHA256: {p11.CKM_SHA256, p11.CKG_MGF1_SHA256},
	crypto.SHA384: {p11.CKM_SHA384, p11.CKG_MGF1_SHA384},
	crypto.SHA512: {p11.CKM_SHA512, p11.CKG_MGF1_SHA512},
}

func (s *session) Sign(ctx context.Context, key token.Key, digest []byte, opts token.SignOptions) ([]byte, error) {
	const op = "sign"
	info, err := s.enter(ctx, op)
	if err != nil {
		return nil, err
	}
	defer s.m.mu.Unlock()
	if err := opts.CheckDigest(digest); err != nil {
		return nil, &token.Error{Op: op, Kind: token.KindNotAllowed, Err: err}
	}
	public, err := x509.ParsePKIXPublicKey(key.SPKI)
	if err != nil {
		return nil, &token.Error{Op: op, Kind: token.KindNotAllowed, Err: err}
	}
	if err := s.needLogin(op, info); err != nil {
		return nil, err
	}
	private, err := s.signingKey(op, key, public)
	if err != nil {
		return nil, err
	}
	raw, err := s.signRaw(private, public, digest, opts)
	if is(err, p11.CKR_USER_NOT_LOGGED_IN) && s.flag(private, p11.CKA_ALWAYS_AUTHENTICATE) {
		return nil, refusal(op, token.KindLoginNeeded, "this key wants the PIN for each signature, which Rekey cannot do yet")
	}
	if err != nil {
		return nil, refuse(op, err)
	}
	signature, err := finish(op, public, raw)
	if err != nil {
		return nil, err
	}
	if err := s.prove(op, key, public, digest, signature, opts); err != nil {
		return nil, err
	}
	return signature, nil
}

// prove verifies the first signature of each EC key in a session: its private object shows no public key, and a key
// of another pair under the same ID must not pass. RSA keys were told by their modulus.
func (s *session) prove(op string, key token.Key, public crypto.PublicKey, digest, signature []byte, opts token.SignOptions) error {
	name := string(key.ID) + "\x00" + string(key.SPKI)
	if _, ec := public.(*ecdsa.PublicKey); !ec || s.proved[name] {
		return nil
	}
	if err := token.VerifyDigest(public, digest, signature, opts); err != nil {
		return refusal(op, token.KindBadAnswer, "the card signed with another key: %w", err)
	}
	if s.proved == nil {
		s.proved = map[string]bool{}
	}
	s.proved[name] = true
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

// publicParts is a template for the private object: of RSA the modulus, of EC only the curve.
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
	}
	return template
}

func (s *session) signRaw(o p11.ObjectHandle, public crypto.PublicKey, digest []byte, opts token.SignOptions) ([]byte, error) {
	mechanism, input, err := signInput(public, digest, opts)
	if err != nil {
		return nil, err
	}
	if err := s.m.ctx.SignInit(s.handle, []*p11.Mechanism{mechanism}, o); err != nil {
		return nil, err
	}
	return s.m.ctx.Sign(s.handle, input)
}

func signInput(public crypto.PublicKey, digest []byte, opts token.SignOptions) (*p11.Mechanism, []byte, error) {
	switch k := public.(type) {
	case *rsa.PublicKey:
		if opts.PSS {
			h := pssHash[opts.Hash]
			return p11.NewMechanism(p11.CKM_RSA_PKCS_PSS, p11.NewPSSParams(h[0], h[1], uint(opts.Hash.Size()))), digest, nil
		}
		return p11.NewMechanism(p11.CKM_RSA_PKCS, nil), append(slices.Clone(digestInfo[opts.Hash]), digest...), nil
	case *ecdsa.PublicKey:
		if opts.PSS {
			break
		}
		// Cards refuse a digest longer than the curve; ECDSA takes its leftmost bits (FIPS 186-5 §6.4.1).
		return p11.NewMechanism(p11.CKM_ECDSA, nil), digest[:min(len(digest), size(k))], nil
	}
	return nil, nil, refusal("sign", token.KindUnsupported, "this key cannot sign so")
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
	}
	return nil, refusal(op, token.KindUnsupported, "this key cannot sign")
}
