package app

import (
	"testing"

	"rekey/token"
	"rekey/token/gosttest"
)

// SoftHSM makes a key of another curve when it is asked for tc26-256-A: such a pair is not kept.
func TestPairOfAnotherCurveIsDestroyed(t *testing.T) {
	m := token.Helper(gosttest.SoftHSM(t), gosttest.Driver(t))
	defer m.Close()
	serial, err := m.InitBlank(t.Context(), "GOST", []byte("87654321"), []byte(gosttest.PIN))
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.Open(t.Context(), serial)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Login(t.Context(), []byte(gosttest.PIN)); err != nil {
		t.Fatal(err)
	}
	good, err := s.Generate(t.Context(), token.KeySpec{Algorithm: "gost2012-256/CryptoPro-A", ID: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	if err := checkNew(t.Context(), s, good); err != nil {
		t.Error(err)
	}
	other, err := s.Generate(t.Context(), token.KeySpec{Algorithm: "gost2012-256/tc26-256-A", ID: []byte{2}})
	if err != nil {
		t.Fatal(err)
	}
	if err := checkNew(t.Context(), s, other); KindOf(err) != Unsupported {
		t.Errorf("a key of another curve: %v", err)
	}
	if keys, err := s.Keys(t.Context()); err != nil || len(keys) != 1 || keys[0].ID[0] != 1 {
		t.Errorf("on the card: %+v, %v", keys, err)
	}
}

func TestKeyAlgorithmIsSaidInTheFormsWords(t *testing.T) {
	for algorithm, want := range map[string]string{
		"gost2012-256/CryptoPro-A": "ГОСТ Р 34.10-2012, 256 бит, CryptoPro-A", "gost2012-512/tc26-512-A": "ГОСТ Р 34.10-2012, 512 бит, tc26-512-A",
		"ec-p256": "ECDSA P-256", "other": "other",
	} {
		if got := keyName(algorithm); got != want {
			t.Errorf("%s is %q", algorithm, got)
		}
	}
}
