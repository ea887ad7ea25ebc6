package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"rekey/app/central"
	"rekey/cmd/rekey-central/data/datatest"
)

const clientKey = "client-key-client-key-client-key"

// The test program is rekey-central itself when this is set, so that the stories run the
// real commands in processes of their own.
const asProgram = "REKEY_CENTRAL_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
	}
	datatest.Main(m)
}

func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// do runs a command to its end and gives its status, what it printed and what it complained.
func do(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, complaint bytes.Buffer
	cmd := command(t, args...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), complaint.String()
}

// mustDo runs a command that has to succeed.
func mustDo(t *testing.T, args ...string) string {
	t.Helper()
	status, out, complaint := do(t, args...)
	if status != exitDone {
		t.Fatalf("%v: status %d: %s", args, status, complaint)
	}
	return out
}

// process is a running server. pin is that of its private authority, over TLS.
type process struct {
	cmd       *exec.Cmd
	base, pin string
}

func startServer(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	return startCommand(t, command(t, append([]string{"serve", "--listen", "127.0.0.1:0", "--data", dir}, args...)...))
}

func startCommand(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	said, p := bufio.NewReader(out), &process{cmd: cmd}
	read := func(begin string) string {
		t.Helper()
		line, err := said.ReadString('\n')
		rest, found := strings.CutPrefix(strings.TrimSpace(line), begin)
		if err != nil || !found {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			t.Fatalf("the server says %q, %v: %s", line, err, complaint.String())
		}
		return rest
	}
	p.base = read("listening on ")
	if strings.HasPrefix(p.base, "https:") {
		p.pin = read("pin ")
	}
	return p
}

func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil { // SIGKILL
		t.Fatal(err)
	}
	_ = p.cmd.Wait()
}

func send(t *testing.T, method, url string, body []byte, header ...string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+clientKey) // unless header has another
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, data
}

// handIn sends a request document and a case that names it, and gives the case's ID.
func handIn(t *testing.T, base, procedure string, request []byte) string {
	t.Helper()
	hash := sha256.Sum256(request)
	sum := hex.EncodeToString(hash[:])
	if status, body := send(t, "PUT", base+"/v1/documents/"+sum, request); status != 201 && status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(central.Submission{
		ID: id.String(), Procedure: procedure, Reason: "renewal", Route: "transport", Holder: "Проба Примеровна", CreatedAt: time.Now(),
		Documents: []central.Document{{Kind: central.DocRequest, Name: "request.p10", SHA256: sum, Size: int64(len(request))}},
	})
	if err != nil {
		t.Fatal(err)
	}
	status, body := send(t, "POST", base+"/v1/cases", data, "Content-Type", "application/json", "Idempotency-Key", id.String())
	if status != 201 {
		t.Fatalf("%d %s", status, body)
	}
	return id.String()
}

func pkcs10(t *testing.T) (path string, data []byte) {
	t.Helper()
	dir := t.TempDir()
	path = filepath.Join(dir, "request.p10")
	out, err := exec.Command("openssl", "req", "-new", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
		"-subj", "/serialNumber=10000000146/C=TR/CN=AYSE ORNEK", "-keyout", filepath.Join(dir, "key.pem"), "-out", path).CombinedOutput()
	if err != nil {
		t.Fatalf("openssl: %v %s", err, out)
	}
	if data, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return path, data
}
