package listen

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Connections that trickle are cut, in the handshake and in the header; others are served all the while.
func TestSlowConnections(t *testing.T) {
	for name, config := range map[string]Config{"plain": {}, "TLS": {TLS: true}} {
		l, _ := serve(t, config, hello, func(l *Listener) { l.limits.header = 2 * time.Second })
		cut := make(chan string, 20)
		for i := range cap(cut) {
			go trickle(t, l, i%2 == 0 && l.Secure(), cut)
		}
		c, left := client(t, l), cap(cut)
		for left > 0 {
			if status, body := get(t, c, l.Local); status != 200 || body != "hello nobody" {
				t.Fatalf("%s: %d %s", name, status, body)
			}
			for more := true; more; {
				select {
				case why := <-cut:
					left--
					if why != "" {
						t.Errorf("%s: %s", name, why)
					}
				default:
					more = false
				}
			}
		}
	}
}

// trickle sends a header, or half a handshake, one byte after the other, until the server has had enough.
func trickle(t *testing.T, l *Listener, handshakeDone bool, cut chan<- string) {
	conn, err := net.Dial("tcp", host(l.Local))
	if err != nil {
		cut <- err.Error()
		return
	}
	defer conn.Close()
	out := conn
	if handshakeDone {
		config := clientTLS(t, l)
		config.ServerName = "localhost"
		out = tls.Client(conn, config)
	}
	text := "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
	if l.Secure() && !handshakeDone {
		text = "\x16\x03\x01\x20\x00" // a TLS record of 8 KiB that never comes
	}
	for err == nil { // until the server has closed it
		_, err = io.WriteString(out, text)
		text = "\x01"
		time.Sleep(10 * time.Millisecond)
	}
	cut <- ""
}

func TestLongHeader(t *testing.T) {
	l, _ := serve(t, Config{}, hello)
	req, err := http.NewRequest("GET", l.Local, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Long", strings.Repeat("x", 2*usual.headerBytes))
	res, err := client(t, l).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Error(res.Status)
	}
}

// A request that runs when the server is stopped gets its answer; a new one gets none.
func TestGracefulStop(t *testing.T) {
	begun, finish := make(chan struct{}), make(chan struct{})
	l, stop := serve(t, Config{}, func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-finish
		fmt.Fprint(w, "done")
	})
	conn, err := net.Dial("tcp", host(l.Local))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-begun
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	for { // until nobody listens any more
		probe, err := net.Dial("tcp", host(l.Local))
		if err != nil {
			break
		}
		probe.Close()
	}
	close(finish)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || string(body) != "done" {
		t.Errorf("%q %v", body, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A request that never ends is cut off when its time is over, and the stop is none the worse for it.
func TestStopCutsOff(t *testing.T) {
	begun := make(chan struct{})
	l, stop := serve(t, Config{}, func(_ http.ResponseWriter, r *http.Request) {
		close(begun)
		_, _ = io.Copy(io.Discard, r.Body)
	}, func(l *Listener) { l.limits.stop = 50 * time.Millisecond })
	conn, err := net.Dial("tcp", host(l.Local))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nslow"); err != nil {
		t.Fatal(err)
	}
	<-begun
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// HTTP/2 is spoken over TLS, so that a wait for changes does not hold a connection of its own.
func TestHTTP2(t *testing.T) {
	l, _ := serve(t, Config{TLS: true}, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) })
	if _, body := get(t, client(t, l), l.Local); body != "HTTP/2.0" {
		t.Error(body)
	}
}
