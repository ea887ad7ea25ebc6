package cms

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"rekey/app/gost"
)

// CheckCertificate refuses a certificate that cannot sign at a time with a key: one of another key, not yet or no longer
// valid, or meant for something else.
func CheckCertificate(cert *x509.Certificate, public crypto.PublicKey, at time.Time) error {
	if k, ok := public.(*gost.PublicKey); ok {
		if err := checkGOST(cert, k); err != nil {
			return err
		}
		return CheckUse(cert, at)
	}
	own, ok := cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	switch {
	case !ok:
		return errors.New("its kind of key cannot sign here")
	case !own.Equal(public):
		return errors.New("it does not belong to this key")
	}
	return CheckUse(cert, at)
}

func checkGOST(cert *x509.Certificate, k *gost.PublicKey) error {
	if _, err := gost.ParsePublicKey(cert.RawSubjectPublicKeyInfo); err != nil {
		return err
	}
	spki, err := k.SPKI()
	switch {
	case err != nil:
		return err
	case !gost.SameKey(spki, cert.RawSubjectPublicKeyInfo):
		return errors.New("it does not belong to this key")
	case k.Set.Test:
		return fmt.Errorf("the parameters %s are for examples only", k.Set.Name)
	}
	return nil
}

// CheckUse refuses a certificate that is not valid at this time or is meant for something else than signing.
func CheckUse(cert *x509.Certificate, at time.Time) error {
	const signing = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	switch {
	case at.Before(cert.NotBefore):
		return fmt.Errorf("it is not valid before %s", cert.NotBefore.Format(time.RFC3339))
	case at.After(cert.NotAfter):
		return fmt.Errorf("it ended on %s", cert.NotAfter.Format(time.RFC3339))
	case cert.KeyUsage != 0 && cert.KeyUsage&signing == 0:
		return errors.New("it is not meant for signing")
	}
	return nil
}
