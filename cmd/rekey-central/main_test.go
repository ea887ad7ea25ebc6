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
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"rekey/app/central"
)

const clientKey = "client-key-client-key-client-key"

// The test program is rekey-central itself when this is set, so that the stories run the
// real commands in processes of their own.
const asProgram = "REKEY_CENTRAL_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
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

// process is a running server.
type process struct {
	cmd  *exec.Cmd
	base string
}

func startServer(t *testing.T, dir string) *process {
	t.Helper()
	cmd := command(t, "serve", "--listen", "127.0.0.1:0", "--data", dir)
	cmd.Stderr = io.Discard
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	base, found := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !found {
		t.Fatalf("the server says %q", line)
	}
	return &process{cmd, base}
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
	req.Header.Set("Authorization", "Bearer "+clientKey)
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

// A day at the office, with the commands only.
func TestOfficeCommands(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	p := startServer(t, dir)
	_, request := pkcs10(t)
	id := handIn(t, p.base, "ru-vipnet-tfoms", request)
	back := handIn(t, p.base, "tr-kamusm-nes", request)

	if list := mustDo(t, "cases", "--data", dir); !strings.Contains(list, id) || !strings.Contains(list, "Проба") {
		t.Error(list)
	}
	var list central.CaseList
	if err := json.Unmarshal([]byte(mustDo(t, "cases", "--json", "--data", dir)), &list); err != nil || len(list.Cases) != 2 {
		t.Errorf("%v %+v", err, list)
	}
	if out := mustDo(t, "approve", id, "--data", dir); strings.TrimSpace(out) != id+" approved" {
		t.Error(out)
	}
	// The other way to find the server, and the shortest beginning that is not ambiguous.
	prefix := 1
	for id[:prefix] == back[:prefix] {
		prefix++
	}
	mustDo(t, "issue", id[:prefix], "--url", p.base, "--key-file", filepath.Join(dir, "office.key"))
	mustDo(t, "return", back, "--why", "the stamp is missing", "--data", dir)
	if status, _, complaint := do(t, "approve", id[:prefix-1], "--data", dir); status != exitFailed || !strings.Contains(complaint, "give more") {
		t.Errorf("%d %s", status, complaint)
	}
	if status, _, complaint := do(t, "approve", back, "--data", dir); status != exitFailed || !strings.Contains(complaint, "returned") {
		t.Errorf("%d %s", status, complaint)
	}

	out := filepath.Join(t.TempDir(), "certificate.pem")
	mustDo(t, "document", id, "certificate", "--out", out, "--data", dir)
	text, err := exec.Command("openssl", "verify", "-CAfile", filepath.Join(dir, "ca", "ca.pem"), out).CombinedOutput()
	if err != nil {
		t.Errorf("%v %s", err, text)
	}
	if status, _, complaint := do(t, "document", id, "certificate", "--out", out, "--data", dir); status != exitFailed || !strings.Contains(complaint, "never overwritten") {
		t.Errorf("%d %s", status, complaint)
	}
	if status, _, _ := do(t, "document", id, "scan", "--out", out+"2", "--data", dir); status != exitFailed {
		t.Errorf("a document that is not there: status %d", status)
	}
	rights(t, dir)
	stopGracefully(t, p, dir)
}

func rights(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %s", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func stopGracefully(t *testing.T, p *process, dir string) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "url")); !os.IsNotExist(err) {
		t.Errorf("the address is still there: %v", err)
	}
	if status, _, complaint := do(t, "cases", "--data", dir); status != exitFailed || !strings.Contains(complaint, "no server is running") {
		t.Errorf("%d %s", status, complaint)
	}
}

// kill -9 right after the answer: the case and its document are there after the next start.
func TestKilledAfterCommit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	_, request := pkcs10(t)
	var ids []string
	for range 3 {
		p := startServer(t, dir)
		ids = append(ids, handIn(t, p.base, "generic", request))
		p.kill(t)
	}
	p := startServer(t, dir)
	for _, id := range ids {
		if status, body := send(t, "GET", p.base+"/v1/cases/"+id, nil); status != 200 {
			t.Errorf("%s: %d %s", id, status, body)
		}
		mustDo(t, "approve", id, "--data", dir)
		mustDo(t, "issue", id, "--data", dir)
	}
	p.kill(t)
	p = startServer(t, dir)
	for _, id := range ids {
		mustDo(t, "document", id, "certificate", "--data", dir, "--out", filepath.Join(t.TempDir(), "c.pem"))
	}
}

func TestOnlyOneServerAtATime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	startServer(t, dir)
	status, _, complaint := do(t, "serve", "--listen", "127.0.0.1:0", "--data", dir)
	if status != exitFailed || !strings.Contains(complaint, "another rekey-central") {
		t.Errorf("%d %s", status, complaint)
	}
}
