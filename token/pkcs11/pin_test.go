package pkcs11

import (
	"context"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"testing"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
	"rekey/token/tokentest"
)

func TestPINReachesTheModuleOnceOrNever(t *testing.T) {
	f := newFaulty(t)
	s := newCard(t, f.load(t), "card")
	before := len(f.logins(t)) // the security officer's
	reached := func() int { return len(f.logins(t)) - before }
	for _, pin := range []string{"", "1", "123", string(make([]byte, 300))} {
		var refused *token.PINError
		if err := s.Login(t.Context(), []byte(pin)); !errors.As(err, &refused) || !refused.Length {
			t.Fatalf("PIN of %d bytes: %v", len(pin), err)
		}
	}
	f.set(t, "locked")
	var refused *token.PINError
	if err := s.Login(t.Context(), []byte(tokentest.PIN)); !errors.As(err, &refused) || !refused.Locked {
		t.Fatalf("locked: %v", err)
	}
	if n := reached(); n != 0 {
		t.Fatalf("%d PINs reached the module", n)
	}
	f.set(t, "final-try")
	err := s.Login(t.Context(), []byte("000000"))
	if !errors.As(err, &refused) || *refused != (token.PINError{TriesLeft: 1, Final: true}) {
		t.Fatalf("wrong PIN: %v", err)
	}
	if n := reached(); n != 1 {
		t.Fatalf("%d PINs reached the module, not 1", n)
	}
}

func TestPINPad(t *testing.T) {
	f := newFaulty(t)
	s := newCard(t, f.load(t), "card")
	f.set(t, "pin-pad")
	if err := s.Login(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if l := f.logins(t); l[len(l)-1] != "0" {
		t.Fatalf("logins %v", l)
	}
}

// alwaysKey makes a pair that wants the PIN for each signature, as an issuer would.
func alwaysKey(t *testing.T, s *session, alg token.Algorithm, id byte) token.Key {
	t.Helper()
	r, _ := recipeOf(alg)
	pub, priv := r.templates(token.KeySpec{ID: []byte{id}})
	priv = append(priv, p11.NewAttribute(p11.CKA_ALWAYS_AUTHENTICATE, true))
	_, _, err := s.m.ctx.GenerateKeyPair(s.handle, []*p11.Mechanism{p11.NewMechanism(r.mechanism, nil)}, pub, priv)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := s.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(keys, func(k token.Key) bool { return k.ID[0] == id })
	if !keys[i].AlwaysAuthenticate || keys[i].PINs(2) != 2 {
		t.Fatalf("%+v", keys[i])
	}
	return keys[i]
}

// Each signature of such a key gets its own PIN, once, directly between C_SignInit and C_Sign.
func TestSecondPIN(t *testing.T) {
	f := newFaulty(t)
	s := newCard(t, f.load(t), "card").(*session)
	login(t, s)
	for i, alg := range []token.Algorithm{token.RSA2048, token.ECP256} {
		key := alwaysKey(t, s, alg, byte(i))
		plain, err := s.Generate(t.Context(), token.KeySpec{Algorithm: alg, ID: []byte{byte(i + 10)}})
		if err != nil || plain.PINs(2) != 0 {
			t.Fatal(plain, err)
		}
		before := len(f.logins(t))
		reached := func() string { return strings.Join(f.logins(t)[before:], " ") }
		sign := func(k token.Key, pin []byte) error {
			opts := sha256Options
			opts.PIN = pin
			_, err := s.Sign(t.Context(), k, make([]byte, 32), opts)
			return err
		}
		wantKind(t, sign(key, nil), token.KindLoginNeeded)
		for _, short := range []string{"", "12"} {
			var refused *token.PINError
			if err := sign(key, []byte(short)); !errors.As(err, &refused) || !refused.Length {
				t.Fatal(err)
			}
		}
		if got := reached(); got != "" {
			t.Fatalf("reached the module: %s", got)
		}
		wantKind(t, sign(key, []byte("999999")), token.KindPIN)
		if err := sign(plain, []byte("for another key")); err != nil {
			t.Fatalf("another key after a wrong second PIN: %v", err)
		}
		if err := sign(key, []byte(tokentest.PIN)); err != nil {
			t.Fatal(err)
		}
		calls := f.calls(t)
		if err := sign(key, []byte(tokentest.PIN)); err != nil {
			t.Fatal(err)
		}
		if made := f.calls(t)[len(calls):]; !strings.Contains(made, "SignInit Login Sign ") || strings.Count(made, "Sign ") != 1 {
			t.Fatalf("calls: %s", made)
		}
		if got := reached(); got != "c6 c6 c6" {
			t.Fatalf("reached the module: %s", got)
		}
	}
}

// The prompt is asked once for each signature; everything above it works as with any other key.
func TestPromptForTheSecondPIN(t *testing.T) {
	f := newFaulty(t)
	m := token.Helper(f.path, command(t))
	defer m.Close()
	inside := f.load(t)
	s := newCard(t, inside, "card").(*session)
	login(t, s)
	key := alwaysKey(t, s, token.ECP256, 1)
	remote, err := m.Open(t.Context(), s.Card().Serial)
	if err != nil {
		t.Fatal(err)
	}
	login(t, remote)
	asked := 0
	answer := tokentest.PIN
	prompted := token.WithSecondPIN(remote, func(context.Context, token.Key) ([]byte, error) {
		asked++
		return []byte(answer), nil
	})
	cert, err := x509.ParseCertificate(tokentest.Certificate(t, prompted, key, 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := token.Prove(t.Context(), prompted, cert); err != nil || asked != 2 {
		t.Fatal(asked, err)
	}
	answer = "999999"
	before := len(f.logins(t))
	wantKind(t, token.Prove(t.Context(), prompted, cert), token.KindPIN)
	if n := len(f.logins(t)) - before; n != 1 || asked != 3 {
		t.Fatalf("%d PINs reached the module, %d were asked for", n, asked)
	}
	f.set(t, "pin-pad")
	answer = ""
	if err := token.Prove(t.Context(), prompted, cert); err != nil {
		t.Fatalf("typed on the reader: %v", err)
	}
}

func TestChangePIN(t *testing.T) {
	f := newFaulty(t)
	for name, m := range map[string]token.Module{"in process": f.load(t), "helper": token.Helper(f.path, command(t))} {
		t.Run(name, func(t *testing.T) {
			defer m.Close()
			s := newCard(t, m, name)
			before := len(f.logins(t))
			change := func(old, new string, want token.PINError) {
				t.Helper()
				var got *token.PINError
				if err := s.ChangePIN(t.Context(), []byte(old), []byte(new)); !errors.As(err, &got) || *got != want {
					t.Fatalf("%q to %q: %v", old, new, err)
				}
			}
			for _, c := range [][2]string{{"", "654321"}, {"1", "654321"}, {tokentest.PIN, ""}, {tokentest.PIN, "1"}, {"", ""}} {
				change(c[0], c[1], token.PINError{TriesLeft: -1, Length: true})
			}
			f.set(t, "locked")
			change(tokentest.PIN, "654321", token.PINError{Locked: true})
			f.set(t, "final-try")
			change("999999", "654321", token.PINError{TriesLeft: 1, Final: true})
			f.set(t)
			if err := s.ChangePIN(t.Context(), []byte(tokentest.PIN), []byte("654321")); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(f.logins(t)[before:], " "); got != "s6 s6" {
				t.Fatalf("reached the module: %s", got)
			}
			wantKind(t, s.Login(t.Context(), []byte(tokentest.PIN)), token.KindPIN)
			if err := s.Login(t.Context(), []byte("654321")); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestPINThatHasToBeChanged(t *testing.T) {
	f := newFaulty(t)
	m := f.load(t)
	serial := newCard(t, m, "card").Card().Serial
	f.set(t, "to-be-changed expired")
	s, err := m.Open(t.Context(), serial)
	if err != nil || !s.Card().PIN.ToBeChanged {
		t.Fatalf("%+v, %v", s.Card(), err)
	}
	var refused *token.PINError
	if err := s.Login(t.Context(), []byte(tokentest.PIN)); !errors.As(err, &refused) || !refused.Expired {
		t.Fatal(err)
	}
	if err := s.ChangePIN(t.Context(), []byte(tokentest.PIN), []byte("654321")); err != nil {
		t.Fatal(err)
	}
}

// Some modules answer a wrong PIN with a general error; the flags tell. It is still presented once only.
func TestWrongPINBehindAGeneralError(t *testing.T) {
	f := newFaulty(t)
	s := newCard(t, f.load(t), "card")
	f.set(t, "general-error")
	before := len(f.logins(t))
	var refused *token.PINError
	if err := s.Login(t.Context(), []byte("999999")); !errors.As(err, &refused) || *refused != (token.PINError{TriesLeft: 1, Final: true}) {
		t.Fatal(err)
	}
	if n := len(f.logins(t)) - before; n != 1 {
		t.Fatalf("%d PINs reached the module", n)
	}
}
