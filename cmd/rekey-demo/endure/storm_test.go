package endure

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
)

// While the program is open and the office fails, it asks now and then and ever more seldom; when the office is well again, all is
// delivered by itself.
func TestNoStormOfQuestions(t *testing.T) {
	s := newServer(t)
	var all sync.WaitGroup
	defer all.Wait()
	for i, f := range []fault{
		instead(500, "text/html", "<html>error</html>"),
		instead(503, central.MediaProblem, `{"type":"about:blank","title":"no","status":503,"detail":"not now"}`),
		instead(429, central.MediaProblem, `{"type":"about:blank","title":"no","status":429,"detail":"not now"}`),
		instead(200, "text/html", "<html>please log in</html>"),
		body("{"),
		{do: func(w http.ResponseWriter, _ reply) { cut(w, func(net.Conn) {}) }},
	} {
		all.Add(1)
		go func() {
			defer all.Done()
			t.Run(fmt.Sprint(i), func(t *testing.T) { noStorm(t, s, 2000+i, f) })
		}()
	}
}

func noStorm(t *testing.T, s *server, number int, f fault) {
	p := newProxy(t, s.url)
	p.spoils(func(w http.ResponseWriter, r *http.Request) bool {
		var real reply
		if !f.unreached {
			real = p.pass(r, r.Body)
		}
		f.do(w, real)
		return true
	})
	d := newDesk(t, p.url, func(o *app.Options) { o.Jitter = func(limit time.Duration) time.Duration { return limit / 4 } })
	plan := newPlan(5, number)
	ctx, cancel := context.WithCancel(t.Context())
	var watch sync.WaitGroup
	watch.Go(func() { d.Watch(ctx, func() {}) })
	defer watch.Wait()
	defer cancel()
	if _, err := d.handIn(t.Context(), plan); excused(err) != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * time.Second) // what is counted is how much is asked meanwhile: on a slow machine it is less
	// Tries after 0, ½, 1½ and 3½ s, of the sending and of the listening; one of sending has a few requests.
	if asked := p.take(); len(asked) < 2 || len(asked) > 24 {
		t.Errorf("%d requests in three seconds: %.1000q", len(asked), asked)
	}
	p.spoils(nil)
	until(t, "the case is sent by itself", func() bool {
		c, _, err := d.find(plan)
		return err == nil && sent(c)
	})
}

// An office that asks to be left alone for two minutes is left alone, whoever presses the button, and is asked again afterwards.
func TestAskedToWait(t *testing.T) {
	s := newServer(t)
	for _, status := range []int{429, 503} {
		p := newProxy(t, s.url)
		y := newStory(t, s, p.url, status, 10*time.Second)
		f := instead(status, central.MediaProblem, `{"type":"about:blank","title":"no","detail":"not now"}`, "Retry-After", "120")
		p.spoils(func(w http.ResponseWriter, _ *http.Request) bool { f.do(w, reply{}); return true })
		begun := false
		y.tell(func(what string, there func(cases.Case) bool) {
			if !begun {
				begun = true
				if n := len(p.take()); n < 1 || n > 8 {
					t.Errorf("%d: %d requests", status, n)
				}
				for range 5 {
					if _, err := y.desk.Sync(t.Context()); app.KindOf(err) != app.ServerAnswer {
						t.Errorf("%d: %v", status, err)
					}
				}
				if asked := p.take(); len(asked) > 0 {
					t.Errorf("%d: the office was asked all the same: %q", status, asked)
				}
				p.spoils(nil)
				y.skew += 121 * time.Second
			}
			y.until(what, there)
		})
		y.ended()
	}
}

// The certificates that the office makes for itself hold for a client whose clock is an hour behind or ahead, from the first minute on.
func TestOwnCertificatesHoldAnHourOff(t *testing.T) {
	s := newServer(t, "--tls")
	read := func(name string) []*x509.Certificate {
		text, err := os.ReadFile(filepath.Join(s.dir, "tls", name))
		if err != nil {
			t.Fatal(err)
		}
		var list []*x509.Certificate
		for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, c)
		}
		return list
	}
	roots := x509.NewCertPool()
	for _, c := range read("ca.pem") {
		roots.AddCert(c)
	}
	if !strings.HasPrefix(s.url, "https://") {
		t.Errorf("it listens on %s", s.url)
	}
	for _, off := range []time.Duration{-time.Hour, 0, time.Hour} {
		if _, err := read("server.pem")[0].Verify(x509.VerifyOptions{Roots: roots, CurrentTime: time.Now().Add(off), DNSName: "127.0.0.1"}); err != nil {
			t.Errorf("a clock %v off: %v", off, err)
		}
	}
	modes(t, s.dir)
}
