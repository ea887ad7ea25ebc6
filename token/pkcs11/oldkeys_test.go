package pkcs11

import (
	"testing"

	p11 "github.com/miekg/pkcs11"

	"rekey/app/gost"
	"rekey/token"
	"rekey/token/gosttest"
)

// Between two forms of the template what is cleaned up is ours: a key of before stays, also when the card cannot show its name just then.
func TestRefusedTemplateLeavesOldKeys(t *testing.T) {
	m := load(t, gosttest.TK26(t))
	s := gostSession(t, m, tk26Serial)
	old, err := s.Generate(t.Context(), token.KeySpec{Algorithm: "gost2012-256/tc26-256-A", ID: []byte("old"), Label: "old"})
	if err != nil {
		t.Fatal(err)
	}
	gosttest.TK26(t, "public-params", "shy") // the form that it took is refused now
	fresh, err := s.Generate(t.Context(), token.KeySpec{Algorithm: "gost2012-256/tc26-256-A", ID: []byte("new"), Label: "new"})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []token.Key{old, fresh} {
		if _, err := s.Sign(t.Context(), key, gost.Sum256([]byte("message")), token.SignOptions{Streebog: true}); err != nil {
			t.Errorf("%s: %v", key.Label, err)
		}
		if err := s.DestroyPair(t.Context(), key); err != nil {
			t.Errorf("%s: %v", key.Label, err)
		}
	}
}

// A pair of GOST R 34.10-2001 (the same PKCS#11 type, another hash) is nothing that a generation left behind: its ID is taken.
func TestPairOfAnOlderStandardStays(t *testing.T) {
	s := gostSession(t, load(t, gosttest.TK26(t)), tk26Serial)
	id, inner := []byte("2001"), s.(*session)
	set, _, _ := token.Algorithm("gost2012-256/CryptoPro-A").GOSTParameters()
	for _, c := range []uint{p11.CKO_PUBLIC_KEY, p11.CKO_PRIVATE_KEY} {
		template := withID(id, class(c), p11.NewAttribute(p11.CKA_KEY_TYPE, p11.CKK_GOSTR3410), p11.NewAttribute(p11.CKA_GOSTR3410_PARAMS, set))
		if c == p11.CKO_PUBLIC_KEY {
			template = append(template, p11.NewAttribute(p11.CKA_VALUE, make([]byte, 64)))
		}
		object, err := inner.m.ctx.CreateObject(inner.handle, template)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { inner.m.ctx.DestroyObject(inner.handle, object) })
	}
	_, err := s.Generate(t.Context(), token.KeySpec{Algorithm: "gost2012-256/CryptoPro-A", ID: id})
	wantKind(t, err, token.KindExists)
	if there, err := inner.halves("test", id); err != nil || len(there) != 2 {
		t.Errorf("%d objects are left, %v", len(there), err)
	}
}
