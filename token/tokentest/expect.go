package tokentest

import (
	"bytes"
	"errors"
	"testing"

	"rekey/token"
)

func cards(t *testing.T, m token.Module, want func(token.Card) bool) (found []token.Card) {
	t.Helper()
	readers, err := m.Readers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range readers {
		if r.Module == "" || r.Name == "" {
			t.Fatalf("reader without module or name: %+v", r)
		}
		if r.Card != nil && want(*r.Card) {
			found = append(found, *r.Card)
		}
	}
	return found
}

// openNew initialises the blank card and opens it.
func openNew(t *testing.T, m token.Module) token.Session {
	t.Helper()
	serial, err := m.InitBlank(t.Context(), "Rekey contract", []byte(SOPIN), []byte(PIN))
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.Open(t.Context(), serial)
	if err != nil {
		t.Fatal(err)
	}
	if s.Card().Serial != serial {
		t.Fatalf("opened %+v", s.Card())
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func login(t *testing.T, s token.Session) {
	t.Helper()
	if err := s.Login(t.Context(), []byte(PIN)); err != nil {
		t.Fatal(err)
	}
}

func generate(t *testing.T, s token.Session, spec token.KeySpec) token.Key {
	t.Helper()
	key, err := s.Generate(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	if !key.Private || !bytes.Equal(key.ID, spec.ID) || key.Algorithm != spec.Algorithm {
		t.Fatalf("Generate: %+v", key)
	}
	return key
}

func wantKind(t *testing.T, err error, kind token.Kind) {
	t.Helper()
	if token.KindOf(err) != kind {
		t.Fatalf("got %v, want the kind %s", err, kind)
	}
}

func wantPIN(t *testing.T, err error, want token.PINError) {
	t.Helper()
	var got *token.PINError
	if token.KindOf(err) != token.KindPIN || !errors.As(err, &got) || got.Length != want.Length || got.Locked != want.Locked {
		t.Fatalf("got %v, want %+v", err, want)
	}
}
