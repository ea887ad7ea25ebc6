package endure

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rekey/app/central"
)

// server is rekey-central as a process of its own.
type server struct {
	t     testing.TB
	dir   string
	extra []string // further flags of serve
	url   string
	log   bytes.Buffer // what all its runs wrote to the standard error
	run   *exec.Cmd
	spent time.Duration // of a processor, by the runs that were stopped
}

// newServer starts one on an empty folder; it is stopped by the test's end. It has no bound on how fast one account may ask, which
// these tests would meet all the time, unless extra sets one.
func newServer(t testing.TB, extra ...string) *server {
	t.Helper()
	return serverIn(t, filepath.Join(t.TempDir(), "office"), extra...)
}

func serverIn(t testing.TB, dir string, extra ...string) *server {
	t.Helper()
	s := &server{t: t, dir: dir, extra: append([]string{"--rate", "0"}, extra...)}
	s.start()
	t.Cleanup(s.stop)
	return s
}

// start waits until it listens: on a free loopback port, and later on the same one.
func (s *server) start() {
	s.t.Helper()
	if err := s.tryStart(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *server) tryStart() error {
	listen := "127.0.0.1:0"
	if s.url != "" {
		listen = s.url[strings.Index(s.url, "//")+2:]
	}
	s.run = exec.Command(program(s.t, "rekey-central"), append([]string{"serve", "--listen", listen, "--data", s.dir}, s.extra...)...)
	s.run.Stderr = &s.log
	out, err := s.run.StdoutPipe()
	if err == nil {
		err = s.run.Start()
	}
	if err != nil {
		s.run = nil
		return err
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if at, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on "); ok {
			s.url = at
			break
		}
		if err != nil {
			_ = s.run.Wait()
			s.run = nil
			return fmt.Errorf("rekey-central did not start: %s", s.log.String())
		}
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return nil
}

func (s *server) kill() {
	if s.run != nil {
		_ = s.run.Process.Kill()
		_ = s.run.Wait()
		s.run = nil
	}
}

func (s *server) stop() {
	if s.run == nil {
		return
	}
	_ = s.run.Process.Signal(syscall.SIGTERM)
	late := time.AfterFunc(20*time.Second, func() { s.t.Errorf("rekey-central does not stop"); _ = s.run.Process.Kill() })
	_ = s.run.Wait()
	late.Stop()
	s.spent += s.run.ProcessState.UserTime() + s.run.ProcessState.SystemTime()
	s.run = nil
}

func officerKey(t testing.TB, s *server) string {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(s.dir, "office.key"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(key))
}

// ask sends one request as the officer and wants a status of the 2xx.
func (s *server) ask(method, path string, body any) []byte {
	s.t.Helper()
	var in io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		in = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, s.url+path, in)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+officerKey(s.t, s))
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		time.Sleep(time.Second / 4) // of a test with such a bound
		return s.ask(method, path, body)
	case res.StatusCode == http.StatusNotFound && method == http.MethodHead:
		return nil
	case res.StatusCode/100 != 2:
		s.t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, data)
	case method == http.MethodHead:
		return []byte("there")
	}
	return data
}

// cases gives all that the office holds, in order of arrival.
func (s *server) cases() []central.Case {
	s.t.Helper()
	var all []central.Case
	for after := ""; ; {
		var page central.CaseList
		if err := json.Unmarshal(s.ask("GET", "/v1/cases?limit=200"+after, nil), &page); err != nil {
			s.t.Fatal(err)
		}
		all = append(all, page.Cases...)
		if page.Next == "" {
			return all
		}
		after = "&after=" + url.QueryEscape(page.Next)
	}
}

// has says whether the whole document is at the office.
func (s *server) has(sum string) bool { return s.ask("HEAD", "/v1/documents/"+sum, nil) != nil }
