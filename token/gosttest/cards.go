package gosttest

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rekey/token/gosttest/softhsm"
)

//go:embed testdata/*.c testdata/*.h
var sources embed.FS

// SoftHSM gives the path of a SoftHSM module that was built with GOST, and points SOFTHSM2_CONF at an empty store in
// a folder of this test. See softhsm.WithGOST.
//
// It makes keys of 256 bits with CryptoPro-A and CryptoPro-XchA: the public template wants both parameters, the
// private one must have none. It signs digests only, with CKM_GOSTR3410. Asked for tc26-256-A it makes a key of
// another curve; other sets it refuses.
func SoftHSM(t testing.TB) (modulePath string) {
	t.Helper()
	modulePath, err := softhsm.WithGOST(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
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

// PIN is that of the card of TK26.
const PIN = "12345678"

// TK26 compiles the module with the mechanisms of TK26 (keys of 512 bits, Streebog in the card) and gives its path. It
// has one card, ready to be used, which forgets its keys with the process. words make it as real cards are; they are listed
// in testdata/tk26.c.
func TK26(t testing.TB, words ...string) (modulePath string) {
	t.Helper()
	list := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/miekg/pkcs11")
	list.Dir = moduleRoot(t)
	headers, err := list.Output() // it comes with the header files of OASIS
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("REKEY_TEST_TK26", strings.Join(words, " "))
	return compile(t, "tk26.so", "tk26.c", "tk26_objects.c", "tk26_keys.c", "-shared", "-fPIC", "-fvisibility=hidden",
		"-isystem", strings.TrimSpace(string(headers)))
}

var compiling sync.Mutex

// compile builds C sources of testdata with gcc, over libcrypto. What was built once in a checkout stays in .bench, under a
// name that is made of all that went into it.
func compile(t testing.TB, name string, sourcesAndFlags ...string) string {
	t.Helper()
	compiling.Lock() // tests of one package run beside each other too
	defer compiling.Unlock()
	dir := t.TempDir()
	all, err := sources.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	ingredients := sha256.New()
	fmt.Fprintln(ingredients, sourcesAndFlags)
	for _, s := range all {
		content, err := sources.ReadFile("testdata/" + s.Name())
		if err != nil {
			t.Fatal(err)
		}
		ingredients.Write(content)
		if err := os.WriteFile(filepath.Join(dir, s.Name()), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept := filepath.Join(moduleRoot(t), ".bench", "gost-c")
	if err := os.MkdirAll(kept, 0o755); err != nil {
		t.Fatal(err)
	}
	kept = filepath.Join(kept, fmt.Sprintf("%x-%s", ingredients.Sum(nil)[:8], name))
	if _, err := os.Stat(kept); err == nil {
		return kept
	}
	fresh := fmt.Sprintf("%s.%d", kept, os.Getpid()) // renamed when it is whole: tests of other packages run beside us
	args := append([]string{"-O1", "-Wall", "-Wextra", "-Werror", "-Wno-deprecated-declarations", "-o", fresh}, sourcesAndFlags...)
	gcc := exec.Command("gcc", append(args, "-lcrypto")...)
	gcc.Dir = dir
	if out, err := gcc.CombinedOutput(); err != nil {
		t.Fatalf("gcc (Debian: gcc, libssl-dev): %v\n%s", err, out)
	}
	if err := os.Rename(fresh, kept); err != nil {
		t.Fatal(err)
	}
	return kept
}

// moduleRoot is the folder of go.mod.
func moduleRoot(t testing.TB) string {
	t.Helper()
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir := at; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatalf("no go.mod above %s", at)
		}
	}
}

// Driver builds Rekey's card driver as a program of its own and gives the command for token.Helper: for tests of packages that may not
// import the driver.
func Driver(t testing.TB) []string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "driver")
	build := exec.Command("go", "build", "-o", program, "./token/gosttest/testdata/helper")
	build.Dir = moduleRoot(t)
	build.Env = append(os.Environ(), "CGO_ENABLED=1") // a driver needs C, also where the package under test does not
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return []string{program, "token-helper"}
}
