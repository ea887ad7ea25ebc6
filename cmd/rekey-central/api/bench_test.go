package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/listen"
	"rekey/cmd/rekey-central/office"
	"rekey/cmd/rekey-central/registry"
)

// Keys of the stories: two holders who came with a key of their own. The officer's is made by the office.
const (
	ownerKey = "owner-key-owner-key-owner-key-00"
	otherKey = "other-key-other-key-other-key-00"
)

// bench is a running server on a real folder. Every request and answer goes past the contract (judge_test.go).
type bench struct {
	t       *testing.T
	dir     string
	base    string
	officer string
	log     *syncBuffer
	office  *office.Office
	book    *accounts.Book
	waiting *atomic.Int64 // requests for changes that are being answered
	crowd   *atomic.Int64 // each request comes from an address of its own, while this is not negative
	stop    func()
	judge   judge
	client  *http.Client
	meant   bool // to be bad: the contract need not allow the request
}

func (b *bench) busy() bool { return b.waiting.Load() > 0 }

// bad is the same server for requests that the contract does not allow.
func (b *bench) bad() *bench {
	other := *b
	other.meant = true
	return &other
}

func (b *bench) meaning(bad bool) *bench {
	if bad {
		return b.bad()
	}
	return b
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// start runs a server that takes unknown keys for holders.
func start(t *testing.T, dir string) *bench {
	t.Helper()
	return startWith(t, dir, func(*accounts.Config) {})
}

func startWith(t *testing.T, dir string, change func(*accounts.Config)) *bench {
	t.Helper()
	return startOn(t, office.Config{Dir: dir}, change)
}

func startOn(t *testing.T, where office.Config, change func(*accounts.Config)) *bench {
	t.Helper()
	dir := where.Dir
	store, err := office.Open(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	authority, err := ca.OpenOrInit(dir)
	if err != nil {
		t.Fatal(err)
	}
	key, err := office.OfficerKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	who := accounts.Config{DB: store.DB(), OfficerKey: key, Anyone: true}
	change(&who)
	log := &syncBuffer{}
	l, err := listen.Open(listen.Config{Address: "127.0.0.1:0", Data: dir, TLS: len(who.Authorities) > 0, ClientCAs: who.Authorities})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	b := &bench{t: t, dir: dir, base: l.Local, officer: key, log: log, office: store, book: accounts.New(who), waiting: new(atomic.Int64), crowd: new(atomic.Int64), judge: newJudge(t), client: http.DefaultClient}
	h, err := New(Config{Office: store, Registry: registry.New(store), Accounts: b.book, Trail: accounts.Trail{DB: store.DB()}, Data: dir, Authority: authority,
		CRL: b.base + "/demo/ca.crl", Log: slog.New(slog.NewTextHandler(log, nil)), Stopping: ctx.Done()})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	counted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/changes" {
			b.waiting.Add(1)
			defer b.waiting.Add(-1)
		}
		if n := b.crowd.Load(); n >= 0 {
			n = b.crowd.Add(1)
			r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:1", n>>16&255, n>>8&255, n&255)
		}
		h.ServeHTTP(w, r)
	})
	go func() { ended <- l.Serve(ctx, counted) }()
	b.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(b.stop)
	return b
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (r reply) problem(t *testing.T) central.Problem {
	t.Helper()
	var p central.Problem
	if r.header.Get("Content-Type") != central.MediaProblem || json.Unmarshal(r.body, &p) != nil || p.Status != r.status || p.Detail == "" || p.Type == "" || p.Title == "" {
		t.Errorf("HTTP %d is no problem document: %s %s", r.status, r.header.Get("Content-Type"), r.body)
	}
	return p
}

func read[T any](t *testing.T, r reply) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(r.body, &v); err != nil || r.header.Get("Content-Type") != "application/json" {
		t.Fatalf("HTTP %d, not the JSON wanted: %v %s", r.status, err, r.body)
	}
	return v
}

// ask sends one request; header holds pairs. It may be called from other goroutines.
func (b *bench) ask(key, method, path string, body []byte, header ...string) reply {
	req, err := http.NewRequest(method, b.base+path, bytes.NewReader(body))
	if err != nil {
		b.t.Error(err)
		return reply{}
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	if method == "PUT" || method == "PATCH" {
		req.Header.Set("Content-Type", "application/octet-stream")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	allowed := b.judge.request(req, body)
	if allowed != nil && !b.meant {
		b.t.Errorf("%s %s: the contract does not allow this request: %v", method, path, allowed)
	}
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Error(err)
		return reply{}
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Error(err)
	}
	if allowed != nil && res.StatusCode < 400 {
		b.t.Errorf("%s %s: answered with %d, but the contract does not allow it: %v", method, path, res.StatusCode, allowed)
	}
	if err := b.judge.answer(req, res, data); err != nil {
		b.t.Errorf("%s %s: the contract has no such answer: %d %s: %v", method, path, res.StatusCode, data, err)
	}
	return reply{res.StatusCode, res.Header, data}
}

func (b *bench) json(key, method, path string, value any, header ...string) reply {
	data, err := json.Marshal(value)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.ask(key, method, path, data, append([]string{"Content-Type", "application/json"}, header...)...)
}

// want asks and insists on a status; a no has to be a problem document.
func (b *bench) want(status int, r reply) reply {
	b.t.Helper()
	if r.status != status {
		b.t.Fatalf("got HTTP %d %s, want %d", r.status, r.body, status)
	}
	if status >= 400 {
		r.problem(b.t)
	}
	return r
}
