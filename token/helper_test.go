package token_test

import (
	"context"
	"crypto"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"rekey/token"
	"rekey/token/tokentest"
)

func TestHelperContract(t *testing.T) {
	tokentest.Contract(t, func(t *testing.T) token.Module {
		m := token.Helper("/modules/blank", testCommand(t))
		t.Cleanup(func() { m.Close() })
		return m
	}, token.RSA2048, token.ECP256, token.ECP384)
}

func openA1(t *testing.T, m token.Module) token.Session {
	t.Helper()
	s, err := m.Open(t.Context(), "A1")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Login(t.Context(), []byte(tokentest.PIN)); err != nil {
		t.Fatal(err)
	}
	return s
}

var sha256Options = token.SignOptions{Hash: crypto.SHA256}

func wantKind(t *testing.T, err error, kind token.Kind) {
	t.Helper()
	if token.KindOf(err) != kind {
		t.Fatalf("got %v, want the kind %s", err, kind)
	}
}

// A session outlives its child; only the login is lost with it.
func TestHelperRecovers(t *testing.T) {
	for module, kind := range map[string]token.Kind{
		"hang on sign":  token.KindModuleHang,
		"crash on sign": token.KindModuleCrash,
	} {
		t.Run(module, func(t *testing.T) {
			s := openA1(t, testHelper(t, module))
			_, err := s.Sign(t.Context(), token.Key{}, make([]byte, 32), sha256Options)
			wantKind(t, err, kind)
			if kind == token.KindModuleCrash && !strings.Contains(err.Error(), "internal error 42") {
				t.Fatalf("the child's last words are missing: %v", err)
			}
			if _, err := s.Keys(t.Context()); err != nil {
				t.Fatalf("the next call: %v", err)
			}
			_, err = s.Generate(t.Context(), token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}})
			wantKind(t, err, token.KindLoginNeeded)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestHelperCancel(t *testing.T) {
	s := openA1(t, testHelper(t, "hang on sign"))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := s.Sign(ctx, token.Key{}, make([]byte, 32), sha256Options)
	wantKind(t, err, token.KindModuleHang)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("the context's error is missing: %v", err)
	}
	if _, err := s.Keys(t.Context()); err != nil {
		t.Fatalf("the next call: %v", err)
	}
}

// While the PIN is typed, the readers are still shown, and nobody kills the child.
func TestHelperReadersWhileBusy(t *testing.T) {
	m := testHelper(t, "slow login")
	if _, err := m.Readers(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := m.Open(t.Context(), "A1")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- s.Login(t.Context(), []byte(tokentest.PIN)) }()
	for {
		readers, err := m.Readers(t.Context())
		if err != nil || len(readers) != 1 || readers[0].Card == nil {
			t.Fatalf("%+v, %v", readers, err)
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}

func TestHelperPINErrorCrosses(t *testing.T) {
	s, err := testHelper(t, "card").Open(t.Context(), "A1")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []token.PINError{{TriesLeft: 2}, {TriesLeft: 1, Final: true}, {Locked: true}} {
		var got *token.PINError
		err := s.Login(t.Context(), []byte("000000"))
		if !errors.As(err, &got) || *got != want {
			t.Fatalf("got %v, want %+v", err, want)
		}
	}
}

// What the module prints, reads or starts does not touch the protocol.
func TestHelperNoise(t *testing.T) {
	if _, err := testHelper(t, "noise").Readers(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestHelperModuleDoesNotLoad(t *testing.T) {
	m := testHelper(t, "noload")
	for range 2 {
		_, err := m.Readers(t.Context())
		wantKind(t, err, token.KindModuleLoad)
		if !strings.Contains(err.Error(), "wrong shape") {
			t.Fatal(err)
		}
	}
	m = token.Helper("/modules/card", []string{"/no/such/program"})
	_, err := m.Readers(t.Context())
	wantKind(t, err, token.KindModuleLoad)
}

// The child ends with its parent, also while a call is stuck in the module.
func TestChildEndsWithItsParent(t *testing.T) {
	command := testCommand(t)
	for _, stuck := range []bool{false, true} {
		cmd := exec.Command(command[0], command[1], "/modules/hang on sign")
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if stuck {
			token.StartStuckCall(t, in, out)
		}
		in.Close()
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
		case <-time.After(30 * time.Second):
			cmd.Process.Kill()
			t.Fatalf("the child is still there (stuck: %v)", stuck)
		}
	}
}
