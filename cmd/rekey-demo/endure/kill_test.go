package endure

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"rekey/cmd/rekey-central/data/datatest"
)

// rounds is a run in which client and server are killed again and again.
type rounds struct {
	t        *testing.T
	r        *rand.Rand
	server   *server
	job      job
	client   *process
	cases    int           // all that are handed in
	limit    int           // the client may work on so many
	done     int           // so many are done, it says
	wanted   int           // kills
	span     time.Duration // within which a kill falls
	kills    map[string]int
	moments  map[moment]int
	approved map[string]bool
}

func killRounds(t *testing.T, s *server, cases, kills int) {
	r, seed := dice(t)
	k := &rounds{t: t, r: r, server: s, cases: cases, job: job{Dir: filepath.Join(t.TempDir(), "client"), Central: s.url, Seed: seed},
		wanted: kills, span: 50 * time.Millisecond, kills: map[string]int{}, moments: map[moment]int{}, approved: map[string]bool{}}
	defer func() {
		if k.client != nil {
			k.client.kill()
		}
	}()
	for k.all() < kills || k.all() < 2*kills && k.limit < cases && k.missed() != "" {
		k.round()
	}
	k.finish()
	t.Logf("%d kills of the client, %d of the server, %d rounds of both; they fell within about %v", k.kills["client"], k.kills["server"], k.kills["both"], k.span.Round(time.Millisecond))
	for _, m := range []moment{before, uploading, between, unknown, addition, quiet} {
		t.Logf("%4d %s", k.moments[m], m)
	}
	if k.kills["client"] < kills/3 || k.kills["server"] < kills/3 || k.all() < kills {
		t.Errorf("%v: these are too few", k.kills)
	}
	if m := k.missed(); m != "" {
		t.Errorf("no kill fell %s", m)
	}
}

func (k *rounds) all() int { return k.kills["client"] + k.kills["server"] }

// missed is one of the moments that matter into which no kill fell, "" when there is none.
func (k *rounds) missed() moment {
	for _, m := range []moment{before, uploading, unknown} {
		if k.moments[m] == 0 && k.wanted >= 200 { // fewer may miss one by chance
			return m
		}
	}
	return ""
}

// hears follows what the client tells until the time is over, or, with a negative time, until what is told.
func (k *rounds) hears(wait time.Duration, what string) (heard bool) {
	k.t.Helper()
	over := time.After(cmp.Or(max(0, wait), 2*time.Minute))
	for {
		select {
		case line, open := <-k.client.lines:
			if why, bad := strings.CutPrefix(line, "fatal "); bad || !open {
				k.t.Fatalf("the client ended: %s\nthe server said:\n%.3000s", why, k.server.log.String())
			}
			if n, ok := strings.CutPrefix(line, "done "); ok {
				k.done, _ = strconv.Atoi(n)
			}
			if line == what {
				return true
			}
		case <-over:
			if wait < 0 {
				k.t.Fatalf("the client never says %q", what)
			}
			return false
		}
	}
}

// round lets the client work on one case more, at times, and kills client, server or both at a random moment of the work.
func (k *rounds) round() {
	fresh := k.client == nil
	if k.done == k.limit {
		k.limit = min(k.cases, k.limit+1)
	}
	if fresh {
		k.job.Skew += 24 * time.Hour // what must wait by the clock waits no longer
		k.client = startClient(k.t, k.job)
	}
	fmt.Fprintln(k.client.in, k.limit)
	if fresh && k.r.IntN(8) > 0 { // else the start is a part of the working time
		k.hears(-1, "open")
	}
	within := k.span
	if k.r.IntN(2) > 0 && k.done < k.limit && k.hears(2*k.span, "sending") { // half of the kills fall while it talks to the office
		within /= 3
	}
	for end := time.Now().Add(time.Duration(k.r.Int64N(int64(within)))); k.hears(max(1, time.Until(end)), "done "+strconv.Itoa(k.limit)) && k.limit < k.cases; {
		k.limit++
		fmt.Fprintln(k.client.in, k.limit)
	}
	k.strike()
	k.decide()
	if k.done*k.wanted > k.all()*k.cases { // the cases shall last as long as the kills, on any machine
		k.span = max(k.span*9/10, 3*time.Millisecond)
	} else {
		k.span = k.span * 11 / 10
	}
}

func (k *rounds) strike() {
	switch k.r.IntN(20) {
	case 0, 1: // both
		k.kills["client"]++
		k.kills["server"]++
		k.kills["both"]++
		k.client.kill()
		k.server.kill()
		k.server.start()
		k.moments[k.found(k.look())]++
		k.client = nil
	case 2, 3, 4, 5, 6, 7, 8, 9, 10:
		k.kills["client"]++
		k.client.kill()
		k.moments[k.found(k.look())]++
		k.client = nil
	default:
		k.kills["server"]++
		k.server.kill()
		_ = k.client.cmd.Process.Signal(syscall.SIGSTOP) // so that what the kill left can be looked at
		k.server.start()
		k.moments[k.found(k.copied())]++
		_ = k.client.cmd.Process.Signal(syscall.SIGCONT)
	}
}

// decide lets the office approve now and then, so that changes come back meanwhile.
func (k *rounds) decide() {
	if k.r.IntN(4) > 0 {
		return
	}
	for _, c := range k.server.cases() {
		if c.State == "received" && !k.approved[c.ID] && k.r.IntN(3) == 0 {
			k.server.ask("POST", "/v1/cases/"+c.ID+"/approve", nil)
			k.approved[c.ID] = true
		}
	}
}

// finish lets everything arrive in quiet, and judges.
func (k *rounds) finish() {
	k.limit = k.cases
	if k.client != nil {
		k.client.kill()
	}
	k.job.Skew += 24 * time.Hour
	k.client = startClient(k.t, k.job)
	fmt.Fprintln(k.client.in, k.limit)
	k.hears(-1, "done "+strconv.Itoa(k.limit))
	for _, c := range k.server.cases() {
		if c.State == "received" {
			k.server.ask("POST", "/v1/cases/"+c.ID+"/approve", nil)
		}
	}
	_ = k.client.in.Close()
	for range k.client.lines {
	}
	if err := k.client.cmd.Wait(); err != nil {
		k.t.Error(err)
	}
	k.client = nil
	judge(k.t, k.server, k.job, k.cases)
}

// Client and server are killed 200 times while 100 cases are handed in.
func TestKilledTwoHundredTimes(t *testing.T) {
	killRounds(t, newServer(t), 100, 200)
}

// The same on PostgreSQL, with fewer kills.
func TestKilledOnPostgreSQL(t *testing.T) {
	killRounds(t, newServer(t, "--database", datatest.Database(t)), 25, 40)
}
