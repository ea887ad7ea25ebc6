package central_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"rekey/app/central"
)

// Prism (Apache-2.0, not ours) makes a server of the contract alone. It refuses requests that the contract does not have, and
// here also answers of its own that break it. `make .bench/prism` installs it; nothing is fetched by the tests.

// mock is Prism with a way to ask it for a certain answer.
type mock struct {
	address string

	mu     sync.Mutex
	status map[string]int // method → the status that is wanted
	broken string         // what Prism said about the contract since the last look
	absent bool           // the contract has no such status
}

// prefer asks for a status from now on; "*" is for every method but HEAD.
func (m *mock) prefer(method string, status int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.status, m.broken, m.absent = map[string]int{http.MethodHead: 404, method: status}, "", false
}

func (m *mock) look() (broken string, absent bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.broken, m.absent
}

func prism(t *testing.T, contract string, flags ...string) *mock {
	t.Helper()
	root := repository(t)
	program := filepath.Join(root, ".bench", "prism", "node_modules", "@stoplight", "prism-cli", "dist", "index.js")
	if _, err := os.Stat(program); err != nil {
		t.Fatal("Prism is not installed: run make .bench/prism")
	}
	cmd := exec.Command("node", append([]string{program, "mock", "--host", "127.0.0.1", "--port", "0", "--errors", "--verboseLevel", "info"}, append(flags, contract)...)...)
	cmd.Env = append(os.Environ(), "NO_COLOR=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewReader(out)
	var said strings.Builder
	at := regexp.MustCompile(`listening on (http://127\.0\.0\.1:[0-9]+)`)
	for {
		line, err := lines.ReadString('\n')
		said.WriteString(line)
		if found := at.FindStringSubmatch(line); found != nil {
			go func() { _, _ = io.Copy(io.Discard, lines) }()
			m := &mock{}
			m.address = serveAt(t, m.forward(t, found[1]))
			return m
		}
		if err != nil {
			t.Fatalf("Prism did not start: %v\n%s", err, said.String())
		}
	}
}

// contract is the file that the office's servers keep.
func contract(t *testing.T) string {
	return filepath.Join(repository(t), "assets", "openapi", "central.yaml")
}

// narrowed is a copy of it for made-up answers: Prism fills every list to its end, which takes minutes, and makes more
// properties than maxProperties allows.
func narrowed(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(contract(t))
	if err != nil {
		t.Fatal(err)
	}
	text = regexp.MustCompile(`maxItems: [0-9]+`).ReplaceAll(text, []byte("maxItems: 3"))
	text = regexp.MustCompile(`(?m)^ +maxProperties: [0-9]+\n`).ReplaceAll(text, nil)
	file := filepath.Join(t.TempDir(), "central.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// repository is the folder of go.mod.
func repository(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above this test")
		}
		dir = filepath.Dir(dir)
	}
}

// forward hands requests on, says which status is wanted, and notes what Prism says about the contract.
func (m *mock) forward(t *testing.T, to string) http.HandlerFunc {
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			m.mu.Lock()
			defer m.mu.Unlock()
			status := m.status[r.In.Method]
			if status == 0 && r.In.Method != http.MethodHead {
				status = m.status["*"]
			}
			if status != 0 {
				r.Out.Header.Set("Prefer", "code="+strconv.Itoa(status))
			}
		},
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			m.mu.Lock()
			defer m.mu.Unlock()
			switch {
			case bytes.Contains(body, []byte("prism/errors#NOT_FOUND")):
				m.absent = true
			case bytes.Contains(body, []byte("prism/errors#")), r.Header.Get("Sl-Violations") != "": // a wrong request gets the contract's own 422 or 400
				m.broken += r.Request.Method + " " + r.Request.URL.Path + ": " + r.Header.Get("Sl-Violations") + string(body) + "\n"
			}
			return err
		},
	}
	return proxy.ServeHTTP
}

func TestEveryCallAgainstPrism(t *testing.T) {
	m := prism(t, contract(t))
	c := client(t, m.address, central.Timeout)
	for name, one := range calls() {
		m.prefer("", 0)
		err := one.do(t.Context(), c)
		if broken, absent := m.look(); err != nil || broken != "" || absent {
			t.Errorf("%s: %v\n%s", name, err, broken)
		}
	}
	t.Run("parts", func(t *testing.T) {
		data, sum := bytesOf(mib + 1)
		for status, want := range map[int]central.Kind{200: "", 204: central.BadAnswer, 507: central.Busy} {
			m.prefer(http.MethodPatch, status) // the example's Upload-Offset is 0: nothing ever grows
			err := c.PutDocument(t.Context(), sum, data, nil)
			if broken, absent := m.look(); central.KindOf(err) != want || broken != "" || absent {
				t.Errorf("%d: %v\n%s", status, err, broken)
			}
		}
	})
	t.Run("a request that the contract does not have", func(t *testing.T) {
		m.prefer("", 0)
		_, err := c.PutCard(t.Context(), central.Card{ID: anyHash, Serial: strings.Repeat("x", 1000)}, 0)
		if broken, _ := m.look(); err == nil || broken == "" {
			t.Errorf("Prism let it pass: %v", err)
		}
	})
	t.Run("refusals", func(t *testing.T) { refusals(t, m, c) })
}

// refusals: whatever the contract lets the office say is understood.
func refusals(t *testing.T, m *mock, c *central.Client) {
	kinds := map[int][]central.Kind{
		304: {"", central.BadAnswer}, 400: {central.Refused}, 401: {central.NotAdmitted}, 403: {central.Refused}, 404: {central.Refused}, 409: {central.Refused},
		410: {central.Gone}, 412: {central.Conflict}, 413: {central.Refused}, 415: {central.Refused}, 422: {central.Refused, central.Busy}, 429: {central.Busy},
		503: {central.Busy}, 507: {central.Busy},
	}
	tried := map[int]int{}
	for name, one := range calls() {
		for status, wanted := range kinds {
			m.prefer("*", status)
			err := one.do(t.Context(), c)
			broken, absent := m.look()
			if absent {
				continue
			}
			tried[status]++
			if broken != "" || !slices.Contains(wanted, central.KindOf(err)) {
				t.Errorf("%s, %d: %v\n%s", name, status, err, broken)
			}
			var e *central.Error
			if errors.As(err, &e) && e.Kind == central.Conflict && e.Version != 1 {
				t.Errorf("%s: the version of a conflict is %d", name, e.Version)
			}
		}
	}
	for status := range kinds {
		if tried[status] == 0 {
			t.Errorf("the contract has no %d", status)
		}
	}
	t.Log("answers tried by status:", tried)
}

// Made-up answers are of the contract and seldom about what was asked for: then that is what the client says, and nothing else.
func TestEveryCallAgainstPrismWithMadeUpAnswers(t *testing.T) {
	m := prism(t, narrowed(t), "--dynamic", "--seed", "rekey")
	c := client(t, m.address, central.Timeout)
	about := regexp.MustCompile("answered another|not those that were asked for|not in order|runs backwards|more changes are promised|the list does not go on")
	for name, one := range calls() {
		m.prefer("", 0)
		err := one.do(t.Context(), c)
		broken, absent := m.look()
		if err != nil && (central.KindOf(err) != central.BadAnswer || !about.MatchString(err.Error())) || broken != "" || absent {
			t.Errorf("%s: %v\n%s", name, err, broken)
		}
	}
}
