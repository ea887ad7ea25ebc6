package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha256" // the hashes that CheckDigest takes
	_ "crypto/sha512"
	"crypto/subtle"
	"errors"
	"fmt"
)

// AlgorithmOf names the algorithm of a public key; false when Rekey cannot use keys of this kind.
func AlgorithmOf(public crypto.PublicKey) (Algorithm, bool) {
	switch k := public.(type) {
	case *rsa.PublicKey:
		return Algorithm(fmt.Sprintf("rsa-%d", k.N.BitLen())), true
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256():
			return ECP256, true
		case elliptic.P384():
			return ECP384, true
		}
	case *GOSTKey:
		return k.Algorithm, true
	}
	return "", false
}

// CheckDigest says why a digest cannot be signed with these options, or nil. Only SHA-256,
// SHA-384 and SHA-512 are taken. A message that is given must have this digest. Of Streebog only the length is checked.
func (o SignOptions) CheckDigest(digest []byte) error {
	if o.Streebog {
		return o.checkStreebog(digest)
	}
	switch o.Hash {
	case crypto.SHA256, crypto.SHA384, crypto.SHA512:
	default:
		return errors.New("the hash is not one of SHA-256, SHA-384, SHA-512")
	}
	if len(digest) != o.Hash.Size() {
		return fmt.Errorf("the digest has %d bytes, %v has %d", len(digest), o.Hash, o.Hash.Size())
	}
	if o.Message != nil {
		h := o.Hash.New()
		h.Write(o.Message)
		if subtle.ConstantTimeCompare(h.Sum(nil), digest) != 1 {
			return errors.New("the digest is not that of the message")
		}
	}
	return nil
}

func (o SignOptions) checkStreebog(digest []byte) error {
	switch {
	case o.Hash != 0 || o.PSS:
		return errors.New("Streebog goes with no other hash and not with PSS")
	case len(digest) != 32 && len(digest) != 64:
		return fmt.Errorf("the digest has %d bytes, Streebog has 32 or 64", len(digest))
	}
	return nil
}

// VerifyDigest checks a signature as Session.Sign gives it. It cannot verify GOST signatures.
func VerifyDigest(public crypto.PublicKey, digest, signature []byte, opts SignOptions) error {
	switch k := public.(type) {
	case *rsa.PublicKey:
		if opts.PSS {
			return rsa.VerifyPSS(k, opts.Hash, digest, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		}
		return rsa.VerifyPKCS1v15(k, opts.Hash, digest, signature)
	case *ecdsa.PublicKey:
		if ecdsa.VerifyASN1(k, digest, signature) {
			return nil
		}
		return errors.New("the ECDSA signature does not verify")
	}
	return fmt.Errorf("cannot verify with a key of type %T", public)
}
