package main

import (
	"path/filepath"
	"testing"
)

// The main job as a test: both renewals through the real window, judged by run itself with programs that are not ours.
func TestDemonstrationThroughTheWindow(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	if err := run(t.Context(), dir, programs(t), true); err != nil {
		t.Fatal(err)
	}
	pictures, err := filepath.Glob(filepath.Join(dir, "out", "*.png"))
	if err != nil || len(pictures) < 20 {
		t.Errorf("%d pictures of the window, %v", len(pictures), err)
	}
}
