package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// printer is a CUPS server of the test's own with one printer, whose paper is a folder.
type printer struct {
	t      *testing.T
	socket string
	paper  string
}

// printed is what came out.
type printed struct {
	copies  int
	title   string
	options string
	data    []byte
}

// openPrinter starts the server with the printer as its default.
func openPrinter(t *testing.T) *printer {
	t.Helper()
	dir, err := os.MkdirTemp("", "rekey-cups-") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	p := &printer{t: t, socket: filepath.Join(dir, "sock"), paper: filepath.Join(dir, "paper")}
	for _, sub := range []string{"conf", "spool", "cache", "state", "bin/backend", "paper"} {
		p.must(os.MkdirAll(filepath.Join(dir, sub), 0o755))
	}
	p.must(os.Chmod(dir, 0o755))
	p.must(os.Symlink("/usr/lib/cups/daemon", filepath.Join(dir, "bin/daemon"))) // it starts the backend
	files := strings.ReplaceAll("ServerRoot DIR/conf\nServerBin DIR/bin\nRequestRoot DIR/spool\nCacheDir DIR/cache\nStateDir DIR/state\nTempDir DIR/spool\n"+
		"AccessLog DIR/access\nErrorLog DIR/error\nPageLog DIR/page\n", "DIR", dir)
	rules := "Listen " + p.socket + "\nBrowsing Off\nWebInterface No\nDefaultAuthType None\n<Location />\nAllow all\n</Location>\n<Policy default>\n<Limit All>\nAllow all\n</Limit>\n</Policy>\n"
	p.must(os.WriteFile(dir+"/conf/cups-files.conf", []byte(files), 0o600))
	p.must(os.WriteFile(dir+"/conf/cupsd.conf", []byte(rules), 0o600))
	// A backend gets: job, user, title, copies, options, and the file or its bytes.
	backend := "#!/bin/sh\n[ $# -eq 0 ] && { echo 'direct paper \"paper\" \"paper\"'; exit 0; }\ncat \"${6:--}\" >" + p.paper + "/data\necho \"$4 $3\" >" + p.paper + "/job.new\necho \"$5\" >" + p.paper + "/options\nmv " + p.paper + "/job.new " + p.paper + "/job\n"
	p.must(os.WriteFile(dir+"/bin/backend/paper", []byte(backend), 0o700))
	var log bytes.Buffer
	server := exec.Command("/usr/sbin/cupsd", "-f", "-c", dir+"/conf/cupsd.conf", "-s", dir+"/conf/cups-files.conf")
	server.Stdout, server.Stderr = &log, &log
	p.must(server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	for try := 0; ; try++ {
		add := exec.CommandContext(t.Context(), "/usr/sbin/lpadmin", "-p", "office", "-E", "-v", "paper:/", "-m", "raw")
		add.Env = append(os.Environ(), "CUPS_SERVER="+p.socket)
		out, err := add.CombinedOutput()
		if err == nil {
			break
		}
		if try == 100 {
			t.Fatalf("cupsd: %v: %s\n%s", err, out, log.String())
		}
		time.Sleep(100 * time.Millisecond)
	}
	choose := exec.CommandContext(t.Context(), "/usr/sbin/lpadmin", "-d", "office")
	choose.Env = append(os.Environ(), "CUPS_SERVER="+p.socket)
	if out, err := choose.CombinedOutput(); err != nil {
		t.Fatalf("lpadmin: %v: %s", err, out)
	}
	return p
}

// next waits for a job and takes it out of the printer.
func (p *printer) next(ctx context.Context) (out printed) {
	p.t.Helper()
	for {
		text, err := os.ReadFile(p.paper + "/job")
		if err == nil {
			copies, title, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
			out.copies, err = strconv.Atoi(copies)
			p.must(err)
			out.title = title
			out.data, err = os.ReadFile(p.paper + "/data")
			p.must(err)
			options, err := os.ReadFile(p.paper + "/options")
			p.must(err)
			out.options = string(options)
			p.must(os.Remove(p.paper + "/job"))
			return out
		}
		select {
		case <-ctx.Done():
			p.t.Fatal(fmt.Errorf("nothing was printed: %w", ctx.Err()))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (p *printer) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}
