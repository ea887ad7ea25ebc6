package ui

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows/registry"
)

// printed, in the environment, is the file in which this program notes what it is asked to print: it plays the reader of PDF files.
const printed = "REKEY_TEST_PRINTED"

func init() {
	file := os.Getenv(printed)
	if file == "" || len(os.Args) != 3 || os.Args[1] != "print" {
		return
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		os.Exit(1)
	}
	_, err = f.WriteString(os.Args[2] + "\n")
	if f.Close() != nil || err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// The shell is asked once, also for two copies, since the file holds both, with the whole path whatever letters it has; a kind of file that nobody prints is said
// to be one, and is no error.
func TestShellPrints(t *testing.T) {
	set := func(root registry.Key, key, value string) error {
		k, _, err := registry.CreateKey(root, key, registry.SET_VALUE)
		if err != nil {
			return err
		}
		defer k.Close()
		return k.SetStringValue("", value)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{`.rekeytest`, `Rekey.Test`, `Rekey.Test\shell`, `Rekey.Test\shell\print`, `Rekey.Test\shell\print\command`}
	// A person's own classes are enough for Windows; Wine 8 looks only at those of the machine, which a person may not change elsewhere.
	for root, path := range map[registry.Key]string{registry.CURRENT_USER: `Software\Classes\`, registry.CLASSES_ROOT: ""} {
		err := errors.Join(set(root, path+keys[0], "Rekey.Test"), set(root, path+keys[4], `"`+program+`" print "%1"`))
		if err != nil && root == registry.CURRENT_USER {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			for _, key := range slices.Backward(keys) {
				_ = registry.DeleteKey(root, path+key)
			}
		})
	}
	dir, err := os.MkdirTemp("", "rekey-print-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // the programs may still have files open
	list := filepath.Join(dir, "printed")
	t.Setenv(printed, list)
	form := filepath.Join(dir, "Ayşe Gül, заявка.rekeytest")
	if err := os.WriteFile(form, []byte("a form"), 0o600); err != nil {
		t.Fatal(err)
	}
	if ok, err := systemPrint(form, 2); !ok || err != nil {
		t.Fatal(ok, err)
	}
	want := []string{form}
	var got []string
	for range 100 { // the shell does not wait for the programs
		if data, err := os.ReadFile(list); err == nil {
			got = strings.Split(strings.TrimSpace(string(data)), "\n")
		}
		if len(got) == len(want) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if !slices.Equal(got, want) {
		t.Errorf("printed %q, want %q", got, want)
	}

	unknown := filepath.Join(dir, "form.nobody-prints-this")
	if err := os.WriteFile(unknown, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if ok, err := systemPrint(unknown, 1); ok || err != nil {
		t.Errorf("a kind of file that nobody prints: %v, %v", ok, err)
	}
	if ok, err := systemPrint(filepath.Join(dir, "gone.rekeytest"), 1); ok || err == nil {
		t.Errorf("a file that is not there: %v, %v", ok, err)
	}
}
