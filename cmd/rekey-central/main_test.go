package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rekey/app/central"
)

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
