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

// Watching three modules is to cost at most 0.5 % of a core, this process and the children together. That is measured and
// logged; it fails only well above, because a busy machine charges more for the same work. OpenSC with pcscd's library is
// apart: there one C_GetSlotInfo alone takes 1 to 2 ms of processor time for each reader.
func TestCostOfWatching(t *testing.T) {
	tokentest.NewPCSC(t) // with two empty readers: a card would be played by this process, which pcscd asks all the time
	soft, tpm := tokentest.SoftHSM(t), tokentest.TPM2(t)
	set := token.NewSet([]string{tokentest.OpenSC(t), soft, tpm}, func(path string) token.Module { return token.Helper(path, command(t)) })
	defer set.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	changed := make(chan token.Snapshot, 100)
	go set.Watch(ctx, time.Second, func(s token.Snapshot) { changed <- s })
	<-changed
	time.Sleep(2 * time.Second) // the rest begins
	const span = 4 * time.Second
	opensc := tokentest.OpenSC(t)
	all, its := processorTime(t, "", ""), processorTime(t, opensc, "")
	rest := processorTime(t, "", opensc)
	time.Sleep(span)
	percent := func(before, now time.Duration) float64 { return float64(now-before) / float64(span) }
	share := percent(rest, processorTime(t, "", opensc))
	t.Logf("all %.2f %%, without OpenSC's child %.2f %%, OpenSC's child %.2f %% of a core",
		100*percent(all, processorTime(t, "", "")), 100*share, 100*percent(its, processorTime(t, opensc, "")))
	if share > 0.02 {
		t.Errorf("watching takes %.2f %% of a core", 100*share)
	}
}

// processorTime is what this process and its children have used so far (/proc/PID/task/TID/schedstat); only the one with
// this argument, or all but the one.
func processorTime(t *testing.T, only, without string) (sum time.Duration) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it has ended
		}
		pid := filepath.Base(filepath.Dir(stat))
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		helper := fields[1] == strconv.Itoa(os.Getpid()) && strings.Contains(string(text), filepath.Base(os.Args[0])[:10])
		if pid != fmt.Sprint(os.Getpid()) && !helper {
			continue
		}
		line, err := os.ReadFile(filepath.Join("/proc", pid, "cmdline"))
		if err != nil || only != "" && !strings.Contains(string(line), only) || without != "" && strings.Contains(string(line), without) {
			continue
		}
		tasks, err := filepath.Glob(filepath.Join("/proc", pid, "task/*/schedstat"))
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range tasks {
			text, err := os.ReadFile(task)
			if err != nil {
				continue
			}
			n, err := strconv.ParseInt(strings.Fields(string(text))[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			sum += time.Duration(n)
		}
	}
	return sum
}
