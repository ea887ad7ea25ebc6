package attorney

import (
	"bytes"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// detached signs the sample with openssl, as a signature program would.
func detached(t *testing.T, engine bool, subject string) []byte {
	t.Helper()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	config := "[req]\ndistinguished_name = dn\nprompt = no\nutf8 = yes\nstring_mask = utf8only\n[dn]\n" + subject
	if err := os.WriteFile(path("req.cnf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	key := []string{"-newkey", "rsa:2048"}
	var with []string
	if engine {
		key, with = []string{"-newkey", "gost2012_256", "-pkeyopt", "paramset:A"}, []string{"-engine", "gost"}
	}
	run := func(args ...string) {
		t.Helper()
		if said, err := exec.Command("openssl", args...).CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, said)
		}
	}
	run(slices.Concat([]string{"req"}, with, []string{"-x509"}, key, []string{"-nodes", "-days", "2", "-config", path("req.cnf"), "-keyout", path("key"), "-out", path("cert")})...)
	run(slices.Concat([]string{"cms", "-sign"}, with, []string{"-binary", "-in", filepath.Join("testdata", sample), "-signer", path("cert"), "-inkey", path("key"), "-outform", "DER", "-out", path("sig")})...)
	der, err := os.ReadFile(path("sig"))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

const (
	headSubject  = "CN = Щукина Шарлотта Ивановна\nSN = Щукина\nSNILS = 11223344595\n"
	noSNILS      = "CN = Щукина Шарлотта Ивановна\nSN = Щукина\n"
	otherSubject = "CN = Ёлкин Пётр Ильич\nSN = Ёлкин\nSNILS = 00000000100\n"
)

func TestDetachedSignature(t *testing.T) {
	file := load(t)
	for _, c := range []struct {
		what    string
		engine  bool
		subject string
		file    string
		signer  string
		result  string
		good    bool
	}{
		{"GOST", true, headSubject, file, "attorney.signer.snils", "attorney.signature.gost-right", true},
		{"GOST of somebody else", true, otherSubject, file, "attorney.signer.other", "attorney.signature.gost-right", false},
		{"GOST, changed file", true, headSubject, file + "\n", "attorney.signer.snils", "attorney.signature.wrong", false},
		{"RSA", false, headSubject, file, "attorney.signer.snils", "attorney.signature.not-gost", true},
		{"surname only", false, noSNILS, file, "attorney.signer.surname", "attorney.signature.not-gost", true},
		{"changed file", false, headSubject, file + "\n", "attorney.signer.snils", "attorney.signature.wrong", false},
		{"no names", false, "CN = x\n", file, "attorney.signer.not-compared", "attorney.signature.not-gost", true},
	} {
		f := facts()
		f.File, f.Signature = []byte(c.file), detached(t, c.engine, c.subject)
		got := Check(parse(t, file), f)
		all := ids(got)
		if i := slices.Index(all, c.signer); i < 0 || all[i+1] != c.result || Good(got) != c.good {
			t.Errorf("%s: %v", c.what, all)
		}
	}
}

func TestSignatureInBase64(t *testing.T) {
	f := facts()
	f.File = []byte(load(t))
	f.Signature = []byte(base64.StdEncoding.EncodeToString(detached(t, false, headSubject)) + "\n")
	if all := ids(Check(parse(t, load(t)), f)); !slices.Contains(all, "attorney.signature.not-gost") {
		t.Error(all)
	}
}

// A signature with the combined identifier of GOST R 34.10-2001 is never called good: Rekey cannot verify such ones.
func TestOldGOSTIsNotVerified(t *testing.T) {
	f := facts()
	f.File = []byte(load(t))
	der := detached(t, true, headSubject)
	old := []byte{0x06, 0x06, 0x2a, 0x85, 0x03, 0x02, 0x02, 0x03} // id-GostR3411-94-with-GostR3410-2001
	for _, now := range [][]byte{{0x06, 0x08, 0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x01, 0x01}} {
		at := bytes.LastIndex(der, now)
		if at < 0 {
			t.Fatal("no identifier of the signature")
		}
		copy(der[at+2:], append(old[2:], 0x2a, 0x03)) // as long as the other
	}
	f.Signature = der
	if all := ids(Check(parse(t, load(t)), f)); !slices.Contains(all, "attorney.signature.gost") {
		t.Error(all)
	}
}
