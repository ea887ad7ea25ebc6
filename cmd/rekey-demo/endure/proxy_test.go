package endure

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// proxy stands between a client and the office, and spoils what passes when it is told to.
type proxy struct {
	url, to string
	front   *httptest.Server

	mu    sync.Mutex
	spoil spoiler
	asked []string // every request, see identity
}

// spoiler may answer in the place of the office; false: the request passes as it is.
type spoiler func(w http.ResponseWriter, r *http.Request) bool

func newProxy(t testing.TB, to string) *proxy {
	t.Helper()
	p := &proxy{to: to}
	p.front = httptest.NewServer(p)
	p.url = p.front.URL
	t.Cleanup(func() { p.front.CloseClientConnections(); p.front.Close() })
	return p
}

func (p *proxy) spoils(s spoiler) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spoil = s
}

// take gives the requests since the last time.
func (p *proxy) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.asked
	p.asked = nil
	return out
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	spoil := p.spoil
	p.asked = append(p.asked, identity(r))
	p.mu.Unlock()
	if spoil != nil && spoil(w, r) {
		return
	}
	p.pass(r, r.Body).write(w)
}

var (
	hexPart  = regexp.MustCompile(`[0-9a-f]{64}`)
	uuidPart = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
)

// kind is the operation of the contract.
func kind(r *http.Request) string {
	return r.Method + " " + uuidPart.ReplaceAllString(hexPart.ReplaceAllString(r.URL.Path, "{sha256}"), "{id}")
}

// identity tells two requests apart that are not the same one sent again.
func identity(r *http.Request) string {
	return r.Method + " " + r.URL.RequestURI() + " " + r.Header.Get("Upload-Offset") + " " + r.Header.Get("Idempotency-Key")
}

// reply is an answer of the office.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (p *proxy) pass(r *http.Request, body io.Reader) reply {
	out, err := http.NewRequestWithContext(r.Context(), r.Method, p.to+r.URL.RequestURI(), body)
	if err != nil {
		return reply{status: http.StatusBadGateway}
	}
	out.Header, out.ContentLength = r.Header.Clone(), r.ContentLength
	out.Header.Set("Accept-Encoding", "identity")
	if r.ContentLength == 0 {
		out.Body = http.NoBody
	}
	res, err := direct.RoundTrip(out)
	if err != nil {
		return reply{status: http.StatusBadGateway}
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return reply{status: http.StatusBadGateway}
	}
	return reply{res.StatusCode, res.Header, data}
}

// direct goes to the office without any proxy of the environment.
var direct = &http.Transport{}

func (a reply) write(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// raw is the answer as it stands on the line.
func (a reply) raw() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "HTTP/1.1 %d %s\r\n", a.status, http.StatusText(a.status))
	_ = a.header.Write(&out)
	out.WriteString("Connection: close\r\n")
	if a.header.Get("Content-Length") == "" && a.status != http.StatusNoContent {
		fmt.Fprintf(&out, "Content-Length: %d\r\n", len(a.body))
	}
	out.WriteString("\r\n")
	out.Write(a.body)
	return out.Bytes()
}

// cut takes the connection over; what is sent on it is up to say.
func cut(w http.ResponseWriter, say func(net.Conn)) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	say(conn)
}

// drip sends a byte at a time, until the other side has had enough.
func drip(conn net.Conn, data []byte, pause time.Duration) {
	for i := range data {
		if _, err := conn.Write(data[i : i+1]); err != nil {
			return
		}
		time.Sleep(pause)
	}
}

// repeated are the requests that were sent more than so many times.
func repeated(asked []string, most int) []string {
	count := map[string]int{}
	var out []string
	for _, a := range asked {
		if count[a]++; count[a] == most+1 {
			out = append(out, strings.TrimSpace(a))
		}
	}
	return out
}
