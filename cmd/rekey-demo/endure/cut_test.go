package endure

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rekey/app"
	"rekey/app/central"
)

// part is how much of a long document one exchange carries: what the proxy sees of the client.
const part = 1 << 20

// cutter cuts the connection once, where a byte of an upload was to come.
type cutter struct {
	p    *proxy
	sum  string // of the document
	at   int64  // so many of its bytes reach the office
	how  int    // 0: as if the line were closed, 1: with a reset, 2: the office gets all that was sent, the client no answer
	done bool
	sent int64 // bytes of the document that the client has sent in all
}

func (c *cutter) spoil(w http.ResponseWriter, r *http.Request) bool {
	if r.ContentLength <= 0 || !strings.HasSuffix(r.URL.Path, c.sum) {
		return false
	}
	offset, _ := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
	c.sent += r.ContentLength
	if c.done || c.at < offset || c.at > offset+r.ContentLength || c.at == offset && offset > 0 {
		return false
	}
	c.done = true
	n := c.at - offset
	if c.how == 2 {
		c.p.pass(r, io.MultiReader(io.LimitReader(r.Body, n), broken{}))
		cut(w, func(net.Conn) {})
		return true
	}
	if conn, err := net.Dial("tcp", strings.TrimPrefix(c.p.to, "http://")); err == nil {
		fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: office\r\nContent-Length: %d\r\n", r.Method, r.URL.RequestURI(), r.ContentLength)
		_ = r.Header.Write(conn)
		fmt.Fprint(conn, "\r\n")
		_, _ = io.CopyN(conn, r.Body, n)
		if c.how == 1 {
			_ = conn.(*net.TCPConn).SetLinger(0)
		}
		_ = conn.Close()
	}
	cut(w, func(net.Conn) {})
	return true
}

// broken is a body that ends before its time.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// places samples an upload: the first and the last bytes, those at the borders of the parts, and others by chance.
func places(r *rand.Rand, size, n int) []int64 {
	out := []int64{0, 1, 2, int64(size) - 2, int64(size) - 1, int64(size)}
	for border := part; border < size; border += part {
		out = append(out, int64(border)-1, int64(border), int64(border)+1)
	}
	for len(out) < n {
		out = append(out, r.Int64N(int64(size)))
	}
	slices.Sort(out)
	return out
}

// The connection is cut in the middle of an upload, at 220 places of documents that go in one piece and in parts. Each arrives once
// and whole, and what had arrived of a long one is not sent again.
func TestConnectionCutInTheUpload(t *testing.T) {
	r, seed := dice(t)
	s := newServer(t)
	var all sync.WaitGroup
	for lane, size := range []int{200_000, 2*part + 300_000} {
		list := places(r, size, 110)
		all.Add(1)
		go func() {
			defer all.Done()
			t.Run(fmt.Sprint(size, " bytes"), func(t *testing.T) { cuts(t, s, seed, lane, size, list) })
		}()
	}
	all.Wait()
}

func cuts(t *testing.T, s *server, seed uint64, lane, size int, list []int64) {
	p := newProxy(t, s.url)
	skew := time.Duration(0)
	d := newDesk(t, p.url, clock(&skew), func(o *app.Options) { o.Timeout = 10 * time.Second })
	resumed, sent := 0, int64(0)
	for i, at := range list {
		n := 500*(lane+1) + i
		letter := newPaper(rand.New(rand.NewPCG(seed, uint64(n))), "letter", size)
		at = min(at, int64(len(letter.data)))
		plan := plan{number: n, first: []paper{letter}}
		c := &cutter{p: p, sum: letter.sum(), at: at, how: i % 3}
		p.spoils(c.spoil)
		if _, err := d.handIn(t.Context(), plan); excused(err) != nil {
			t.Fatalf("cut at %d: %v", at, err)
		}
		until(t, "the case arrives", func() bool {
			skew += time.Hour
			result, err := d.Sync(t.Context())
			if excused(err) != nil {
				t.Fatalf("cut at %d: %v", at, err)
			}
			return err == nil && result.Waiting == 0
		})
		if !c.done {
			t.Errorf("nothing was cut at %d", at)
		}
		if data := s.ask("GET", "/v1/documents/"+c.sum, nil); hashOf(data) != c.sum {
			t.Errorf("cut at %d: %d other bytes arrived", at, len(data))
		}
		sent += c.sent - int64(len(letter.data))
		if c.sent < int64(len(letter.data))+min(at, part) {
			resumed++
		}
	}
	p.spoils(nil)
	if most := int64(len(list)) * min(int64(size), part) * 5 / 4; sent > most {
		t.Errorf("%d bytes were sent twice in all, want at most %d: about the part that was cut, each time", sent, most)
	}
	count := map[string]int{}
	for _, c := range s.cases() {
		count[c.Details["email"]]++
		if c.State != central.StateReceived || len(c.Documents) != 2 {
			t.Errorf("%s: %s with %d documents", c.Details["email"], c.State, len(c.Documents))
		}
	}
	for i := range list {
		if n := count[plan{number: 500*(lane+1) + i}.email()]; n != 1 {
			t.Errorf("case %d is there %d times", i, n)
		}
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	storeWhole(t, filepath.Join(d.dir, "store"))
	t.Logf("%d cuts, %d uploads went on where they were cut", len(list), resumed)
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
