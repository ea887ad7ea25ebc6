//go:build promises

package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"rekey/cmd/rekey-demo/stage"
)

// What "make bench" measures. Each promise compares two things in one run, sample by sample in turn, and judges by the
// medians, so that a slow machine slows both.

// median of some durations.
func median(all []time.Duration) time.Duration {
	all = slices.Clone(all)
	slices.Sort(all)
	return all[len(all)/2]
}

// verdict prints a line of the table and fails when the promise is not kept.
func verdict(t *testing.T, kept bool, format string, args ...any) {
	t.Helper()
	word := "kept"
	if !kept {
		word = "NOT KEPT"
		t.Fail()
	}
	fmt.Printf("promise %-8s "+format+"\n", append([]any{word}, args...)...)
}

// windows gives the command of Rekey's window with a card and an office, and that of a bare window of the same toolkit.
func windows(t *testing.T) (full []string, bare string) {
	t.Helper()
	dir := t.TempDir()
	bare = filepath.Join(dir, "bare")
	if out, err := exec.Command("go", "build", "-trimpath", "-tags", "x11,gles,migrated_fynedo", "-o", bare, "../../ui/window/testdata/bare").CombinedOutput(); err != nil {
		t.Fatalf("build the bare window: %v\n%s", err, out)
	}
	t.Setenv("SOFTHSM2_CONF", "")
	office := stage.NewOffice(os.Getenv("REKEY_BIN"), filepath.Join(dir, "central"))
	if err := office.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(office.Stop)
	rekey := filepath.Join(os.Getenv("REKEY_BIN"), "rekey")
	card, err := stage.MakeCard(t.Context(), rekey, filepath.Join(dir, "card"), stage.Doctor(), office)
	if err != nil {
		t.Fatal(err)
	}
	return []string{rekey, "--store", filepath.Join(dir, "store"), "--central", office.URL, "--module", card.Module, "--lang", "tr"}, bare
}

// TestPromiseFirstFrame: from the start of the program to the first picture in its window, at most 1.3 times a bare window of the
// same toolkit.
func TestPromiseFirstFrame(t *testing.T) {
	full, bare := windows(t)
	var ours, theirs []time.Duration
	for range 7 {
		theirs = append(theirs, firstFrame(t, bare))
		ours = append(ours, firstFrame(t, full...))
	}
	a, b := median(ours), median(theirs)
	verdict(t, float64(a) <= 1.3*float64(b), "first frame: Rekey %.0f ms, bare window %.0f ms, %.2f times (at most 1.3)", ms(a), ms(b), float64(a)/float64(b))
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// firstFrame starts the program on an Xvfb of its own whose picture lies in a file, and waits for the first pixel.
func firstFrame(t *testing.T, command ...string) time.Duration {
	t.Helper()
	dir := t.TempDir()
	s, err := bareScreen("-fbdir", dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(s.env(), "HOME="+dir)
	frame := filepath.Join(dir, "Xvfb_screen0")
	for lit(t, frame) { // the server may begin with a picture of its own
		if ctx.Err() != nil {
			t.Fatal("the screen was never dark")
		}
		time.Sleep(time.Millisecond)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	for ctx.Err() == nil {
		if lit(t, frame) {
			return time.Since(began)
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("%s showed nothing", command[0])
	return 0
}

// lit says whether the middle of the screen shows anything but black. The file is an XWD dump: its header begins with its
// own length and, behind the header, the colour map of 12 bytes an entry (ncolors is word 19).
func lit(t *testing.T, path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var head [100]byte
	if _, err := f.ReadAt(head[:], 0); err != nil {
		return false
	}
	word := func(i int) int64 { return int64(binary.BigEndian.Uint32(head[4*i:])) }
	stride, height := word(12), word(5)
	row := make([]byte, stride)
	if _, err := f.ReadAt(row, word(0)+12*word(19)+stride*(height/2)); err != nil {
		return false
	}
	return len(bytes.Trim(row[stride/3:2*stride/3], "\x00")) > 0
}
