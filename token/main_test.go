package token_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"rekey/token"
	"rekey/token/tokentest"
)

// TestMain makes the test binary its own helper process. The name of the "module" says what the child does.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "token-helper" {
		if err := token.Serve(loadFake, os.Args[2], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func loadFake(path string) (token.Module, error) {
	f := tokentest.NewFake(path)
	switch filepath.Base(path) {
	case "blank":
		f.AddBlank("Reader")
	case "hang on sign":
		f.AddCard("Reader", "A1", "card", tokentest.PIN)
		f.DoAt("Sign", 1, func() error { select {} })
	case "crash on sign":
		f.AddCard("Reader", "A1", "card", tokentest.PIN)
		f.DoAt("Sign", 1, func() error {
			fmt.Fprintln(os.Stderr, "vendor: internal error 42")
			os.Exit(3)
			return nil
		})
	case "slow login":
		f.AddCard("Reader", "A1", "card", tokentest.PIN)
		f.DoAt("Login", 1, func() error { time.Sleep(2 * time.Second); return nil })
	case "noise":
		fmt.Println("vendor library version 1.0 says hello on stdout")
		var answer string
		if n, err := fmt.Scanln(&answer); err == nil {
			panic(fmt.Sprint("read from stdin: ", n, answer))
		}
		out, err := exec.Command("/bin/echo", "and so does a process that it starts").Output()
		if err != nil {
			panic(err)
		}
		os.Stdout.Write(out)
		f.AddCard("Reader", "A1", "card", tokentest.PIN)
	case "noload":
		return nil, &token.Error{Op: "load module", Kind: token.KindModuleLoad, Err: errors.New("wrong shape")}
	default:
		f.AddCard("Reader", "A1", "card", tokentest.PIN)
	}
	return f, nil
}

func testCommand(t testing.TB) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{self, "token-helper"}
}

func testHelper(t testing.TB, module string) token.Module {
	t.Helper()
	limits := token.Limits{Call: 2 * time.Second, Write: 10 * time.Second, Pad: 10 * time.Second}
	if module == "slow login" {
		limits.Call = 10 * time.Second
	}
	m := token.HelperWithin("/modules/"+module, testCommand(t), limits)
	t.Cleanup(func() { m.Close() })
	return m
}
