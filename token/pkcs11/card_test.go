package pkcs11

import (
	"bytes"
	"crypto"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
	"rekey/token/tokentest"
)

var sha256Options = token.SignOptions{Hash: crypto.SHA256}

func TestContractOfAModuleThatWantsNoArguments(t *testing.T) {
	tokentest.Contract(t, func(t *testing.T) token.Module {
		f := newFaulty(t)
		f.set(t, "no-arguments")
		return f.load(t)
	}, token.ECP256)
}

func TestCardPulledAndBack(t *testing.T) {
	f := newFaulty(t)
	m := f.load(t)
	s := newCard(t, m, "card")
	login(t, s)
	key, err := s.Generate(t.Context(), token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	f.set(t, "pulled")
	_, err = s.Sign(t.Context(), key, make([]byte, 32), sha256Options)
	wantKind(t, err, token.KindCardRemoved)
	readers, err := m.Readers(t.Context())
	if err != nil || len(readers) == 0 || readers[0].Card != nil || readers[0].Fault != "" {
		t.Fatalf("%+v, %v", readers, err)
	}
	_, err = m.InitBlank(t.Context(), "x", []byte(tokentest.SOPIN), []byte(tokentest.PIN))
	wantKind(t, err, token.KindNoCard)
	f.set(t)
	_, err = s.Sign(t.Context(), key, make([]byte, 32), sha256Options)
	wantKind(t, err, token.KindLoginNeeded)
	login(t, s)
	if _, err := s.Sign(t.Context(), key, make([]byte, 32), sha256Options); err != nil {
		t.Fatal(err)
	}
	f.set(t, "mute")
	if readers, err = m.Readers(t.Context()); err != nil || readers[0].Fault == "" {
		t.Fatalf("%+v, %v", readers, err)
	}
}

// The card's own store is deleted by another program while a session is open.
func TestCardVanishes(t *testing.T) {
	m := inProcess(t)
	s := newCard(t, m, "card")
	login(t, s)
	out, err := exec.Command("softhsm2-util", "--delete-token", "--serial", s.Card().Serial).CombinedOutput()
	if err != nil {
		t.Fatalf("softhsm2-util: %v\n%s", err, out)
	}
	if left, err := os.ReadDir(tokentest.SoftHSMTokens(t)); err != nil || len(left) > 1 {
		t.Fatalf("%v, %v", left, err)
	}
	_, err = s.Generate(t.Context(), token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}})
	wantKind(t, err, token.KindCardRemoved)
	if _, err := m.Readers(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestCardThatMakesNoKeys(t *testing.T) {
	f := newFaulty(t)
	s := newCard(t, f.load(t), "card")
	login(t, s)
	f.set(t, "no-mechanisms")
	_, err := s.Generate(t.Context(), token.KeySpec{Algorithm: token.RSA2048, ID: []byte{1}})
	wantKind(t, err, token.KindUnsupported)
}

// A failed generation leaves what was there, and nothing of its own.
func TestFailedGenerationCleansUp(t *testing.T) {
	f := newFaulty(t)
	s := newCard(t, f.load(t), "card")
	login(t, s)
	old, err := s.Generate(t.Context(), token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	f.set(t, "half-pair")
	for _, alg := range algorithms {
		_, err = s.Generate(t.Context(), token.KeySpec{Algorithm: alg, ID: []byte{2}})
		wantKind(t, err, token.KindCardFull)
	}
	keys, err := s.Keys(t.Context())
	if err != nil || len(keys) != 1 || !bytes.Equal(keys[0].SPKI, old.SPKI) {
		t.Fatalf("%+v, %v", keys, err)
	}
}

func TestPrivateKeyCannotLeave(t *testing.T) {
	s := newCard(t, inProcess(t), "card").(*session)
	login(t, s)
	key, err := s.Generate(t.Context(), token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	private, err := s.privateOf("test", key)
	if err != nil || len(private) != 1 {
		t.Fatal(private, err)
	}
	for attribute, want := range map[uint]bool{
		p11.CKA_TOKEN: true, p11.CKA_PRIVATE: true, p11.CKA_SENSITIVE: true, p11.CKA_ALWAYS_SENSITIVE: true,
		p11.CKA_SIGN: true, p11.CKA_EXTRACTABLE: false, p11.CKA_NEVER_EXTRACTABLE: true,
	} {
		if got := s.flag(private[0], attribute); got != want {
			t.Errorf("attribute 0x%X is %v", attribute, got)
		}
	}
	if v := s.value(private[0], p11.CKA_VALUE); v != nil {
		t.Error("the private value can be read")
	}
}

// A key of another pair under the same ID must not sign.
func TestKeyOfAnotherPairUnderTheSameID(t *testing.T) {
	s := newCard(t, inProcess(t), "card").(*session)
	login(t, s)
	for _, alg := range algorithms {
		key, err := s.Generate(t.Context(), token.KeySpec{Algorithm: alg, ID: []byte(alg)})
		if err != nil {
			t.Fatal(err)
		}
		r, _ := recipeOf(alg)
		pub, priv := r.templates(token.KeySpec{ID: []byte("other")})
		if _, _, err := s.m.ctx.GenerateKeyPair(s.handle, []*p11.Mechanism{p11.NewMechanism(r.mechanism, nil)}, pub, priv); err != nil {
			t.Fatal(err)
		}
		key.ID = []byte("other")
		if _, err := s.Sign(t.Context(), key, make([]byte, 32), sha256Options); err == nil {
			t.Errorf("%s: signed with the wrong key", alg)
		}
		if err := s.DestroyPair(t.Context(), key); err == nil {
			t.Errorf("%s: deleted the wrong key", alg)
		}
	}
}

// Public objects may be missing on a card: the key is then found through its private half (RSA) or its
// certificate (EC).
func TestKeysWithoutPublicObjects(t *testing.T) {
	for _, alg := range algorithms {
		t.Run(string(alg), func(t *testing.T) {
			s := newCard(t, inProcess(t), "card").(*session)
			login(t, s)
			key, err := s.Generate(t.Context(), token.KeySpec{Algorithm: alg, ID: []byte{1}, Label: "key"})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.PutCertificate(t.Context(), key.ID, "certificate", tokentest.Certificate(t, s, key, 1)); err != nil {
				t.Fatal(err)
			}
			public, err := s.publicOf("test", key)
			if err != nil || len(public) != 1 {
				t.Fatal(public, err)
			}
			if err := s.m.ctx.DestroyObject(s.handle, public[0]); err != nil {
				t.Fatal(err)
			}
			keys, err := s.Keys(t.Context())
			if found, ok := token.MatchKey(keys, key.SPKI); err != nil || !ok || !found.Private {
				t.Fatalf("%+v, %v", keys, err)
			}
			if _, err := s.Sign(t.Context(), key, make([]byte, 32), sha256Options); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestLoadNamesTheReason(t *testing.T) {
	dir := t.TempDir()
	textFile := filepath.Join(dir, "text.so")
	if err := os.WriteFile(textFile, []byte("this is no library\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(dir, "foreign.so")
	build := exec.Command("gcc", "-shared", "-fPIC", "-x", "c", "-o", foreign, "-")
	build.Stdin = bytes.NewReader([]byte("int nothing(void) { return 0; }\n"))
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	noList := newFaulty(t)
	noList.set(t, "no-list")
	for name, path := range map[string]string{
		"missing":   filepath.Join(dir, "missing.so"),
		"text file": textFile,
		"directory": dir,
		"foreign":   foreign,
		"relative":  "faults.so",
		"no list":   noList.path,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(path)
			wantKind(t, err, token.KindModuleLoad)
			m := token.Helper(path, command(t))
			defer m.Close()
			_, through := m.Readers(t.Context())
			if through == nil || through.Error() != err.Error() || token.KindOf(through) != token.KindModuleLoad {
				t.Fatalf("through the helper: %v, here: %v", through, err)
			}
			t.Log(err)
		})
	}
}
