package pkcs11

import (
	"os"
	"os/exec"
	"testing"

	"rekey/token"
	"rekey/token/tokentest"
)

// A TPM is a card of another make: it has its own mechanisms, and all its tokens have the same serial number.
func TestContractOnATPM(t *testing.T) {
	tokentest.Contract(t, func(t *testing.T) token.Module {
		m := token.Helper(tokentest.TPM2(t), command(t))
		t.Cleanup(func() { m.Close() })
		return m
	}, token.RSA2048, token.ECP256)
}

// In process it runs in a process of its own, see tokentest.TPM2; there each part has its own store in one TPM.
func TestContractOnATPMInProcess(t *testing.T) {
	const variable = "REKEY_TEST_TPM2"
	if path := os.Getenv(variable); path != "" {
		tokentest.Contract(t, func(t *testing.T) token.Module {
			t.Setenv("TPM2_PKCS11_STORE", t.TempDir())
			m, err := Load(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { m.Close() })
			return m
		}, token.RSA2048, token.ECP256)
		return
	}
	t.Setenv(variable, tokentest.TPM2(t))
	out, err := exec.Command(command(t)[0], "-test.run", "^"+t.Name()+"$").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
