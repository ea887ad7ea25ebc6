package tokentest

import (
	"context"
	"crypto"
	"errors"
	"testing"

	"rekey/token"
)

// The PINs of the contract's card.
const (
	SOPIN = "87654321"
	PIN   = "123456"
)

// Contract is what every token.Module keeps. newModule gives a module with a blank card in a reader. Each
// algorithm named is made, used and deleted on that card.
func Contract(t *testing.T, newModule func(t *testing.T) token.Module, algorithms ...token.Algorithm) {
	t.Run("blank card", func(t *testing.T) { contractBlank(t, newModule(t)) })
	t.Run("PIN", func(t *testing.T) { contractPIN(t, newModule(t)) })
	t.Run("closed", func(t *testing.T) { contractClosed(t, newModule(t)) })
	for _, alg := range algorithms {
		t.Run(string(alg), func(t *testing.T) {
			m := newModule(t)
			s := openNew(t, m)
			login(t, s)
			contractKey(t, s, alg)
			contractCertificate(t, s, alg)
		})
	}
	t.Run("sessions", func(t *testing.T) { contractSessions(t, newModule(t)) })
}

func contractBlank(t *testing.T, m token.Module) {
	ctx := t.Context()
	if n := len(cards(t, m, func(c token.Card) bool { return c.Blank })); n == 0 {
		t.Fatal("no blank card")
	}
	_, err := m.InitBlank(ctx, "Rekey contract", []byte(SOPIN), nil)
	wantPIN(t, err, token.PINError{TriesLeft: -1, Length: true})
	_, err = m.InitBlank(ctx, "a label that is longer than 32 bytes", []byte(SOPIN), []byte(PIN))
	wantKind(t, err, token.KindNotAllowed)
	serial, err := m.InitBlank(ctx, "Rekey contract", []byte(SOPIN), []byte(PIN))
	if err != nil || serial == "" {
		t.Fatalf("InitBlank: %q, %v", serial, err)
	}
	made := cards(t, m, func(c token.Card) bool { return c.Serial == serial })
	if len(made) != 1 || made[0].Blank || made[0].Label != "Rekey contract" {
		t.Fatalf("after InitBlank: %+v", made)
	}
	_, err = m.Open(ctx, "no such serial")
	wantKind(t, err, token.KindNoCard)
}

func contractPIN(t *testing.T, m token.Module) {
	ctx := t.Context()
	s := openNew(t, m)
	wantPIN(t, s.Login(ctx, nil), token.PINError{TriesLeft: -1, Length: true})
	if s.Card().PIN.Min > 1 {
		wantPIN(t, s.Login(ctx, []byte("1")), token.PINError{TriesLeft: -1, Length: true})
	}
	_, err := s.Generate(ctx, token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}, Label: "x"})
	wantKind(t, err, token.KindLoginNeeded)
	var refused *token.PINError
	if err := s.Login(ctx, []byte("999999")); !errors.As(err, &refused) || refused.Locked || refused.Length {
		t.Fatalf("wrong PIN: %v", err)
	}
	wantKind(t, s.Login(ctx, []byte("999998")), token.KindPIN)
	pin := []byte(PIN)
	for range 2 { // a second login is no error
		if err := s.Login(ctx, pin); err != nil {
			t.Fatal(err)
		}
	}
	if string(pin) != PIN {
		t.Fatal("the caller's PIN was changed")
	}
	contractChangePIN(t, m, s)
}

func contractChangePIN(t *testing.T, m token.Module, s token.Session) {
	ctx := t.Context()
	const other = "24681012"
	wantPIN(t, s.ChangePIN(ctx, nil, []byte(other)), token.PINError{Length: true})
	wantPIN(t, s.ChangePIN(ctx, []byte(PIN), nil), token.PINError{Length: true})
	// A TPM gives a general error for a wrong old PIN, and no flag tells more.
	if kind := token.KindOf(s.ChangePIN(ctx, []byte("999997"), []byte(other))); kind != token.KindPIN && kind != token.KindCardRefused {
		t.Fatalf("wrong old PIN: %s", kind)
	}
	old, new := []byte(PIN), []byte(other)
	if err := s.ChangePIN(ctx, old, new); err != nil {
		t.Fatal(err)
	}
	if string(old) != PIN || string(new) != other {
		t.Fatal("the caller's PINs were changed")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := m.Open(ctx, s.Card().Serial)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	wantKind(t, again.Login(ctx, []byte(PIN)), token.KindPIN)
	if err := again.Login(ctx, []byte(other)); err != nil {
		t.Fatal(err)
	}
}

func contractClosed(t *testing.T, m token.Module) {
	ctx := t.Context()
	s := openNew(t, m)
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Keys(ctx); err == nil {
		t.Fatal("a closed session answers")
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Readers(ctx); err == nil {
		t.Fatal("a closed module answers")
	}
}

// contractSessions: what is on the card outlives a session, the login does not.
func contractSessions(t *testing.T, m token.Module) {
	ctx := t.Context()
	s := openNew(t, m)
	login(t, s)
	key := generate(t, s, token.KeySpec{Algorithm: token.ECP256, ID: []byte{9}, Label: "nine"})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := m.Open(ctx, s.Card().Serial)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	digest := make([]byte, 32)
	_, err = again.Sign(ctx, key, digest, token.SignOptions{Hash: crypto.SHA256})
	wantKind(t, err, token.KindLoginNeeded)
	keys, err := again.Keys(ctx)
	if found, ok := token.MatchKey(keys, key.SPKI); err != nil || !ok || found.Private {
		t.Fatalf("Keys before the login: %+v, %v", keys, err)
	}
	login(t, again)
	if _, err := again.Sign(ctx, key, digest, token.SignOptions{Hash: crypto.SHA256}); err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := again.Keys(cancelled); err == nil {
		t.Fatal("a cancelled context is not heeded")
	}
	if _, err := again.Keys(ctx); err != nil {
		t.Fatalf("after a cancelled call: %v", err)
	}
}
