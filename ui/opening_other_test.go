//go:build !windows

package ui

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Where nothing shows a file, the window says so and where the file is: at once, or when the program that opens files gives up.
func TestNothingShowsTheFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	s := open(t, newFake(t), "tr", "light")
	s.report(s.openFile("/home/ayse/a.pdf"))
	if s.note == nil || s.note.what != s.T("error.no-viewer.what") || !strings.Contains(s.note.do, "/home/ayse/a.pdf") {
		t.Fatalf("without a program: %+v", s.note)
	}
	opener := "xdg-open"
	if runtime.GOOS == "darwin" {
		opener = "open"
	}
	say := func(script string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, opener), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.note = nil
	say("exit 3")
	if err := s.openFile("b.pdf"); err != nil {
		t.Fatal(err)
	}
	s.until("the failure", func() bool { return s.note != nil })
	if s.note.what != s.T("error.no-viewer.what") || !strings.Contains(s.note.do, "b.pdf") {
		t.Errorf("%+v", s.note)
	}
	s.note = nil
	say(`echo "$1" >` + dir + `/asked; exit 0`)
	if err := s.openFile("-c.pdf"); err != nil {
		t.Fatal(err)
	}
	s.until("the program", func() bool {
		asked, _ := os.ReadFile(dir + "/asked")
		s.post(func() {}) // look again
		return strings.HasSuffix(strings.TrimSpace(string(asked)), "/-c.pdf")
	})
	if s.note != nil {
		t.Errorf("it was shown: %+v", s.note)
	}
}
