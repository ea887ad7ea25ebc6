package crash

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestCrashIsKept crashes a child of this test and looks whether the next start finds what it wrote.
func TestCrashIsKept(t *testing.T) {
	if dir := os.Getenv("REKEY_CRASH_DIR"); dir != "" {
		if _, err := Record(dir); err != nil {
			t.Fatal(err)
		}
		done := make(chan bool)
		go func() { panic("the reader is on fire") }() // no recover catches it
		<-done
	}
	dir := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run", "TestCrashIsKept")
	child.Env = append(os.Environ(), "REKEY_CRASH_DIR="+dir)
	if out, err := child.CombinedOutput(); err == nil {
		t.Fatalf("the child did not crash:\n%s", out)
	}
	for range 2 { // it stays until somebody removes it
		last, err := Record(dir)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(last)
		if err != nil || !strings.Contains(string(text), "the reader is on fire") {
			t.Errorf("%v: %s", err, text)
		}
	}
}
