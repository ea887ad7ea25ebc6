package pkcs11

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rekey/token"
	"rekey/token/tokentest"
)

// faulty is a real module (compiled here, in front of SoftHSM) that misbehaves when told to.
type faulty struct {
	path    string
	control string
}

func newFaulty(t testing.TB) faulty {
	t.Helper()
	real := tokentest.SoftHSM(t)
	dir := t.TempDir()
	f := faulty{path: filepath.Join(dir, "faults.so"), control: filepath.Join(dir, "faults")}
	out, err := exec.Command("gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror",
		`-DREAL="`+real+`"`, "-o", f.path, "testdata/faults.c", "-ldl").CombinedOutput()
	if err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	t.Setenv("REKEY_TEST_FAULTS", f.control)
	f.set(t)
	return f
}

// set says which faults there are from now on.
func (f faulty) set(t testing.TB, faults ...string) {
	t.Helper()
	if err := os.WriteFile(f.control, []byte(strings.Join(faults, " ")), 0o600); err != nil {
		t.Fatal(err)
	}
}

// logins gives the lengths of the PINs that reached the module.
func (f faulty) logins(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile(f.control + ".logins")
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.Fields(string(text))
}

// calls gives the names of the calls that reached the module, each with a space behind it. Only those of signing and
// login have names.
func (f faulty) calls(t testing.TB) string {
	t.Helper()
	marks, err := os.ReadFile(f.control + ".calls")
	if err != nil {
		t.Fatal(err)
	}
	named := map[byte]string{18: "Login", 42: "SignInit", 43: "Sign"}
	var names strings.Builder
	for _, m := range marks {
		name := named[m-'!']
		if name == "" {
			name = "-"
		}
		names.WriteString(name + " ")
	}
	return names.String()
}

func (f faulty) load(t testing.TB) token.Module {
	t.Helper()
	m, err := Load(f.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// newCard initialises a blank card and opens it.
func newCard(t testing.TB, m token.Module, label string) token.Session {
	t.Helper()
	serial, err := m.InitBlank(t.Context(), label, []byte(tokentest.SOPIN), []byte(tokentest.PIN))
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.Open(t.Context(), serial)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func login(t testing.TB, s token.Session) {
	t.Helper()
	if err := s.Login(t.Context(), []byte(tokentest.PIN)); err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, err error, kind token.Kind) {
	t.Helper()
	if token.KindOf(err) != kind {
		t.Fatalf("got %v, want the kind %s", err, kind)
	}
}
