package pkcs11

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"rekey/token"
	"rekey/token/tokentest"
)

// Watching three modules takes at most 0.5 % of a core at rest: this process and all the children together, OpenSC's too, which
// needs 1 to 2 ms of processor time for each look at a reader with pcscd's library. `make bench` holds it to that; in the ordinary
// tests it only has to stay well below what a busy loop takes, because a busy machine charges more for the same work.
func TestCostOfWatching(t *testing.T) {
	tokentest.NewPCSC(t) // with two empty readers: a card would be played by this process, which pcscd asks all the time
	paths := []string{tokentest.OpenSC(t), tokentest.SoftHSM(t), tokentest.TPM2(t)}
	set := token.NewSet(paths, func(path string) token.Module { return token.Helper(path, command(t)) })
	defer set.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	changed := make(chan token.Snapshot, 100)
	go set.Watch(ctx, time.Second, func(s token.Snapshot) { changed <- s })
	<-changed
	settle, span, most := 3500*time.Millisecond, 1500*time.Millisecond, 2.0
	if os.Getenv("REKEY_BENCH") != "" {
		span, most = 20*time.Second, 0.5 // more than one round of the looks that are seldom
	}
	time.Sleep(settle) // the rest begins
	pids := map[string]int{"Rekey": os.Getpid()}
	for _, path := range paths {
		own := childrenWith(t, os.Getpid(), path)
		if len(own) != 1 {
			t.Fatalf("%d children for %s", len(own), path)
		}
		pids[filepath.Base(path)] = own[0]
	}
	before := map[string]time.Duration{}
	for name, pid := range pids {
		before[name] = processorTime(t, pid)
	}
	time.Sleep(span)
	sum := 0.0
	for name, pid := range pids {
		share := 100 * float64(processorTime(t, pid)-before[name]) / float64(span)
		t.Logf("%s: %.2f %% of a core", name, share)
		sum += share
	}
	t.Logf("together: %.2f %% (at most 0.5)", sum)
	if sum > most {
		t.Errorf("watching takes %.2f %% of a core", sum)
	}
}

// processorTime is what a process has used so far (/proc/PID/task/TID/schedstat).
func processorTime(t *testing.T, pid int) (sum time.Duration) {
	t.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(tasks) == 0 {
		t.Fatal(pid, err)
	}
	for _, task := range tasks {
		text, err := os.ReadFile(task)
		if err != nil {
			continue // the thread has ended
		}
		n, err := strconv.ParseInt(strings.Fields(string(text))[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += time.Duration(n)
	}
	return sum
}
