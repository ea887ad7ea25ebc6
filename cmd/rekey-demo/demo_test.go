package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The main job as a test: both renewals through the real window, judged by run itself with programs that are not ours.
func TestDemonstrationThroughTheWindow(t *testing.T) {
	bin := os.Getenv("REKEY_BIN")
	if bin == "" {
		bin = t.TempDir()
		build := exec.Command("go", "build", "-trimpath", "-tags", "x11,gles,migrated_fynedo", "-o", bin+"/", "../rekey", "../rekey-central")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build: %v\n%s", err, out)
		}
	}
	t.Setenv("SOFTHSM2_CONF", "") // restored after the test
	dir := filepath.Join(t.TempDir(), "demo")
	if err := run(t.Context(), dir, bin, true); err != nil {
		t.Fatal(err)
	}
	pictures, err := filepath.Glob(filepath.Join(dir, "out", "*.png"))
	if err != nil || len(pictures) < 20 {
		t.Errorf("%d pictures of the window, %v", len(pictures), err)
	}
}
