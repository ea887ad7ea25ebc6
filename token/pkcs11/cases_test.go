package pkcs11

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rekey/token"
	"rekey/token/tokentest"
)

// Whatever a module does, the card of another stays usable; the error names what happened; and within
// 2 s of the end of the cause the module works again.
func TestMisbehavingModules(t *testing.T) {
	f := newFaulty(t)
	goodPath := filepath.Join(t.TempDir(), "good.so") // SoftHSM too, in a child of its own
	data, err := os.ReadFile(tokentestSoftHSM(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(goodPath, data, 0o700); err != nil {
		t.Fatal(err)
	}
	limits := token.Limits{Call: time.Second, Write: 2 * time.Second, Pad: time.Minute}
	set := token.NewSet([]string{f.path, goodPath}, func(path string) token.Module {
		return token.HelperWithin(path, command(t), limits)
	})
	defer set.Close()
	good, _ := set.Module(goodPath)
	bad, _ := set.Module(f.path)
	goodCard := newCard(t, good, "good card")
	login(t, goodCard)
	key, err := goodCard.Generate(t.Context(), token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	// use goes through everything that the list of faults names.
	use := func() error {
		if _, err := bad.Readers(t.Context()); err != nil {
			return err
		}
		s, err := bad.Open(t.Context(), goodCard.Card().Serial) // both modules see one store
		if err != nil {
			return err
		}
		defer s.Close()
		if err := s.Login(t.Context(), []byte(tokentest.PIN)); err != nil {
			return err
		}
		_, err = s.Sign(t.Context(), key, make([]byte, 32), sha256Options)
		return err
	}
	for fault, kind := range map[string]token.Kind{
		"crash@load": token.KindModuleCrash, "hang@load": token.KindModuleHang,
		"crash@GetFunctionList": token.KindModuleCrash, "hang@GetFunctionList": token.KindModuleHang, "no-list": token.KindModuleLoad,
		"crash@Initialize": token.KindModuleCrash, "hang@Initialize": token.KindModuleHang, "fail=5@Initialize": token.KindModuleLoad,
		"crash@Login": token.KindModuleCrash, "hang@Login": token.KindModuleHang,
		"crash@Sign": token.KindModuleCrash, "hang@Sign": token.KindModuleHang,
	} {
		t.Run(fault, func(t *testing.T) {
			killHelper(t, f.path) // so that it is loaded under this fault
			f.set(t, fault)
			err := use()
			for end := time.Now().Add(20 * time.Second); time.Now().Before(end); err = use() {
				// the child that was killed is told first
				if token.KindOf(err) == kind && (kind != token.KindModuleCrash || strings.Contains(err.Error(), "SIGSEGV")) {
					break
				}
			}
			wantKind(t, err, kind)
			t.Log(err)
			if _, err := goodCard.Sign(t.Context(), key, make([]byte, 32), sha256Options); err != nil {
				t.Errorf("the other module: %v", err)
			}
			f.set(t)
			gone := time.Now()
			for err = use(); err != nil && time.Since(gone) < 20*time.Second; {
				err = use()
			}
			if err != nil {
				t.Errorf("after %v it does not work again: %v", time.Since(gone), err)
			}
		})
	}
}

// tokentestSoftHSM is SoftHSM's file, without a new store.
func tokentestSoftHSM(t *testing.T) string {
	t.Helper()
	conf := os.Getenv("SOFTHSM2_CONF")
	path := tokentest.SoftHSM(t)
	t.Setenv("SOFTHSM2_CONF", conf)
	return path
}

// killHelper ends the child of this process that runs a module.
func killHelper(t *testing.T, path string) {
	t.Helper()
	for _, pid := range childrenWith(t, os.Getpid(), path) {
		p, err := os.FindProcess(pid)
		if err == nil {
			p.Kill()
		}
	}
}

// Files that are no module of this system, and OpenSC's pkcs11-spy without its environment (which crashes in
// C_GetFunctionList or refuses, by version).
func TestFilesThatAreNoModules(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	library := file("library.so", nil)
	build := exec.Command("gcc", "-shared", "-fPIC", "-x", "c", "-o", library, "-")
	build.Stdin = strings.NewReader("int nothing;\n")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	ours, err := os.ReadFile(library)
	if err != nil {
		t.Fatal(err)
	}
	narrow, foreign := bytes.Clone(ours[:52]), bytes.Clone(ours) // 52 bytes are the header of a 32-bit library
	narrow[elf.EI_CLASS] = byte(elf.ELFCLASS32)
	binary.LittleEndian.PutUint16(foreign[18:], uint16(elf.EM_S390)) // e_machine
	spy := "/usr/lib/x86_64-linux-gnu/pkcs11-spy.so"
	if _, err := os.Stat(spy); err != nil {
		spy = "/usr/lib/x86_64-linux-gnu/pkcs11/pkcs11-spy.so"
	}
	t.Setenv("PKCS11SPY", "/no/such/module.so")
	os.Unsetenv("PKCS11SPY")
	soft := tokentest.SoftHSM(t)
	paths := map[string]string{
		"text": file("text.so", []byte("this is no library\n")), "empty": file("empty.so", nil), "cut": file("cut.so", ours[:100]),
		"32 bit": file("narrow.so", narrow), "foreign": file("foreign.so", foreign), "no PKCS#11": library,
		"missing": filepath.Join(dir, "missing.so"), "directory": dir, "pkcs11-spy": spy,
	}
	list := []string{soft}
	for _, p := range paths {
		list = append(list, p)
	}
	set := token.NewSet(list, func(path string) token.Module { return token.Helper(path, command(t)) })
	defer set.Close()
	snap := set.Snapshot(t.Context())
	kinds := map[string]token.ModuleState{}
	for _, m := range snap.Modules {
		kinds[m.Path] = m
	}
	if kinds[soft].Kind != "" || len(snap.Readers) == 0 {
		t.Fatalf("the good module: %+v", kinds[soft])
	}
	for name, path := range paths {
		got := kinds[path]
		if got.Kind != token.KindModuleLoad && !(name == "pkcs11-spy" && got.Kind == token.KindModuleCrash) {
			t.Errorf("%s: %+v", name, got)
		}
		t.Logf("%s: %s", name, got.Err)
	}
}
