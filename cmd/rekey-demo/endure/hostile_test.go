package endure

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rekey/app/central"
)

const strangersKey = "stranger-key-stranger-key-stranger-key-0"

// strangers are requests that no client of ours sends, as they stand on the line; the office's key is in none of them.
func strangers() map[string]string {
	sum := strings.Repeat("ab", 32)
	head := func(method, path string, headers ...string) string {
		return method + " " + path + " HTTP/1.1\r\nHost: office\r\nAuthorization: Bearer " + strangersKey + "\r\n" + strings.Join(headers, "\r\n") + "\r\n"
	}
	post := func(body string, headers ...string) string {
		headers = append(headers, "Content-Type: application/json", "Idempotency-Key: stranger", "Content-Length: "+strconv.Itoa(len(body)), "", "")
		return strings.TrimSuffix(head("POST", "/v1/cases", headers...), "\r\n") + body
	}
	whole := central.Submission{ID: "0", Procedure: "generic", Reason: "renewal", Route: "card", Holder: "x"}
	text, _ := json.Marshal(whole)
	wrong := map[string]string{
		"null": "null", "a list": "[]", "a number": "5", "nothing": "", "truncated": string(text[:len(text)/2]), "two values": string(text) + string(text),
		"NaN": `{"id":NaN}`, "endless number": `{"documents":[{"size":1e999}]}`, "wrong types": `{"id":5,"details":[],"documents":{},"rows":"x","created_at":7}`,
		"nulls": `{"id":null,"details":null,"documents":[null],"rows":[null],"created_at":null}`, "unknown names": `{"id":"x","owner":"somebody","state":"issued","version":99}`,
		"names twice": `{"id":"x","id":"y"}`, "not UTF-8": "{\"id\":\"\xff\xfe\"}", "UTF-16": "\xff\xfe{\x00}\x00", "a nul": "{\"holder\":\"a\x00b\"}",
		"deep lists": strings.Repeat("[", 1<<19), "deep objects": strings.Repeat(`{"a":`, 100_000), "deep in a field": `{"details":` + strings.Repeat("[", 1<<19) + strings.Repeat("]", 1<<19) + "}",
		"a million names": `{"details":{` + strings.TrimSuffix(strings.Repeat(`"a":"",`, 140_000), ",") + `}}`,
	}
	out := map[string]string{
		"no HTTP":             "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
		"another protocol":    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"only line ends":      strings.Repeat("\r\n", 1000),
		"a long path":         head("GET", "/"+strings.Repeat("a", 1<<20), "", ""),
		"a long header":       head("GET", "/v1/changes", "X-A: "+strings.Repeat("a", 1<<20), "", ""),
		"many headers":        head("GET", "/v1/changes", strings.Repeat("X-A: a\r\n", 1<<16), "", ""),
		"a path that climbs":  head("GET", "/v1/documents/../../office.key", "", ""),
		"a path with a nul":   head("GET", "/v1/documents/%00%2e%2e%2f", "", ""),
		"two lengths":         head("PUT", "/v1/documents/"+sum, "Content-Length: 5", "Content-Length: 6", "", "abcdef"),
		"length and chunks":   head("PUT", "/v1/documents/"+sum, "Content-Length: 5", "Transfer-Encoding: chunked", "", "5\r\nabcde\r\n0\r\n"),
		"negative length":     head("PUT", "/v1/documents/"+sum, "Content-Length: -1", "", "abc"),
		"a length too large":  head("PUT", "/v1/documents/"+sum, "Content-Length: 99999999999999", "", "abc"),
		"more than announced": head("PUT", "/v1/documents/"+sum, "Content-Length: 3", "", "abcdefGET / HTTP/1.1\r\n"),
		"broken chunks":       head("PUT", "/v1/documents/"+sum, "Transfer-Encoding: chunked", "", "zz\r\nabc"),
		"a huge chunk":        head("PUT", "/v1/documents/"+sum, "Transfer-Encoding: chunked", "", "ffffffffffffffff\r\nabc"),
		"an odd offset":       head("PATCH", "/v1/documents/"+sum, "Upload-Offset: -1", "Upload-Length: 99999999999999999999", "Content-Length: 3", "", "abc"),
		"offset past the end": head("PATCH", "/v1/documents/"+sum, "Upload-Offset: 9223372036854775807", "Upload-Length: 5", "Content-Length: 3", "", "abc"),
		"a part too much":     head("PATCH", "/v1/documents/"+sum, "Upload-Offset: 0", "Upload-Length: 3", "Content-Type: application/octet-stream", "Content-Length: 9", "", "abcdefghi"),
		"an endless upload":   head("PATCH", "/v1/documents/"+sum, "Upload-Offset: 0", "Upload-Length: 9223372036854775807", "Content-Type: application/octet-stream", "Content-Length: 3", "", "abc"),
		"strange parameters":  head("GET", "/v1/changes?after=%ff&wait=1e9&after=-1", "", ""),
		"a long wait":         head("GET", "/v1/changes?wait=99999999", "", ""),
		"two keys":            head("GET", "/v1/changes", "Authorization: Bearer "+strangersKey, "", ""),
		"other media":         strings.Replace(post(string(text)), "application/json", "application/xml", 1),
		"packed":              post("\x1f\x8b\x08\x00", "Content-Encoding: gzip"),
		"huge":                post(`{"holder":"` + strings.Repeat("x", 5<<20) + `"}`),
		"a long key":          strings.Replace(post(string(text)), "Idempotency-Key: stranger", "Idempotency-Key: "+strings.Repeat("k", 9000), 1),
	}
	for name, body := range wrong {
		out["JSON: "+name] = post(body)
		for _, other := range []string{
			"POST /v1/cases/01890000-0000-7000-8000-000000000000/documents", "PUT /v1/holders/" + sum, "PUT /v1/certificates/" + sum, "PUT /v1/cards/" + sum,
			"PUT /v1/photos/" + sum, "POST /v1/receipts", "POST /v1/revocations", "POST /v1/keys",
		} {
			if len(body) < 1<<10 { // what is deep or huge is read in one place for all
				out[other+": "+name] = strings.Replace(post(body), "POST /v1/cases", other, 1)
			}
		}
	}
	return out
}

// Nothing that a stranger sends is taken, or makes the office fail; and it is told with a problem document, where HTTP lets it.
func TestHostileRequests(t *testing.T) {
	s := newServer(t)
	before := len(s.cases())
	for name, text := range strangers() {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		go func() { _, _ = io.WriteString(conn, text); _ = conn.(*net.TCPConn).CloseWrite() }()
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute)) // only against a hang
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil {
			data, _ := io.ReadAll(res.Body)
			ours := strings.Contains(res.Header.Get("Content-Type"), "json")
			if res.StatusCode < 300 || res.StatusCode >= 500 || ours && res.Header.Get("Content-Type") != central.MediaProblem {
				t.Errorf("%s: %d %s %.200s", name, res.StatusCode, res.Header.Get("Content-Type"), data)
			}
			if bytes.Contains(data, []byte(s.dir)) || bytes.Contains(data, []byte("goroutine")) || bytes.Contains(data, []byte(".go:")) {
				t.Errorf("%s: the answer tells of the inside: %.300s", name, data)
			}
		} else if ne, ok := err.(net.Error); ok && ne.Timeout() {
			t.Errorf("%s: no answer", name)
		}
		conn.Close()
	}
	if n := len(s.cases()); n != before {
		t.Errorf("%d cases were taken in", n-before)
	}
	s.stop()
	if text := s.log.String(); strings.Contains(text, "panic") || strings.Contains(text, "level=ERROR") || strings.Contains(text, strangersKey) {
		t.Errorf("the log: %.3000s", text)
	}
}

// While hundreds of connections give a byte now and then and others break off, a good client hands its cases in.
func TestGoodClientAmongBadOnes(t *testing.T) {
	s := newServer(t)
	address := strings.TrimPrefix(s.url, "http://")
	over := make(chan struct{})
	var bad sync.WaitGroup
	end := sync.OnceFunc(func() { close(over); bad.Wait() })
	defer end()
	dripping := func(text string) {
		defer bad.Done()
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Errorf("a further connection: %v", err)
			return
		}
		defer conn.Close()
		for i := 0; ; i = (i + 1) % len(text) {
			if _, err := conn.Write([]byte{text[i]}); err != nil {
				return // the office has had enough of it
			}
			select {
			case <-over:
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
	breaking := func(n int) {
		defer bad.Done()
		for i := 0; ; i++ {
			select {
			case <-over:
				return
			default:
			}
			conn, err := net.Dial("tcp", address)
			if err != nil {
				continue
			}
			fmt.Fprintf(conn, "PUT /v1/documents/%064x HTTP/1.1\r\nHost: office\r\nAuthorization: Bearer %s\r\nContent-Length: 1000000\r\n\r\n%s", n, strangersKey, strings.Repeat("x", 1+i*997%100_000))
			conn.Close()
			time.Sleep(20 * time.Millisecond)
		}
	}
	for i := range 300 {
		bad.Add(1)
		switch i % 3 {
		case 0: // it never gets to the end of its header
			go dripping("GET /v1/changes HTTP/1.1\r\nHost: office\r\nX-A: " + strings.Repeat("a", 1000))
		case 1: // nor to the end of the body
			go dripping(fmt.Sprintf("PUT /v1/documents/%064x HTTP/1.1\r\nHost: office\r\nAuthorization: Bearer %s\r\nContent-Length: 1000000\r\n\r\n%s", i, strangersKey, strings.Repeat("x", 1000)))
		default: // it waits for changes and never reads
			go dripping("GET /v1/changes?wait=30 HTTP/1.1\r\nHost: office\r\nAuthorization: Bearer " + strangersKey + "\r\n\r\n")
		}
	}
	for n := range 4 {
		bad.Add(1)
		go breaking(n)
	}
	d := newDesk(t, s.url)
	longest := time.Duration(0)
	for i := range 30 {
		p := newPlan(3, 1000+i)
		began := time.Now()
		if _, err := d.handIn(t.Context(), p); excused(err) != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		until(t, "the case is delivered", func() bool {
			r, err := d.Sync(t.Context())
			c, _, _ := d.find(p)
			return err == nil && r.Waiting == 0 && sent(c)
		})
		longest = max(longest, time.Since(began))
	}
	t.Logf("the longest case took %v", longest.Round(time.Millisecond))
	held := memory(s.run.Process.Pid, "VmHWM")
	end()
	if n := len(s.cases()); n != 30 {
		t.Errorf("the office holds %d cases, want 30", n)
	}
	if held == 0 || held > 400<<20 {
		t.Errorf("the office has grown to %d MB", held>>20)
	}
	s.stop()
	if text := s.log.String(); strings.Contains(text, "panic") {
		t.Errorf("the log: %.3000s", text)
	}
}

// memory is what a process holds or, for VmHWM, has held at the most, in bytes; 0 when the system does not tell.
func memory(pid int, which string) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, which+":"); ok {
			kB, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			return kB << 10
		}
	}
	return 0
}
