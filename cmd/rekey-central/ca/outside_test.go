package ca

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The program that signs outside is this test binary, with OpenSSL in the place of a card: "signer KEYFILE MOOD".
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "signer" {
		if err := signer(os.Args[2], os.Args[3]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func signer(key, mood string) error {
	var q Question
	if err := json.NewDecoder(os.Stdin).Decode(&q); err != nil {
		return err
	}
	if q.Want == WantPublicKey {
		out, err := exec.Command("openssl", "pkey", "-engine", "gost", "-in", key, "-pubout", "-outform", "DER").Output()
		_, _ = os.Stdout.Write(out)
		return err
	}
	args := []string{"pkeyutl", "-engine", "gost", "-sign", "-inkey", key}
	if hash, ok := strings.CutPrefix(q.Hash, "sha-"); ok {
		args = append(args, "-pkeyopt", "digest:sha"+hash)
	}
	switch mood {
	case "refuses":
		return errors.New("the card is away\nand more")
	case "lies":
		q.Digest[0] ^= 1
	case "hangs":
		time.Sleep(time.Minute)
	case "says nothing":
		return nil
	}
	sign := exec.Command("openssl", args...)
	sign.Stdin = bytes.NewReader(q.Digest)
	out, err := sign.Output()
	if mood == "turns" {
		slices.Reverse(out)
	}
	_, _ = os.Stdout.Write(out)
	return err
}

// outsideCommand makes a key with openssl and gives the command that signs with it.
func outsideCommand(t *testing.T, mood string, key ...string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "key.pem")
	openssl(t, append([]string{"genpkey", "-engine", "gost", "-out", file, "-algorithm"}, key...)...)
	return []string{os.Args[0], "signer", file, mood}
}

// withEngine has openssl use the gost engine in commands that have no option for it.
func withEngine(t *testing.T) {
	t.Helper()
	conf := "openssl_conf = a\n[a]\nengines = b\n[b]\ngost = c\n[c]\nengine_id = gost\ndefault_algorithms = ALL\n"
	t.Setenv("OPENSSL_CONF", write(t, []byte(conf)))
}

// An authority whose key is outside certifies keys of all kinds, and openssl takes its certificates and lists.
func TestKeyOutside(t *testing.T) {
	withEngine(t)
	for name, key := range map[string][]string{
		"GOST 256, CryptoPro-A": {"gost2012_256", "-pkeyopt", "paramset:A"}, "GOST 256, tc26-C": {"gost2012_256", "-pkeyopt", "paramset:TCC"},
		"GOST 512, tc26-A": {"gost2012_512", "-pkeyopt", "paramset:A"},
		"RSA":              {"RSA", "-pkeyopt", "rsa_keygen_bits:2048"}, "EC": {"EC", "-pkeyopt", "ec_paramgen_curve:P-256"},
	} {
		dir := t.TempDir()
		if _, err := InitOutside(dir, outsideCommand(t, "", key...)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(dir, folder, keyFile)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: a key in a file: %v", name, err)
		}
		if _, err := InitOutside(dir, []string{"other"}); KindOf(err) != KindExists {
			t.Errorf("%s: a second time: %v", name, err)
		}
		a, err := OpenOrInit(dir)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		root, list := filepath.Join(dir, folder, certFile), filepath.Join(dir, "list.pem")
		if said := openssl(t, "verify", "-x509_strict", "-check_ss_sig", "-CAfile", root, root); !strings.Contains(said, ": OK") {
			t.Errorf("%s: %s", name, said)
		}
		der, err := a.CRL(time.Now())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if said := openssl(t, "crl", "-inform", "DER", "-in", write(t, der), "-CAfile", root, "-out", list); !strings.Contains(said, "verify OK") {
			t.Errorf("%s: %s", name, said)
		}
		for _, holder := range [][]string{ecKey, {"gost2012_256", "-pkeyopt", "paramset:XA"}, {"gost2012_512", "-pkeyopt", "paramset:B"}} {
			made, err := a.Certify(Order{Request: request(t, "ru", holder...), Profile: "ru-head", CRL: listAddress})
			if err != nil {
				t.Fatalf("%s for %s: %v", name, holder[0], err)
			}
			if said := openssl(t, "verify", "-x509_strict", "-CAfile", root, "-crl_check", "-CRLfile", list, write(t, made)); !strings.Contains(said, ": OK") {
				t.Errorf("%s for %s: %s", name, holder[0], said)
			}
		}
	}
}

// A signer that fails is told by its own word, and what it signed wrongly is not handed out.
func TestSignerOutsideFails(t *testing.T) {
	table := []struct{ mood, want string }{
		{"refuses", "the card is away"}, {"lies", "does not belong"}, {"turns", "another order of bytes: r before s, numbers little endian"}, {"says nothing", "no sensible length"},
	}
	for _, c := range table {
		command := outsideCommand(t, c.mood, "gost2012_256", "-pkeyopt", "paramset:A")
		dir := t.TempDir()
		if _, err := InitOutside(dir, command); KindOf(err) != KindSigner || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "and more") {
			t.Errorf("%s: %v", c.mood, err)
		}
		command[3] = ""
		if _, err := InitOutside(dir, command); err != nil { // nothing was left in the way
			t.Fatal(err)
		}
		bad, err := json.Marshal(append(command[:3:3], c.mood))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, folder, signerFile), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if made, err := a.Certify(Order{Request: request(t, "ru", ecKey...), Profile: "ru-head", CRL: listAddress}); made != nil || KindOf(err) != KindSigner {
			t.Errorf("%s: %v", c.mood, err)
		}
		if list, err := a.CRL(time.Now()); list != nil || KindOf(err) != KindSigner {
			t.Errorf("%s: %v", c.mood, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	command := outsideCommand(t, "hangs", "gost2012_256", "-pkeyopt", "paramset:A")
	if _, err := outside(command).ask(ctx, Question{Want: WantSignature, Digest: make([]byte, 32)}); err == nil || !strings.Contains(err.Error(), "in time") {
		t.Error(err)
	}
	for _, command := range [][]string{nil, {""}, {"no-such-program-anywhere"}} {
		if _, err := InitOutside(t.TempDir(), command); KindOf(err) != KindProfile {
			t.Errorf("%q: %v", command, err)
		}
	}
}
