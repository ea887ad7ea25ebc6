//go:build !windows

package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rekey/app"
)

// What the printing commands of the system say, and what that means here.
func TestPrintingCommands(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	say := func(program, script string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, program), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := systemPrinter(); app.KindOf(err) != noPrinting {
		t.Errorf("without lp: %v", err)
	}
	if printed, err := systemPrint("a.pdf", 2); printed || err != nil {
		t.Errorf("without lp: %v, %v", printed, err)
	}
	say("lp", `echo "$*" >>`+dir+`/said`)
	if name, err := systemPrinter(); name != "" || err != nil {
		t.Errorf("without lpstat: %q, %v", name, err)
	}
	for said, want := range map[string]app.Kind{
		"system default destination: hp": "", "no system default destination": noPrinter,
		`lpstat: error - PRINTER environment variable names non-existent destination "hp".`: noPrinter,
	} {
		say("lpstat", "echo '"+said+"'")
		name, err := systemPrinter()
		if want == "" && (name != "hp" || err != nil) || want != "" && app.KindOf(err) != want {
			t.Errorf("%s: %q, %v", said, name, err)
		}
	}
	if printed, err := systemPrint("-n9.pdf", 2); !printed || err != nil {
		t.Errorf("%v, %v", printed, err)
	}
	if said, _ := os.ReadFile(dir + "/said"); string(said) != "-n 1 -t Rekey -o sides=one-sided -- -n9.pdf\n" {
		t.Errorf("lp was given %q", said)
	}
	say("lpstat", `echo "hp-1 ayse 1024"; echo "hp-2 ayse 1024"`)
	if n := systemWaiting(t.Context(), "hp"); n != 2 {
		t.Errorf("%d wait, want 2", n)
	}
	say("lp", "echo 'lp: Too many active jobs.' >&2; exit 1")
	if _, err := systemPrint("a.pdf", 1); app.KindOf(err) != printRefused || !strings.Contains(err.Error(), "Too many active jobs") {
		t.Errorf("%v", err)
	}
}
