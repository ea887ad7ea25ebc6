package stage

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"rekey/app/central"
)

// Office is rekey-central as a process of its own.
type Office struct {
	URL    string
	bin    string // folder of the programs
	dir    string
	server *exec.Cmd
}

// NewOffice names the program and the data folder; nothing runs yet.
func NewOffice(bin, dir string) *Office {
	return &Office{bin: bin, dir: dir}
}

func (o *Office) program() string { return filepath.Join(o.bin, "rekey-central") }

// Start runs the server and waits until it listens: on a free loopback port, and later on the same one.
func (o *Office) Start(ctx context.Context) error {
	listen := "127.0.0.1:0"
	if o.URL != "" {
		listen = strings.TrimPrefix(o.URL, "http://")
	}
	o.server = exec.Command(o.program(), "serve", "--listen", listen, "--data", o.dir)
	var log bytes.Buffer
	o.server.Stderr = &log
	out, err := o.server.StdoutPipe()
	if err != nil {
		return err
	}
	if err := o.server.Start(); err != nil {
		return fmt.Errorf("start rekey-central: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		o.Stop()
		return fmt.Errorf("rekey-central did not start: %v: %s", err, log.String())
	}
	o.URL = url
	return ctx.Err()
}

// Stop ends the server and waits for it.
func (o *Office) Stop() {
	if o.server == nil {
		return
	}
	_ = o.server.Process.Signal(syscall.SIGTERM)
	done := make(chan struct{})
	go func() { _ = o.server.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		_ = o.server.Process.Kill()
		<-done
	}
	o.server = nil
}

// Kill ends the server without warning.
func (o *Office) Kill() {
	_ = o.server.Process.Kill()
	_ = o.server.Wait()
	o.server = nil
}

// Command runs one command of the office's side.
func (o *Office) Command(args ...string) (string, error) {
	args = append(args, "--data", o.dir)
	cmd := exec.Command(o.program(), args...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("rekey-central %s: %w: %s", strings.Join(args, " "), err, errOut.String())
	}
	return out.String(), nil
}

// Cases asks the running server what it holds.
func (o *Office) Cases() ([]central.Case, error) {
	text, err := o.Command("cases", "--json")
	if err != nil {
		return nil, err
	}
	var list central.CaseList
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("rekey-central cases: %w: %.200s", err, text)
	}
	return list.Cases, nil
}

// Case waits until the office holds a case of this procedure in this state.
func (o *Office) Case(ctx context.Context, procedure, state string) (central.Case, error) {
	for {
		all, err := o.Cases()
		if err != nil {
			return central.Case{}, err
		}
		for _, c := range all {
			if c.Procedure == procedure && c.State == state {
				return c, nil
			}
		}
		select {
		case <-ctx.Done():
			return central.Case{}, fmt.Errorf("no case of %s became %s: %w", procedure, state, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// CA is the demonstration CA's certificate file.
func (o *Office) CA() string { return filepath.Join(o.dir, "ca", "ca.pem") }

// certify has the demonstration CA sign a request for a first certificate.
func (o *Office) certify(p Person, request []byte, dir string) ([]byte, error) {
	in, out := filepath.Join(dir, "first.p10"), filepath.Join(dir, "first.pem")
	if err := os.WriteFile(in, request, 0o600); err != nil {
		return nil, err
	}
	_, err := o.Command("ca", "certify", "--profile", p.Profile, "--request", in, "--out", out,
		"--days", fmt.Sprint(p.DaysLeft), "--from-days-ago", fmt.Sprint(p.ValidDays-p.DaysLeft))
	if err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}
