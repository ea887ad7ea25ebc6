//go:build promises

package endure

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	mrand "math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"rekey/app/central"
	"rekey/cmd/rekey-central/data/datatest"
)

// The load: 500 clients, each with an account of its own. 400 ask for changes every 2 s; 100 keep a question open for 25 s and ask
// again (these waits are not counted). Each of the 500 hands in a case with a document of 20 kB every 20 s, and the officer approves
// five a second. So 200 questions and 55 writes a second, 25 of them
// documents. A time runs from the moment at which the request was due, so that a server
// that falls behind is seen; it ends with the last byte of the answer. Load and server share the machine.
const (
	loadClients  = 500
	loadPollers  = 400
	pollEvery    = 2 * time.Second
	caseEvery    = 20 * time.Second
	approveEvery = 200 * time.Millisecond
	warmUp       = 5 * time.Second
	measured     = 20 * time.Second
)

// TestPromiseServer: 99 of 100 answers within 100 ms, with bbolt and with PostgreSQL.
func TestPromiseServer(t *testing.T) {
	for _, database := range []string{"bbolt", "PostgreSQL"} {
		var extra []string
		if database == "PostgreSQL" {
			extra = []string{"--database", datatest.Database(t)}
		}
		s := newServer(t, extra...)
		l := &load{s: s, officer: officerKey(t, s), http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * loadClients}}}
		l.run(t)
		s.stop()
		for _, what := range []string{"read", "write"} {
			took := l.took[what]
			slices.Sort(took)
			if len(took) == 0 {
				t.Fatalf("%s: no %s was measured", database, what)
			}
			at := func(share float64) float64 {
				return float64(took[min(len(took)-1, int(share*float64(len(took))))]) / float64(time.Millisecond)
			}
			promise(t, at(0.99) <= 100 && l.failed == 0, "server on %-10s %5s: %4.0f a second, p50 %5.1f ms, p99 %5.1f ms (at most 100), longest %6.1f ms, %d failed; the office took %.0f %% of a core",
				database, what, float64(len(took))/measured.Seconds(), at(0.5), at(0.99), at(1), l.failed, 100*s.spent.Seconds()/(warmUp+measured).Seconds())
		}
	}
}

// load is what the clients share.
type load struct {
	s       *server
	officer string
	http    *http.Client
	begin   time.Time // from when on it counts

	mu     sync.Mutex
	took   map[string][]time.Duration
	failed int
	cases  []string // that wait for the officer
}

func (l *load) run(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), warmUp+measured)
	defer cancel()
	l.took, l.begin = map[string][]time.Duration{}, time.Now().Add(warmUp)
	var all sync.WaitGroup
	for i := range loadClients {
		key := randomKey()
		if i < loadPollers {
			all.Go(func() {
				l.every(ctx, pollEvery, func(due time.Time) { l.timed(ctx, due, "read", key, "GET", "/v1/changes?after=0", nil) })
			})
		} else {
			all.Go(func() { l.listens(ctx, key) })
		}
		all.Go(func() { l.every(ctx, caseEvery, func(due time.Time) { l.handsIn(ctx, due, key) }) })
	}
	all.Go(func() { l.every(ctx, approveEvery, func(due time.Time) { l.approves(ctx, due) }) })
	all.Wait()
}

func randomKey() string {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// every calls do at even times, from a random one on.
func (l *load) every(ctx context.Context, pause time.Duration, do func(due time.Time)) {
	for due := time.Now().Add(mrand.N(pause)); ; due = due.Add(pause) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Until(due)):
			do(due)
		}
	}
}

// listens keeps a question for news open.
func (l *load) listens(ctx context.Context, key string) {
	after := int64(0)
	for ctx.Err() == nil {
		data, err := l.ask(ctx, key, "GET", fmt.Sprintf("/v1/changes?after=%d&wait=25", after), nil)
		var page central.Changes
		if err != nil || json.Unmarshal(data, &page) != nil {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		after = page.Next
	}
}

func (l *load) handsIn(ctx context.Context, due time.Time, key string) {
	data := make([]byte, 20_000)
	_, _ = rand.Read(data)
	sum := hashOf(data)
	if !l.timed(ctx, due, "write", key, "PUT", "/v1/documents/"+sum, data) {
		return
	}
	id, err := uuid.NewV7()
	if err != nil {
		return
	}
	text, _ := json.Marshal(central.Submission{
		ID: id.String(), Procedure: "generic", Reason: "renewal", Route: "transport", Holder: "Ayşe Örnek", Details: map[string]string{"email": "a@endure.example"},
		Documents: []central.Document{{Kind: "scan", Name: "scan.pdf", SHA256: sum, Size: int64(len(data))}}, CreatedAt: time.Now().UTC(),
	})
	if l.timed(ctx, time.Now(), "write", key, "POST", "/v1/cases", text) {
		l.mu.Lock()
		l.cases = append(l.cases, id.String())
		l.mu.Unlock()
	}
}

func (l *load) approves(ctx context.Context, due time.Time) {
	l.mu.Lock()
	id := ""
	if n := len(l.cases); n > 0 {
		id, l.cases = l.cases[n-1], l.cases[:n-1]
	}
	l.mu.Unlock()
	if id != "" {
		l.timed(ctx, due, "write", l.officer, "POST", "/v1/cases/"+id+"/approve", nil)
	}
}

// timed asks and keeps how long it took since it was due.
func (l *load) timed(ctx context.Context, due time.Time, what, key, method, path string, body []byte) bool {
	_, err := l.ask(ctx, key, method, path, body)
	if ctx.Err() != nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.failed++
		return false
	}
	if due.After(l.begin) {
		l.took[what] = append(l.took[what], time.Since(due))
	}
	return true
}

func (l *load) ask(ctx context.Context, key, method, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, l.s.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	switch method {
	case "PUT":
		req.Header.Set("Content-Type", "application/octet-stream")
	case "POST":
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", randomKey())
	}
	res, err := l.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s: %d %s", method, path, res.StatusCode, data)
	}
	return data, err
}
