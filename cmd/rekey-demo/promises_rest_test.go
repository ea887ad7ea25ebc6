//go:build promises && linux

package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestPromiseAtRest: a window that nobody touches, with a card and an office, takes, with all its children, at most 2 % of a core and 40 MB
// over a bare window of the same toolkit.
func TestPromiseAtRest(t *testing.T) {
	full, bare := windows(t)
	theirs, ours := atRest(t, bare), atRest(t, full...)
	verdict(t, ours.core-theirs.core <= 0.02, "at rest: Rekey %.2f %% of a core, bare window %.2f %%, %.2f over it (at most 2)",
		100*ours.core, 100*theirs.core, 100*(ours.core-theirs.core))
	verdict(t, ours.memory-theirs.memory <= 40<<20, "at rest: Rekey %.0f MB, bare window %.0f MB, %.0f MB over it (at most 40)",
		mb(ours.memory), mb(theirs.memory), mb(ours.memory-theirs.memory))
}

func mb(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// rest is what a program takes with all its children: the part of a core, and bytes of memory, where shared pages count by their share.
type rest struct {
	core   float64
	memory int64
}

// atRest starts a program on a screen of its own, lets it settle, and watches it for half a minute.
func atRest(t *testing.T, command ...string) rest {
	t.Helper()
	dir := t.TempDir()
	s, err := bareScreen("-fbdir", dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(s.env(), "HOME="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	for frame, end := filepath.Join(dir, "Xvfb_screen0"), time.Now().Add(30*time.Second); !lit(t, frame); {
		if time.Now().After(end) {
			t.Fatalf("%s showed nothing", command[0])
		}
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(15 * time.Second)
	began, before := time.Now(), ticks(t, cmd.Process.Pid)
	time.Sleep(30 * time.Second)
	used := ticks(t, cmd.Process.Pid) - before
	r := rest{core: float64(used) / ticksPerSecond / time.Since(began).Seconds()}
	for _, pid := range family(t, cmd.Process.Pid) {
		r.memory += shareOf(t, pid)
	}
	return r
}

const ticksPerSecond = 100 // USER_HZ of Linux on all its architectures that Rekey is built for

// family is a process and all that came from it.
func family(t *testing.T, pid int) []int {
	t.Helper()
	all := []int{pid}
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range lists {
		data, err := os.ReadFile(list)
		if err != nil {
			continue // the thread has ended
		}
		for _, word := range strings.Fields(string(data)) {
			if child, err := strconv.Atoi(word); err == nil {
				all = append(all, family(t, child)...)
			}
		}
	}
	return all
}

// ticks is the processor time of the family, in ticks (proc(5): fields 14 and 15 of stat, counted behind the name in brackets).
func ticks(t *testing.T, pid int) (sum int) {
	t.Helper()
	for _, p := range family(t, pid) {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p))
		if err != nil {
			continue
		}
		fields := strings.Fields(string(data)[strings.LastIndexByte(string(data), ')')+1:])
		for _, field := range fields[11:13] {
			n, err := strconv.Atoi(field)
			if err != nil {
				t.Fatal(err)
			}
			sum += n
		}
	}
	return sum
}

// shareOf reads Pss of smaps_rollup, in bytes.
func shareOf(t *testing.T, pid int) int64 {
	t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) > 1 && fields[0] == "Pss:" {
			n, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n << 10
		}
	}
	t.Fatal("smaps_rollup without Pss")
	return 0
}
