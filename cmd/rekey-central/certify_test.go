package main

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestCertify(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	request, _ := pkcs10(t)
	root := strings.TrimSpace(mustDo(t, "ca", "init", "--data", dir))
	if status, _, complaint := do(t, "ca", "init", "--data", dir); status != exitFailed || !strings.Contains(complaint, "never overwritten") {
		t.Errorf("%d %s", status, complaint)
	}
	out := filepath.Join(t.TempDir(), "first.pem")
	args := []string{"ca", "certify", "--data", dir, "--profile", "tr-nes", "--request", request, "--days", "23", "--from-days-ago", "1072", "--out", out}
	mustDo(t, args...)
	verdict, err := exec.Command("openssl", "verify", "-CAfile", root, out).CombinedOutput()
	if err != nil {
		t.Errorf("%v %s", err, verdict)
	}
	// openssl's own clock: it still holds in 22 days and no longer in 24.
	for days, holds := range map[string]bool{"1900800": true, "2073600": false} {
		err := exec.Command("openssl", "x509", "-in", out, "-noout", "-checkend", days).Run()
		if (err == nil) != holds {
			t.Errorf("-checkend %s: %v", days, err)
		}
	}
	text, err := exec.Command("openssl", "x509", "-in", out, "-noout", "-text").CombinedOutput()
	if err != nil || !strings.Contains(string(text), fallbackCRL) {
		t.Errorf("%v %s", err, text)
	}
	if status, _, complaint := do(t, args...); status != exitFailed || !strings.Contains(complaint, "never overwritten") {
		t.Errorf("%d %s", status, complaint)
	}
}

func TestWrongUsage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	request, _ := pkcs10(t)
	table := [][]string{
		{"bogus"}, {"cases"}, {"cases", "extra", "--data", dir}, {"approve", "--data", dir}, {"return", "x", "--data", dir},
		{"cases", "--url", "http://127.0.0.1:1"}, {"cases", "--nonsense"}, {"document", "x", "--data", dir, "--out", "y"},
		{"serve"}, {"serve", "--data", dir, "--listen", "example.org:0"}, {"serve", "--data", dir, "--admit", "friends"}, {"serve", "--data", dir, "--rate", "-1"},
		{"serve", "--data", dir, "--tls-cert", "x"}, {"serve", "--data", dir, "--name", "a b"}, {"account", "add", "--data", dir}, {"account", "disable", "--data", dir}, {"audit", "x"},
		{"ca", "init"}, {"ca", "init", "--data", dir, "--key", "dsa"},
		{"ca", "certify", "--data", dir, "--request", request, "--out", filepath.Join(dir, "x"), "--profile", "none"},
		{"ca", "certify", "--data", dir, "--request", request, "--out", filepath.Join(dir, "x"), "--days", "-1"},
	}
	for _, args := range table {
		if status, _, complaint := do(t, args...); status != exitUsage || complaint == "" {
			t.Errorf("%v: status %d %q, want %d", args, status, complaint, exitUsage)
		}
	}
	for _, args := range [][]string{
		{"cases", "--data", dir},
		{"cases", "--url", "http://192.0.2.1", "--key-file", filepath.Join(dir, "none")},
		{"ca", "certify", "--data", dir, "--request", filepath.Join(dir, "none"), "--out", filepath.Join(dir, "x")},
	} {
		if status, _, complaint := do(t, args...); status != exitFailed || complaint == "" {
			t.Errorf("%v: status %d %q, want %d", args, status, complaint, exitFailed)
		}
	}
}

// The served pages are there, on the same address as the API.
func TestServePages(t *testing.T) {
	p := startServer(t, filepath.Join(t.TempDir(), "office"))
	for path, want := range map[string]int{"/officer/login": http.StatusOK, "/officer/style.css": http.StatusOK, "/officer/nothing": http.StatusNotFound} {
		if status, body := send(t, "GET", p.base+path, nil); status != want {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}
