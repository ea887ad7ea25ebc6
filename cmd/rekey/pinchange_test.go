package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rekey/cmd/rekey-demo/stage"
)

func TestPINIsChangedOnce(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	w.must(4, "000000\n999999\n", "pin", "change")
	w.must(4, w.person.PIN+"\n1\n", "pin", "change") // too short: never reaches the card
	w.must(0, w.person.PIN+"\n975310\n", "pin", "change", "--card", w.card.Serial)
	judge(t, "Private Key Object", "pkcs11-tool", "--module", w.card.Module, "-O", "-l", "--pin", "975310")
	w.must(4, w.person.PIN+"\n", "choose", w.card.Fingerprint)
	w.must(0, "975310\n", "choose", w.card.Fingerprint)
	w.must(3, "1\n2\n", "pin", "change", "--card", "nobody")
}

// A module that the user has added is used while its file is the same, and named when it is not.
func TestAnAddedModuleIsWatched(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	dir, err := os.MkdirTemp("/opt", "rekey-test") // a folder that only its owner may write to, as for drivers
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	module := filepath.Join(dir, "vendor.so")
	data, err := os.ReadFile(w.card.Module)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(module, data, 0o755); err != nil {
		t.Fatal(err)
	}
	w.card.Module = "" // the search, not the flag
	w.must(0, "", "modules", "add", module)
	if r := w.must(0, "", "readers"); !strings.Contains(r.out, module) {
		t.Errorf("the added module is not used:\n%s", r.out)
	}
	if err := os.WriteFile(module, append(data, 0), 0o755); err != nil {
		t.Fatal(err)
	}
	if r := w.must(0, "", "readers"); !strings.Contains(r.out, "changed since it was added") {
		t.Errorf("the change is not told:\n%s", r.out)
	}
	w.must(0, "", "modules", "remove", module)
	w.must(1, "", "modules", "remove", module)
}
