package app_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"rekey/app"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/cmd/rekey-demo/stage"
)

// polls is an office that keeps a question for news open until there are some.
type polls struct {
	*feed
	news chan struct{}
	open atomic.Int32
}

func newPolls(t *testing.T) (p *polls, address string) {
	p = &polls{feed: newFeed(t), news: make(chan struct{}, 8)}
	return p, proxy(t, p.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		if r.URL.Path == "/v1/changes" && r.URL.Query().Get("wait") != "" {
			p.open.Add(1)
			defer p.open.Add(-1)
			select {
			case <-p.news:
			case <-r.Context().Done():
				return
			case <-time.After(25 * time.Second):
			}
		}
		behind.ServeHTTP(w, r)
	})
}

// eventually waits for what another goroutine does; its limit is only for a test that fails.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("never: %s", what)
		}
	}
}

// While the window is open: what comes to wait goes out by itself, news come in while the question is open, and the end is at once.
func TestWatchKeepsInStep(t *testing.T) {
	p, address := newPolls(t)
	d := newDesk(t, stage.Head(), 40, "http://127.0.0.1:1")
	c := d.run(d.begin().ID, "")
	d.central = address
	d.open()
	var told atomic.Int32
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); d.Watch(ctx, func() { told.Add(1) }) }()
	eventually(t, "the case is sent when its time has come", func() bool { return state(d.stored(c.ID), procedure.Send) == "done" })
	eventually(t, "a question is open", func() bool { return p.open.Load() == 1 })
	p.say(c.ID, central.StateApproved, "")
	p.news <- struct{}{}
	eventually(t, "the approval is here", func() bool { return d.stored(c.ID).Office == central.StateApproved })
	if _, err := d.Attach(c.ID, central.DocScan, "form.pdf", []byte("%PDF-1.4\nscan\n%%EOF\n")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the scan is sent although a question is open", func() bool { return d.outbox().Waiting == 0 })
	eventually(t, "the next question is open", func() bool { return p.open.Load() == 1 })
	began := time.Now()
	stop()
	<-ended
	if took := time.Since(began); took > 10*time.Second { // the question would have stayed open for 25
		t.Errorf("the end took %v", took)
	}
	if told.Load() < 3 {
		t.Errorf("told %d times", told.Load())
	}
	d.rebuilds(c.ID)
}

// Closing the program ends a watch that nobody has stopped.
func TestCloseEndsTheWatch(t *testing.T) {
	p, address := newPolls(t)
	d := newDesk(t, stage.Head(), 40, address)
	ended := make(chan struct{})
	go func() { defer close(ended); d.Watch(context.Background(), func() {}) }()
	eventually(t, "a question is open", func() bool { return p.open.Load() == 1 })
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	<-ended
	d.open()
}

// Closing the program ends an exchange that hangs, and then the store is closed: nothing of it is half done.
func TestCloseEndsAnExchange(t *testing.T) {
	hangs := make(chan struct{})
	d := newDesk(t, stage.Head(), 40, "http://127.0.0.1:1")
	c := d.run(d.begin().ID, "")
	d.central = proxy(t, newFeed(t).URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		if r.Method == http.MethodPost {
			_, _ = io.Copy(io.Discard, r.Body) // else the server does not see that the line is cut
			close(hangs)
			<-r.Context().Done()
			return
		}
		behind.ServeHTTP(w, r)
	})
	d.open()
	ended := make(chan error, 1)
	go func() {
		_, err := d.Sync(context.Background())
		ended <- err
	}()
	<-hangs
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	select {
	case err := <-ended:
		if err == nil {
			t.Error("an exchange that was cut off went well")
		}
	default:
		t.Error("the exchange outlives the program")
	}
	d.open()
	if box := d.outbox(); box.Waiting != 1 || box.Items[0].Attempts != 0 || d.stored(c.ID).Why != "" {
		t.Errorf("%+v", box)
	}
}

// An office that is away, or that answers each question at once, is not asked again and again; and resting takes next to nothing.
func TestWatchAtRest(t *testing.T) {
	var asked, sent atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			sent.Add(1)
		case r.URL.Path == "/v1/changes":
			asked.Add(1)
		}
		answerJSON(w, central.Changes{})
	}))
	t.Cleanup(s.Close)
	for name, address := range map[string]string{"at once": s.URL, "away": "http://127.0.0.1:1", "nobody to ask": ""} {
		d := newDesk(t, stage.Head(), 40, address)
		d.jitter = func(time.Duration) time.Duration { return 0 } // the worst that chance can do
		d.open()
		if address != "" {
			d.run(d.begin().ID, map[string]app.Kind{"at once": ""}[name])
		}
		asked.Store(0)
		sent.Store(0)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); d.Watch(ctx, func() {}) }()
		before, began := processor(t), time.Now()
		time.Sleep(2 * time.Second)
		used, took := processor(t)-before, time.Since(began)
		stop()
		<-ended
		if share := float64(used) / float64(took); share > 0.10 { // the promise is 2 %; a fake card and the race of other tests are in this number
			t.Errorf("%s: %.1f %% of a core at rest", name, 100*share)
		} else {
			t.Logf("%s: %.2f %% of a core, %d questions", name, 100*share, asked.Load())
		}
		if n, m := asked.Load(), sent.Load(); n > 2 || m > 5 {
			t.Errorf("%s: asked %d times and sent %d times in 2 s", name, n, m)
		}
	}
}

// processor is the time that this process has used.
func processor(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
