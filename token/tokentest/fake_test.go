package tokentest

import (
	"testing"

	"rekey/token"
)

func TestFakeContract(t *testing.T) {
	Contract(t, func(*testing.T) token.Module {
		f := NewFake("/fake/module.so")
		f.AddReader("Empty reader")
		f.AddBlank("Reader with a blank card")
		return f
	}, token.RSA2048, token.ECP256, token.ECP384)
}

func TestFakeLocksAfterThreeWrongPINs(t *testing.T) {
	f := NewFake("/fake/module.so")
	f.AddCard("Reader", "A1", "card", PIN)
	s, err := f.Open(t.Context(), "A1")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []token.PINError{{TriesLeft: 2}, {TriesLeft: 1, Final: true}, {Locked: true}, {Locked: true}} {
		wantPIN(t, s.Login(t.Context(), []byte("000000")), want)
	}
	wantPIN(t, s.Login(t.Context(), []byte(PIN)), token.PINError{Locked: true})
	if n := f.Counts().Logins; n != 3 {
		t.Fatalf("%d PINs reached the card", n)
	}
}

func TestFakeCardIsPulled(t *testing.T) {
	f := NewFake("/fake/module.so")
	f.AddCard("Reader", "A1", "card", PIN)
	s, err := f.Open(t.Context(), "A1")
	if err != nil {
		t.Fatal(err)
	}
	login(t, s)
	f.RemoveAt("Generate", 1, "A1")
	_, err = s.Generate(t.Context(), token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}})
	wantKind(t, err, token.KindCardRemoved)
	f.Insert("A1")
	_, err = s.Generate(t.Context(), token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}})
	wantKind(t, err, token.KindLoginNeeded)
	login(t, s)
	generate(t, s, token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}})
	f.FailAt("Sign", 2, &token.Error{Op: "Sign", Kind: token.KindModuleCrash})
	Certificate(t, s, f.slots[0].card.pairs[0].key, 1)
	_, err = s.Sign(t.Context(), token.Key{}, nil, token.SignOptions{})
	wantKind(t, err, token.KindModuleCrash)
}
