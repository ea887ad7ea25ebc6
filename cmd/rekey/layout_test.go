package main_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// deps gives every package that pattern needs, by import path.
func deps(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-tags", "x11,gles,migrated_fynedo"}, args...)...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	return strings.Fields(string(out))
}

// none fails when one of the packages begins with one of the prefixes.
func none(t *testing.T, who string, packages []string, prefixes ...string) {
	t.Helper()
	for _, p := range packages {
		for _, prefix := range prefixes {
			if p == prefix || strings.HasPrefix(p, prefix+"/") {
				t.Errorf("%s must not need %s", who, p)
			}
		}
	}
}

const (
	fyne   = "fyne.io/fyne/v2"
	driver = "rekey/token/pkcs11"
	miekg  = "github.com/miekg/pkcs11"
)

func TestArrowsOfTheArchitecture(t *testing.T) {
	none(t, "token", deps(t, "-deps", "./token"), "rekey/store", "rekey/app", "rekey/ui", "rekey/cmd", driver, miekg, fyne)
	none(t, "token/pkcs11", deps(t, "-deps", "./token/pkcs11"), "rekey/store", "rekey/app", "rekey/ui", "rekey/cmd", fyne)
	none(t, "store", deps(t, "-deps", "./store"), "rekey/token", "rekey/app", "rekey/ui", "rekey/cmd", miekg, fyne)
	none(t, "app", deps(t, "-deps", "./app/..."), "rekey/ui", "rekey/cmd", driver, miekg, fyne)
	none(t, "app/cases", deps(t, "-deps", "./app/cases"), "rekey/store", "rekey/token")
	none(t, "ui", deps(t, "-deps", "./ui/..."), "rekey/cmd", driver, miekg)
	none(t, "cmd/rekey", deps(t, "-deps", "./cmd/rekey"), "rekey/cmd/rekey-central", "rekey/cmd/rekey-demo")
	none(t, "cmd/rekey-central", deps(t, "-deps", "./cmd/rekey-central/..."), "rekey/ui", "rekey/store", "rekey/token", driver, miekg, fyne)
	none(t, "assets", deps(t, "-deps", "./assets"), "rekey/app", "rekey/token", "rekey/store", "rekey/ui")
}

// Only token/pkcs11 and Fyne may need a C compiler.
func TestNoCOutsideTheDriverAndTheWindow(t *testing.T) {
	cmd := exec.Command("go", "build", "./app/...", "./store/...", "./token", "./cmd/rekey-central/...")
	cmd.Dir = "../.."
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0", "CC=/no/compiler")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("without cgo: %v\n%s", err, out)
	}
}

func TestOnlyTheKnownPackagesUseTheDriverAndFyne(t *testing.T) {
	for _, line := range strings.Split(strings.Join(deps(t, "-f", `{{.ImportPath}}={{join .Imports ","}}`, "./..."), "\n"), "\n") {
		who, list, _ := strings.Cut(line, "=")
		imports := strings.Split(list, ",")
		if slices.Contains(imports, driver) && who != "rekey/cmd/rekey" {
			t.Errorf("%s imports the PKCS#11 driver", who)
		}
		if slices.Contains(imports, miekg) && who != driver {
			t.Errorf("%s imports miekg/pkcs11", who)
		}
		for _, i := range imports {
			if strings.HasPrefix(i, fyne) && who != "rekey/ui" && !strings.HasPrefix(who, "rekey/ui/") && who != "rekey/cmd/rekey" {
				t.Errorf("%s imports Fyne", who)
			}
		}
	}
}

func TestTheRootHoldsOnlyWhatBelongsThere(t *testing.T) {
	allowed := []string{".ci", ".gitignore", "FyneApp.toml", "LICENSE", "Makefile", "README.md", "app", "assets", "cmd", "go.mod", "go.sum", "store", "token", "ui"}
	cmd := exec.Command("git", "ls-files")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range strings.Fields(string(out)) {
		if top, _, _ := strings.Cut(filepath.ToSlash(file), "/"); !slices.Contains(allowed, top) {
			t.Errorf("%s does not belong in the root", top)
		}
	}
}
