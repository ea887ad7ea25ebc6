package listen

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
)

// serve opens an address and answers on it until the test ends; the end is asked for by stop, too.
func serve(t *testing.T, c Config, h http.HandlerFunc, change ...func(*Listener)) (l *Listener, stop func() error) {
	t.Helper()
	if c.Address == "" {
		c.Address = "127.0.0.1:0"
	}
	if c.Data == "" {
		c.Data = t.TempDir()
	}
	l, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range change {
		f(l)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.Serve(ctx, h) }()
	called := false
	stop = func() error {
		if called {
			return nil
		}
		called = true
		cancel()
		return <-ended
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return l, stop
}

func hello(w http.ResponseWriter, r *http.Request) {
	who := "nobody"
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		who = r.TLS.PeerCertificates[0].Subject.CommonName
	}
	fmt.Fprintf(w, "hello %s", who)
}

// host is HOST:PORT of an address that was given out.
func host(url string) string { return url[strings.Index(url, "//")+2:] }

// program runs somebody else's program and gives what it says.
func program(t *testing.T, in string, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = strings.NewReader(in)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if _, exit := err.(*exec.ExitError); err != nil && !exit {
		t.Fatal(err)
	}
	return out.String(), err
}

// client trusts the private authority of a listener and nobody else.
func client(t *testing.T, l *Listener) *http.Client {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true, ForceAttemptHTTP2: true}
	if l.Secure() {
		transport.TLSClientConfig = clientTLS(t, l)
	}
	return &http.Client{Transport: transport}
}

func pool(t *testing.T, pem []byte) *x509.CertPool {
	t.Helper()
	p := x509.NewCertPool()
	if !p.AppendCertsFromPEM(pem) {
		t.Fatal("no certificate")
	}
	return p
}

func get(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	res, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}
