// Package tokentest has what tests of the card layer and of those above it need: the contract that every
// token.Module keeps, SoftHSM as a real PKCS#11 module, and an in-memory fake with faults and counters.
//
// It is never part of the program: the fake's keys are software keys.
package tokentest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// SoftHSM gives the path of the SoftHSM module and points SOFTHSM2_CONF at an empty store in a
// folder of this test. A missing module fails the test: `make test` installs it.
func SoftHSM(t testing.TB) (modulePath string) {
	t.Helper()
	modulePath = installed(t, "softhsm2",
		"/usr/lib/softhsm/libsofthsm2.so",
		"/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
		"/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
		"/usr/lib64/pkcs11/libsofthsm2.so")
	dir := inMemory(t)
	tokens := filepath.Join(dir, "tokens")
	if err := os.Mkdir(tokens, 0o700); err != nil {
		t.Fatal(err)
	}
	conf := filepath.Join(dir, "softhsm2.conf")
	content := fmt.Sprintf("directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n", tokens)
	if err := os.WriteFile(conf, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", conf)
	return modulePath
}

// inMemory makes a folder of the test in /dev/shm where there is one: SoftHSM waits for the disk at each write, which is most of
// the time of the tests. What is in it is gone with the test, as with t.TempDir.
func inMemory(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "rekey-softhsm-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// SoftHSMTokens gives the folder in which the present SoftHSM store keeps its cards, one folder for each.
func SoftHSMTokens(t testing.TB) string {
	t.Helper()
	conf := os.Getenv("SOFTHSM2_CONF")
	if conf == "" {
		t.Fatal("SoftHSM was not set up in this test")
	}
	return filepath.Join(filepath.Dir(conf), "tokens")
}
