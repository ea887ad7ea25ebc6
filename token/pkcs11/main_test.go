package pkcs11

import (
	"fmt"
	"os"
	"testing"

	"rekey/token"
	"rekey/token/tokentest"
)

// TestMain makes the test binary its own helper process.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "token-helper" {
		if err := token.Serve(Load, os.Args[2], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func inProcess(t testing.TB) token.Module {
	t.Helper()
	m, err := Load(tokentest.SoftHSM(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func command(t testing.TB) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{self, "token-helper"}
}

func inHelper(t testing.TB) token.Module {
	t.Helper()
	m := token.Helper(tokentest.SoftHSM(t), command(t))
	t.Cleanup(func() { m.Close() })
	return m
}

var algorithms = []token.Algorithm{token.RSA2048, token.ECP256, token.ECP384}

func TestContractInProcess(t *testing.T) {
	tokentest.Contract(t, func(t *testing.T) token.Module { return inProcess(t) }, algorithms...)
}

func TestContractInHelper(t *testing.T) {
	tokentest.Contract(t, func(t *testing.T) token.Module { return inHelper(t) }, algorithms...)
}
