package central_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"rekey/app/central"
)

// gate is a proxy on a loopback address that leads every name to one server.
type gate struct {
	to       string // host:port
	word     string // name:password that it wants, "" for none
	refusal  int    // status that it answers instead, 0: none
	led      atomic.Int32
	lastName atomic.Value
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	wanted := "Basic " + base64.StdEncoding.EncodeToString([]byte(g.word))
	switch {
	case g.word != "" && r.Header.Get("Proxy-Authorization") != wanted:
		http.Error(w, "who are you", http.StatusProxyAuthRequired)
		return
	case g.refusal != 0:
		http.Error(w, "no", g.refusal)
		return
	case r.Method != http.MethodConnect:
		http.Error(w, "only CONNECT", http.StatusBadRequest)
		return
	}
	g.lastName.Store(r.Host)
	there, err := net.Dial("tcp", g.to)
	if err != nil {
		http.Error(w, "nobody there", http.StatusBadGateway)
		return
	}
	here, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		there.Close()
		return
	}
	g.led.Add(1)
	_, _ = io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
	join(here, buffered.Reader, there)
}

func join(here net.Conn, read io.Reader, there net.Conn) {
	go func() {
		_, _ = io.Copy(there, read)
		there.Close()
	}()
	_, _ = io.Copy(here, there)
	here.Close()
}

// behind runs an office that only a proxy can reach, by the name office.example.
func behind(t *testing.T) (address, at string) {
	t.Helper()
	s := secure(t, &tls.Config{Certificates: []tls.Certificate{world.server("office.example")}}, quietly)
	return "https://office.example:8443/api", s.Listener.Addr().String()
}

func TestProxies(t *testing.T) {
	address, at := behind(t)
	for name, row := range map[string]struct {
		gate *gate
		user string // in the proxy's URL
		want central.Kind
		says string
	}{
		"open":                 {&gate{to: at}, "", "", ""},
		"with a password":      {&gate{to: at, word: "clerk:secret"}, "clerk:secret@", "", ""},
		"with another one":     {&gate{to: at, word: "clerk:secret"}, "clerk:sesame@", central.Proxy, "name and a password"},
		"without the password": {&gate{to: at, word: "clerk:secret"}, "", central.Proxy, "name and a password"},
		"forbidden":            {&gate{to: at, refusal: 403}, "", central.Proxy, "does not let through"},
		"nobody there":         {&gate{to: "127.0.0.1:1"}, "", central.Proxy, "does not reach"},
		"a gateway's time-out": {&gate{to: at, refusal: 504}, "", central.Proxy, "does not reach"},
	} {
		for _, way := range []string{"setting", "environment"} {
			t.Run(name+" by "+way, func(t *testing.T) {
				proxy := strings.Replace(serveAt(t, row.gate.ServeHTTP), "http://", "http://"+row.user, 1)
				o := central.Options{Address: address, Proxy: proxy}
				if way == "environment" {
					t.Setenv("HTTPS_PROXY", proxy)
					o.Proxy = ""
				}
				before := row.gate.led.Load()
				err := ask(t, o)
				if central.KindOf(err) != row.want || err == nil && (row.gate.led.Load() != before+1 || row.gate.lastName.Load() != "office.example:8443") {
					t.Fatalf("%v, led %d", err, row.gate.led.Load())
				}
				if err != nil && (!strings.Contains(err.Error(), row.says) || strings.Contains(err.Error(), "sesame") || strings.Contains(err.Error(), "secret")) {
					t.Error(err)
				}
			})
		}
	}
}

// The certificate behind a proxy is judged as without one: the proxy of an organisation that opens TLS is told apart.
func TestTrustBehindAProxy(t *testing.T) {
	address, at := behind(t)
	proxy := serveAt(t, (&gate{to: at}).ServeHTTP)
	if err := ask(t, central.Options{Address: address, Proxy: proxy, Pin: central.PinOf(world.cert)}); err != nil {
		t.Error(err)
	}
	if err := ask(t, central.Options{Address: address, Proxy: proxy, Pin: central.PinOf(newAuthority("Other").cert)}); central.KindOf(err) != central.Untrusted {
		t.Error(err)
	}
	if err := ask(t, central.Options{Address: "https://other.example", Proxy: proxy, Pin: central.PinOf(world.cert)}); central.KindOf(err) != central.Untrusted || !strings.Contains(err.Error(), "other.example") {
		t.Error(err)
	}
}

func TestProxyIsPassedBy(t *testing.T) {
	_, at := behind(t)
	g := &gate{to: at}
	proxy := serveAt(t, g.ServeHTTP)
	t.Setenv("HTTPS_PROXY", proxy)
	s := secure(t, &tls.Config{Certificates: []tls.Certificate{world.server("127.0.0.1")}}, quietly)
	for _, o := range []central.Options{{Address: s.URL}, {Address: s.URL, Proxy: proxy}, {Address: s.URL, Proxy: "none"}} { // a loopback address
		if err := ask(t, o); err != nil {
			t.Error(err)
		}
	}
	t.Setenv("NO_PROXY", "0.0.0.0") // reaches this machine, and counts as no loopback address
	for _, o := range []central.Options{{Address: "https://0.0.0.0:1"}, {Address: "https://0.0.0.0:1", Proxy: "none"}} {
		if err := ask(t, o); central.KindOf(err) != central.Offline {
			t.Error(err)
		}
	}
	if g.led.Load() != 0 {
		t.Error("the proxy was used")
	}
	down := "http://127.0.0.1:1"
	if err := ask(t, central.Options{Address: "https://office.example", Proxy: down}); central.KindOf(err) != central.Proxy {
		t.Errorf("a proxy that is down: %v", err)
	}
}

// A proxy of https is judged by the system's authorities, whatever the office's pin is, and is not shown the holder's certificate.
func TestProxyOverTLS(t *testing.T) {
	address, at := behind(t)
	shown := make(chan int, 10)
	g := &gate{to: at}
	start := func(a authority) string {
		s := secure(t, &tls.Config{Certificates: []tls.Certificate{a.server("127.0.0.1")}, ClientAuth: tls.RequestClientCert, NextProtos: []string{"http/1.1"}},
			func(w http.ResponseWriter, r *http.Request) {
				shown <- len(r.TLS.PeerCertificates)
				g.ServeHTTP(w, r)
			})
		return s.URL
	}
	key := newKey()
	mine := &tls.Certificate{Certificate: [][]byte{world.issue(key.Public(), tomorrow())}, PrivateKey: key}
	o := central.Options{Address: address, Proxy: start(world), Pin: central.PinOf(world.cert), Certificate: mine}
	if err := ask(t, o); err != nil || g.led.Load() != 1 {
		t.Fatal(err)
	}
	if n := <-shown; n != 0 {
		t.Error("the proxy saw the holder's certificate")
	}
	o.Proxy = start(newAuthority("Other"))
	if err := ask(t, o); central.KindOf(err) != central.Proxy || g.led.Load() != 1 {
		t.Error(err)
	}
}

func TestSocksProxy(t *testing.T) {
	address, at := behind(t)
	u := &url.URL{Scheme: "socks5", Host: socks(t, at)}
	if err := ask(t, central.Options{Address: address, Proxy: u.String()}); err != nil {
		t.Error(err)
	}
	u.Host = socks(t, "127.0.0.1:1")
	if err := ask(t, central.Options{Address: address, Proxy: u.String()}); central.KindOf(err) != central.Proxy {
		t.Error(err)
	}
}

// socks runs a proxy (RFC 1928, without a password) that leads every name to one server.
func socks(t *testing.T, to string) (at string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				r := bufio.NewReader(conn)
				head := make([]byte, 2)
				if _, err := io.ReadFull(r, head); err != nil {
					return
				}
				_, _ = io.CopyN(io.Discard, r, int64(head[1])) // ways to sign in
				_, _ = conn.Write([]byte{5, 0})
				request := make([]byte, 5) // version, CONNECT, 0, a name, its length
				if _, err := io.ReadFull(r, request); err != nil || request[3] != 3 {
					return
				}
				_, _ = io.CopyN(io.Discard, r, int64(request[4])+2)
				there, err := net.Dial("tcp", to)
				if err != nil {
					_, _ = conn.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0}) // connection refused
					return
				}
				_, _ = conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
				join(conn, r, there)
			}()
		}
	}()
	return l.Addr().String()
}
