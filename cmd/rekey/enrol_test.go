package main_test

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rekey/app"
	"rekey/app/central"
	"rekey/cmd/rekey-demo/stage"
)

// strictOffice starts a second office over TLS that admits whoever proves a certificate of the first one's authority, and nobody else.
// It gives its address and its pin.
func (w *world) strictOffice() (address, pin string) {
	w.t.Helper()
	server := exec.Command(filepath.Join(bin, "rekey-central"), "serve", "--listen", "127.0.0.1:0", "--tls", "--client-ca", w.office.CA(), "--data", filepath.Join(w.dir, "strict"))
	var log bytes.Buffer
	server.Stderr = &log
	out, err := server.StdoutPipe()
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait()
	})
	lines := bufio.NewReader(out)
	first, _ := lines.ReadString('\n')
	second, _ := lines.ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(first), "listening on ")
	words := strings.Fields(second)
	if !ok || len(words) == 0 {
		w.t.Fatalf("the office says %q and %q: %s", first, second, log.String())
	}
	return address, words[len(words)-1]
}

// A clerk's way to an office with TLS: its pin, then the card once, and from then on no PIN.
func TestSignInWithTheCard(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	address, pin := w.strictOffice()
	w.office = &stage.Office{URL: address}
	out := filepath.Join(w.dir, "out")
	status := func() (s struct {
		Waiting   int
		LastError string `json:"last_error"`
		What, Do  string
		Age       int64 `json:"age_seconds"`
		Items     []app.Unsent
	}) {
		t.Helper()
		return decode[struct {
			Waiting   int
			LastError string `json:"last_error"`
			What, Do  string
			Age       int64 `json:"age_seconds"`
			Items     []app.Unsent
		}](t, w.must(0, "", "sync", "--status", "--json").out)
	}
	w.must(5, w.person.PIN+"\n", w.renew(out)...) // made, and kept: it is not known who answers there
	if s := status(); s.LastError != string(app.Untrusted) || s.Waiting != 1 || s.Items[0].Attempts != 0 || s.Items[0].Kind != "case" || s.What == "" || s.Do == "" {
		t.Errorf("%+v", s)
	}
	if r := w.must(1, "", "settings", "central-pin", "no pin"); !strings.Contains(r.err, "44 characters") {
		t.Errorf("says %s", r.err)
	}
	w.must(0, "", "settings", "central-pin", pin)
	w.must(1, "", "sync") // now the office is known to us, and we are not to it
	if s := status(); s.LastError != string(app.NotAdmitted) || s.Waiting != 1 || s.Items[0].Attempts != 0 {
		t.Errorf("%+v", s)
	}
	w.must(4, "000111\n", "enrol", "--card", w.card.Serial)
	me := decode[central.Me](t, w.must(0, w.person.PIN+"\n", "enrol", "--card", w.card.Serial, "--json").out)
	if me.Role != central.RoleHolder || me.Account == "" {
		t.Errorf("%+v", me)
	}
	if r := w.must(0, "", "sync"); !strings.Contains(r.out, "waiting 0") || !strings.Contains(r.out, "sent 1") {
		t.Errorf("says %s", r.out)
	}
	if s := status(); s.LastError != "" || s.Waiting != 0 {
		t.Errorf("%+v", s)
	}
	w.must(0, "", "settings", "central-pin", "")
	w.must(0, "", "settings", "central-ca", filepath.Join(w.dir, "strict", "tls", "ca.pem"))
	w.must(0, "", "sync")
	if r := w.must(0, "", "settings"); !strings.Contains(r.out, "SHA-256") || strings.Contains(r.out, "BEGIN") {
		t.Errorf("says %s", r.out)
	}
	w.must(2, "", "settings", "colour")
	w.must(1, "", "settings", "central-ca", filepath.Join(w.dir, "nothing"))
	w.must(1, "", "settings", "tsa", "ftp://stamp")
}

// The office knows nobody who has no account; the key of one that it makes is typed in, and is never shown.
func TestKeyOfAnAccount(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	address, pin := w.strictOffice()
	w.office = &stage.Office{URL: address}
	w.must(0, "", "settings", "central-pin", pin)
	w.must(1, "", "sync")
	out, err := exec.Command(filepath.Join(bin, "rekey-central"), "account", "add", "--role", "holder", "--name", "invented", "--data", filepath.Join(w.dir, "strict")).Output()
	_, key, found := strings.Cut(strings.TrimSpace(string(out)), "key ")
	if err != nil || !found {
		t.Fatalf("%v: %d bytes", err, len(out))
	}
	w.must(2, "", "settings", "central-key", key)
	w.must(1, "short\n", "settings", "central-key", "-")
	for _, r := range []result{w.must(0, key+"\n", "settings", "central-key", "-"), w.must(0, "", "settings"), w.must(0, "", "settings", "central-key", "--json"), w.must(0, "", "sync")} {
		if strings.Contains(r.out+r.err, key) {
			t.Error("the key is shown")
		}
	}
	w.must(0, "", "settings", "central-key", "")
	w.must(1, "", "sync")
}

// What the office has revoked is said of the certificate.
func TestRevocationIsSeen(t *testing.T) {
	w := newWorld(t, stage.Head())
	details := filepath.Join(w.dir, "details.yaml")
	text, err := os.ReadFile(w.card.Details)
	if err == nil {
		err = os.WriteFile(details, append(text, "status_reason: compromised\n"...), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.must(0, w.person.PIN+"\n", "renew", "--card", w.card.Serial, "--certificate", w.card.Fingerprint, "--procedure", w.person.Procedure, "--reason", "revocation",
		"--route", "e-signed", "--details", details, "--out", filepath.Join(w.dir, "out"))
	officer, err := os.ReadFile(filepath.Join(w.dir, "office", "office.key"))
	if err != nil {
		t.Fatal(err)
	}
	client, err := central.New(central.Options{Address: w.office.URL, Key: strings.TrimSpace(string(officer))})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	wishes, err := client.Revocations(t.Context(), "")
	if err != nil || len(wishes.Items) != 1 {
		t.Fatalf("%v: %+v", err, wishes)
	}
	if err := client.Call(t.Context(), "accept", "POST", "/v1/revocations/"+wishes.Items[0].ID+"/accept", nil, nil, nil); err != nil {
		t.Fatal(err)
	}
	w.must(0, "", "sync")
	if r := w.must(0, "", "certificates"); !strings.Contains(r.out, "revoked]") {
		t.Errorf("says %s", r.out)
	}
}
