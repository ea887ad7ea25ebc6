package main_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rekey/cmd/rekey-demo/stage"
)

// small mounts a disk of so many kB.
func small(t *testing.T, kB string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+kB+"k,mode=0700"); err != nil {
		t.Fatalf("a small tmpfs is needed for this test (run as root): %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	return dir
}

func TestFullDiskForTheDocuments(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	r := w.must(1, w.person.PIN+"\n", w.renew(small(t, "64"))...)
	if !strings.Contains(r.err, "The disk is full.") {
		t.Errorf("says %s", r.err)
	}
	id := w.oneCase().ID // it went out all the same
	out := filepath.Join(w.dir, "out")
	w.must(0, "", "renew", "--case", id, "--out", out)
	judge(t, "Signature is Valid", "pdfsig", "-nocert", filepath.Join(out, "application-signed.pdf"))
}

func TestFullDiskForTheStore(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	real := w.dir
	for _, kB := range []string{"64", "160"} {
		w.dir = small(t, kB)
		r := w.rekey(w.person.PIN+"\n", w.renew(filepath.Join(real, "out"))...)
		if r.status != 1 || !strings.Contains(r.err, "The disk is full.") {
			t.Errorf("%s kB: exit status %d: %s", kB, r.status, r.err)
		}
		if err := syscall.Mount("tmpfs", w.dir, "tmpfs", syscall.MS_REMOUNT, "size=8m"); err != nil {
			t.Fatal(err)
		}
		args := w.renew(filepath.Join(real, "out"))
		if list := decode[[]struct{ ID string }](t, w.must(0, "", "cases", "--json").out); len(list) == 1 {
			args = []string{"renew", "--case", list[0].ID}
		}
		w.must(0, w.person.PIN+"\n", args...)
	}
}
