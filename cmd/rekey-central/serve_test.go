package main

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"rekey/app/central"
	"rekey/cmd/rekey-central/office"
)

// A day over TLS: the office's commands with the private authority, a client with its pin.
func TestServeTLS(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	p := startServer(t, dir, "--tls", "--name", "office.example.org", "--admit", "anyone")
	if !strings.HasPrefix(p.base, "https://127.0.0.1:") {
		t.Error(p.base)
	}
	_, request := pkcs10(t)
	client, err := central.New(central.Options{Address: p.base, Key: clientKey, Pin: p.pin})
	if err != nil {
		t.Fatal(err)
	}
	id := handInWith(t, client, request)
	if out := mustDo(t, "approve", id, "--data", dir); strings.TrimSpace(out) != id+" approved" {
		t.Error(out)
	}
	key, ca := filepath.Join(dir, office.OfficerKeyFile), filepath.Join(dir, "tls", "ca.pem")
	mustDo(t, "issue", id, "--url", p.base, "--key-file", key, "--ca", ca)
	if status, _, complaint := do(t, "cases", "--url", p.base, "--key-file", key); status != exitFailed || !strings.Contains(complaint, "certificate") {
		t.Errorf("without the authority: %d %s", status, complaint)
	}
	mustDo(t, "document", id, "certificate", "--data", dir, "--out", filepath.Join(t.TempDir(), "c.pem"))
	if out := mustDo(t, "audit", "--data", dir); strings.Count(out, "approve") != 1 || strings.Count(out, "issue") != 1 {
		t.Error(out)
	}
	rights(t, dir)
	pin := p.pin
	stopGracefully(t, p, dir)
	if again := startServer(t, dir, "--tls"); again.pin != pin {
		t.Errorf("the pin was %s and is %s", pin, again.pin)
	}
}

func handInWith(t *testing.T, client *central.Client, request []byte) string {
	t.Helper()
	hash := sha256.Sum256(request)
	sum := hex.EncodeToString(hash[:])
	if err := client.PutDocument(t.Context(), sum, request, nil); err != nil {
		t.Fatal(err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	s := central.Submission{ID: id.String(), Procedure: "generic", Reason: "renewal", Route: "transport", Holder: "Проба Примеровна", CreatedAt: time.Now(),
		Documents: []central.Document{{Kind: central.DocRequest, Name: "request.p10", SHA256: sum, Size: int64(len(request))}}}
	if _, err := client.Submit(t.Context(), s, id.String(), 0); err != nil {
		t.Fatal(err)
	}
	return id.String()
}

// A holder's certificate signs in until the office revokes it.
func TestClientCertificate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	root := strings.TrimSpace(mustDo(t, "ca", "init", "--data", dir))
	request, _ := pkcs10(t)
	file := filepath.Join(t.TempDir(), "holder.pem")
	mustDo(t, "ca", "certify", "--data", dir, "--request", request, "--out", file)
	p := startServer(t, dir, "--tls", "--client-ca", root)
	pair, err := tls.LoadX509KeyPair(file, filepath.Join(filepath.Dir(request), "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	holder, err := central.New(central.Options{Address: p.base, Pin: p.pin, Certificate: &pair})
	if err != nil {
		t.Fatal(err)
	}
	me, err := holder.Me(t.Context())
	if err != nil || me.Role != central.RoleHolder || me.Name != "AYSE ORNEK" {
		t.Fatalf("%+v %v", me, err)
	}
	// A foreign judge signs in, too, and gets nowhere without the certificate.
	curl := []string{"--silent", "--cacert", filepath.Join(dir, "tls", "ca.pem"), "--noproxy", "*", "--output", os.DevNull, "--write-out", "%{http_code}", p.base + "/v1/me"}
	with := append([]string{"--cert", file, "--key", filepath.Join(filepath.Dir(request), "key.pem")}, curl...)
	for want, args := range map[string][]string{"200": with, "401": curl} {
		if out, err := exec.Command("curl", args...).CombinedOutput(); err != nil || string(out) != want {
			t.Errorf("curl: %s %v, want %s", out, err, want)
		}
	}
	if err := holder.BindKey(t.Context(), clientKey); err != nil {
		t.Error(err)
	}
	byKey, err := central.New(central.Options{Address: p.base, Pin: p.pin, Key: clientKey})
	if err != nil {
		t.Fatal(err)
	}
	if same, err := byKey.Me(t.Context()); err != nil || same != me {
		t.Errorf("%+v %v", same, err)
	}
	revoke(t, p, dir, holder, pair.Leaf)
	_, err = holder.Me(t.Context())
	var refused *central.Error
	if !errors.As(err, &refused) || refused.Status != 403 || !strings.Contains(refused.Detail, "revoked") {
		t.Errorf("revoked: %v", err)
	}
	if _, err := byKey.Me(t.Context()); err != nil { // the key is another way in
		t.Error(err)
	}
}

// revoke asks for a revocation as the holder and grants it as the officer.
func revoke(t *testing.T, p *process, dir string, holder *central.Client, c *x509.Certificate) {
	t.Helper()
	ctx := context.Background()
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
	sum, fingerprint := sha256.Sum256(text), sha256.Sum256(c.Raw)
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	told := central.Certificate{Fingerprint: hex.EncodeToString(fingerprint[:]), Holder: strings.Repeat("a", 64), NotBefore: c.NotBefore, NotAfter: c.NotAfter, Document: hex.EncodeToString(sum[:])}
	if err := holder.PutDocument(ctx, told.Document, text, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := holder.PutCertificate(ctx, told, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := holder.PostRevocation(ctx, central.Revocation{ID: id.String(), Fingerprint: told.Fingerprint, Reason: "superseded", CreatedAt: time.Now()}); err != nil {
		t.Fatal(err)
	}
	key, err := office.ReadKey(filepath.Join(dir, office.OfficerKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	officer, err := central.New(central.Options{Address: p.base, Pin: p.pin, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	if err := officer.Call(ctx, "accept", "POST", "/v1/revocations/"+id.String()+"/accept", nil, nil, nil); err != nil {
		t.Fatal(err)
	}
}
