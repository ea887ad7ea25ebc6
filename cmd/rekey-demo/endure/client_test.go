package endure

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"rekey/app"
	"rekey/app/cases"
)

// clientVariable makes the test binary a client that works until it is killed.
const clientVariable = "REKEY_ENDURE_CLIENT"

// job is what such a client is told.
type job struct {
	Dir, Central string
	Seed         uint64
	Skew         time.Duration // of its clock
	Deliver      bool          // only deliver what waits, and tell what it took
}

// clientMain hands in cases 0 … n-1, where n comes in lines of the standard input, and ends with it. It tells in lines: "open";
// "sending" when a case is handed to the outbox; "done N" when all of N is at the office, as far as it knows; "fatal WHY" for what no kill and no dead server excuses.
func clientMain(text string) int {
	var j job
	err := json.Unmarshal([]byte(text), &j)
	switch {
	case err != nil:
	case j.Deliver:
		err = deliverAll(j)
	default:
		err = work(j)
	}
	if err != nil {
		fmt.Println("fatal", strconv.Quote(err.Error()))
		return 1
	}
	return 0
}

func work(j job) error {
	var skew atomic.Int64
	skew.Store(int64(j.Skew))
	d, err := openDesk(j.Dir, j.Central, func(o *app.Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(skew.Load())) }
		o.Timeout = 5 * time.Second
	})
	if err != nil {
		return err
	}
	defer d.Close()
	d.tell = func(line string) { fmt.Println(line) }
	fmt.Println("open")
	ctx, cancel := context.WithCancel(context.Background())
	var limit atomic.Int64
	more := make(chan struct{}, 1)
	go func() {
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
			n, _ := strconv.ParseInt(in.Text(), 10, 64)
			limit.Store(n)
			select {
			case more <- struct{}{}:
			default:
			}
		}
		cancel()
	}()
	var plans []plan
	for done := int64(0); ctx.Err() == nil; {
		to := limit.Load()
		if done == to {
			select {
			case <-more:
			case <-ctx.Done():
			}
			continue
		}
		for i := len(plans); i < int(to); i++ {
			plans = append(plans, newPlan(j.Seed, i))
		}
		whole, err := handInAll(ctx, d, plans[:to])
		if err != nil {
			return err
		}
		if whole {
			done = to
			fmt.Println("done", to)
			continue
		}
		// The office was away: whatever wait follows from it is over at once by this clock.
		skew.Add(int64(time.Hour))
		time.Sleep(2 * time.Millisecond)
	}
	return nil
}

// handInAll does what can be done now; whole says that everything has arrived.
func handInAll(ctx context.Context, d *desk, plans []plan) (whole bool, err error) {
	all, err := d.Cases()
	if err != nil {
		return false, err
	}
	begun := map[string]cases.Case{}
	for _, c := range all {
		begun[c.Details["email"]] = c
	}
	there := 0
	for i, p := range plans {
		if complete(begun[p.email()], p) {
			there++
			continue
		}
		c, err := d.handIn(ctx, p)
		if ctx.Err() != nil {
			return false, nil
		}
		if err := excused(err); err != nil {
			return false, fmt.Errorf("case %d: %w", i, err)
		}
		if err == nil && complete(c, p) {
			there++
		}
	}
	result, err := d.Sync(ctx)
	if ctx.Err() != nil {
		return false, nil
	}
	if fault := excused(err); fault != nil {
		return false, fmt.Errorf("sync: %w", fault)
	}
	return err == nil && there == len(plans) && result.Waiting == 0, nil
}

// excused lets pass what a dead server explains.
func excused(err error) error {
	var own *app.Error
	switch kind := app.KindOf(err); {
	case err == nil, kind == app.Offline, kind == app.ServerAnswer:
		return nil
	case errors.As(err, &own):
		return fmt.Errorf("%s: %w", kind, err)
	}
	return err
}

// deliverAll tells in lines: memory in bytes, of the client that shows its cases ("start"), at the most ("peak"), and both without what
// is mapped of files ("anonymous-start", "anonymous"); "took NANOSECONDS"; "waiting N".
func deliverAll(j job) error {
	d, err := openDesk(j.Dir, j.Central)
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := d.Cases(); err != nil {
		return err
	}
	if _, err := d.Look(context.Background()); err != nil {
		return err
	}
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // VmHWM begins anew
	fmt.Println("start", memory(os.Getpid(), "VmRSS"))
	fmt.Println("anonymous-start", memory(os.Getpid(), "RssAnon"))
	began := time.Now()
	left := 0
	for range 20 {
		r, err := d.Sync(context.Background())
		if excused(err) != nil {
			return err
		}
		if left = r.Waiting; left == 0 {
			break
		}
	}
	fmt.Println("took", int64(time.Since(began)))
	fmt.Println("peak", memory(os.Getpid(), "VmHWM"))
	fmt.Println("anonymous", memory(os.Getpid(), "RssAnon"))
	fmt.Println("waiting", left)
	return nil
}
