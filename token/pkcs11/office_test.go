package pkcs11

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"

	p11 "github.com/miekg/pkcs11"

	"rekey/token/tokentest"
)

// officeKey stands for the office that issues certificates.
func officeKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// empty deletes everything on a card, through the module itself, so that the next renewal begins anew.
func empty(t *testing.T, f faulty, serial string) {
	t.Helper()
	m, err := Load(f.path)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := m.Open(t.Context(), serial)
	if err != nil {
		t.Fatal(err)
	}
	s := opened.(*session)
	defer s.Close()
	if err := s.Login(t.Context(), []byte(tokentest.PIN)); err != nil {
		t.Fatal(err)
	}
	objects, err := s.search("empty", p11.NewAttribute(p11.CKA_TOKEN, true))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range objects {
		if err := s.m.ctx.DestroyObject(s.handle, o); err != nil {
			t.Fatal(err)
		}
	}
}
