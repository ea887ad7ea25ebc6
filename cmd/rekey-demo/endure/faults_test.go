package endure

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rekey/app/central"
)

// fault is what happens to an answer on its way. The office has done what was asked, unless unreached is set.
type fault struct {
	unreached bool
	do        func(w http.ResponseWriter, real reply)
}

// instead gives another answer.
func instead(status int, media, body string, headers ...string) fault {
	return fault{unreached: true, do: func(w http.ResponseWriter, _ reply) { answer(status, media, body, headers...).write(w) }}
}

func answer(status int, media, body string, headers ...string) reply {
	h := http.Header{}
	if media != "" {
		h.Set("Content-Type", media)
	} else {
		h["Content-Type"] = nil // else one is guessed
	}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return reply{status, h, []byte(body)}
}

// changed alters the answer of the office.
func changed(how func(*reply)) fault {
	return fault{do: func(w http.ResponseWriter, real reply) {
		real.header = real.header.Clone()
		real.header.Del("Content-Length")
		how(&real)
		real.write(w)
	}}
}

// body is another body in the right answer.
func body(text string) fault { return changed(func(a *reply) { a.body = []byte(text) }) }

// line writes bytes as they are on the connection, and closes it.
func line(data func(real reply) []byte) fault {
	return fault{do: func(w http.ResponseWriter, real reply) {
		cut(w, func(c net.Conn) { _, _ = c.Write(data(real)) })
	}}
}

const media = "application/json"

// bomb is a little that unpacks to 200 MB.
var bomb = sync.OnceValue(func() []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	for range 200 {
		_, _ = z.Write(make([]byte, 1<<20))
	}
	_ = z.Close()
	return out.Bytes()
})

// faults: each of them happens to the first two requests of every kind.
func faults() map[string]fault {
	problem := func(status int) string {
		return fmt.Sprintf(`{"type":"about:blank","title":"no","status":%d,"detail":"not now"}`, status)
	}
	all := map[string]fault{
		"answer lost": {do: func(w http.ResponseWriter, _ reply) { cut(w, func(net.Conn) {}) }},
		"answer lost with a reset": {do: func(w http.ResponseWriter, _ reply) {
			cut(w, func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) })
		}},
		"request lost":           {unreached: true, do: func(w http.ResponseWriter, _ reply) { cut(w, func(net.Conn) {}) }},
		"half an answer":         line(func(a reply) []byte { raw := a.raw(); return raw[:len(raw)/2] }),
		"answer without its end": line(func(a reply) []byte { raw := a.raw(); return raw[:len(raw)-1] }),
		"no HTTP":                line(func(reply) []byte { return []byte("220 mail.example ESMTP\r\n") }),
		"endless header":         line(func(reply) []byte { return []byte("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 2<<20)) }),
		"many headers":           line(func(reply) []byte { return []byte("HTTP/1.1 200 OK\r\n" + strings.Repeat("X: x\r\n", 1<<19)) }),
		"endless 1xx":            line(func(reply) []byte { return []byte(strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 1<<14)) }),
		"lying length": line(func(a reply) []byte {
			a.header = a.header.Clone()
			a.header.Set("Content-Length", "99999999999")
			return a.raw()
		}),
		"two lengths": line(func(a reply) []byte {
			return []byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}}")
		}),
		"broken chunks": line(func(a reply) []byte {
			return []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n{")
		}),

		"truncated JSON":      changed(func(a *reply) { a.body = a.body[:len(a.body)/2] }),
		"empty body":          body(""),
		"null":                body("null"),
		"a list":              body("[]"),
		"a number":            body("5"),
		"NaN":                 body(`{"id":NaN,"version":NaN,"next":NaN,"changes":[],"cases":[],"items":[],"overrides":[]}`),
		"endless numbers":     body(`{"version":1e999,"next":1e999,"changes":[{"cursor":1e999}],"items":[{"version":1e999}]}`),
		"long numbers":        body(`{"version":` + strings.Repeat("9", 100000) + `,"next":` + strings.Repeat("9", 100000) + `}`),
		"wrong types":         body(`{"id":5,"state":{},"documents":"none","version":"one","changes":{},"next":"0","more":"yes","overrides":7,"items":{},"cases":null}`),
		"nulls":               body(`{"id":null,"state":null,"documents":null,"version":null,"changes":[null],"next":null,"overrides":null,"items":[null],"cases":[null]}`),
		"deep lists":          body(strings.Repeat("[", 1<<19)),
		"deep objects":        body(strings.Repeat(`{"a":`, 1<<18)),
		"deep in a field":     body(`{"id":"x","changes":[],"next":0,"x":` + strings.Repeat("[", 1<<18) + strings.Repeat("]", 1<<18) + `}`),
		"huge":                body(`{"x":"` + strings.Repeat("x", 30<<20) + `"}`),
		"a million names":     body(`{` + strings.Repeat(`"x":0,`, 1<<20) + `"y":0}`),
		"not UTF-8":           changed(func(a *reply) { a.body = append([]byte("\"\xff\xfe"), a.body...) }),
		"not UTF-8 in a text": changed(func(a *reply) { a.body = bytes.Replace(a.body, []byte(`{`), []byte("{\"x\":\"\xff\xc0\xaf\","), 1) }),
		"UTF-16":              changed(func(a *reply) { a.body = []byte("\xff\xfe{\x00}\x00") }),
		"two values":          changed(func(a *reply) { a.body = append(a.body, a.body...) }),
		"names twice": changed(func(a *reply) {
			a.body = bytes.Replace(a.body, []byte("{"), []byte(`{"id":"00000000-0000-7000-8000-000000000000","next":-1,"version":-1,"state":"issued",`), 1)
		}),
		"other media":      changed(func(a *reply) { a.header.Set("Content-Type", "text/html") }),
		"no media":         changed(func(a *reply) { a.header["Content-Type"] = nil }),
		"broken media":     changed(func(a *reply) { a.header.Set("Content-Type", "application/json; charset=\"") }),
		"not packed":       changed(func(a *reply) { a.header.Set("Content-Encoding", "gzip") }),
		"strange packing":  changed(func(a *reply) { a.header.Set("Content-Encoding", "br") }),
		"packed too large": changed(func(a *reply) { a.header.Set("Content-Encoding", "gzip"); a.body = bomb() }),
		"a portal":         instead(200, "text/html", "<html>please log in</html>"),
	}
	for _, status := range []int{500, 501, 502, 503, 504, 507, 408, 429} {
		all[fmt.Sprint(status)] = instead(status, central.MediaProblem, problem(status))
		all[fmt.Sprint(status, " of a proxy")] = instead(status, "text/html", "<html>error</html>")
	}
	for _, status := range []int{429, 503} {
		all[fmt.Sprint(status, " with a wait")] = instead(status, central.MediaProblem, problem(status), "Retry-After", "2")
		all[fmt.Sprint(status, " with a wait until")] = instead(status, central.MediaProblem, problem(status), "Retry-After", time.Now().Add(3*time.Second).UTC().Format(http.TimeFormat))
		all[fmt.Sprint(status, " with a senseless wait")] = instead(status, central.MediaProblem, problem(status), "Retry-After", "-99999999999999999999")
		all[fmt.Sprint(status, " with an endless wait")] = instead(status, central.MediaProblem, problem(status), "Retry-After", "99999999999999")
	}
	return all
}

// What the client makes of each fault: it loses nothing, does nothing twice, asks nothing again and again, and goes on when the
// line is good.
func TestFaultsOnTheWay(t *testing.T) {
	s := newServer(t)
	gate := make(chan struct{}, 3)
	number := 0
	var all sync.WaitGroup
	for name, f := range faults() {
		number++
		n := number
		all.Add(1)
		go func() {
			gate <- struct{}{}
			defer func() { <-gate; all.Done() }()
			t.Run(name, func(t *testing.T) { spoiled(t, s, n, f, 2, 10*time.Second) })
		}()
	}
	all.Wait()
}

// spoiled tells the story while the fault happens to the first requests of each kind.
func spoiled(t *testing.T, s *server, number int, f fault, times int, timeout time.Duration) {
	p := newProxy(t, s.url)
	y := newStory(t, s, p.url, number, timeout)
	var mu sync.Mutex
	seen := map[string]int{}
	p.spoils(func(w http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		seen[kind(r)]++
		bad := seen[kind(r)] <= times
		mu.Unlock()
		if !bad {
			return false
		}
		var real reply
		if !f.unreached {
			real = p.pass(r, r.Body)
		}
		f.do(w, real)
		return true
	})
	y.after = func() {
		if again := repeated(p.take(), 2); len(again) > 0 { // once more may be meant, to look whether it is there now
			t.Errorf("asked again and again in one exchange: %q", again)
		}
	}
	y.tell(y.until)
	p.spoils(nil)
	y.ended()
	for _, want := range []string{"POST /v1/cases", "GET /v1/changes", "HEAD /v1/documents/{sha256}", "GET /v1/documents/{sha256}", "GET /v1/overrides"} {
		if seen[want] == 0 {
			t.Errorf("%s was never asked: the fault was not tried", want)
		}
	}
}

// A redirect is not followed: neither the case nor the key goes elsewhere.
func TestRedirects(t *testing.T) {
	s := newServer(t)
	var strayed atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed.Add(1) }))
	t.Cleanup(elsewhere.Close)
	for i, status := range [...]int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			spoiled(t, s, i, instead(status, "text/html", "", "Location", elsewhere.URL+"/v1/cases"), 2, 10*time.Second)
		})
	}
	if n := strayed.Load(); n > 0 {
		t.Errorf("%d requests went elsewhere", n)
	}
}

// An answer that comes a byte now and then is given up after the client's own time, and what it answered is not lost.
func TestSlowAnswers(t *testing.T) {
	s := newServer(t)
	slow := fault{do: func(w http.ResponseWriter, real reply) {
		cut(w, func(c net.Conn) { drip(c, real.raw(), 20*time.Millisecond) })
	}}
	spoiled(t, s, 1, slow, 1, 400*time.Millisecond)
}

// An office that lets an account ask five times a second gets all of it, a little at a time.
func TestLowRate(t *testing.T) {
	s := newServer(t, "--rate", "5")
	y := newStory(t, s, s.url, 1, 10*time.Second)
	y.pause = 300 * time.Millisecond // here time has to pass at the office too
	y.tell(y.until)
	if !strings.Contains(s.log.String(), "status=429") {
		t.Error("the bound was never met")
	}
	y.ended()
}
