package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rekey/app/central"
)

// signerScript is a program that signs for the authority: openssl in the place of a card, which is away while AWAY is there.
const signerScript = `read -r question
if [ -e "$2" ]; then echo "the card is away" >&2; exit 1; fi
case $question in
*'"want":"public-key"'*) exec openssl pkey -in "$1" -pubout -outform DER ;;
esac
printf %s "$question" | sed 's/.*"digest":"\([^"]*\)".*/\1/' | base64 -d | openssl pkeyutl -sign -inkey "$1"
`

// The authority's GOST key stays with a program. While that does not sign the officer is told so, nothing is issued, and later it is.
func TestAuthorityWithASigner(t *testing.T) {
	scratch := t.TempDir()
	at := func(name string) string { return filepath.Join(scratch, name) }
	write := func(name, text string) string {
		t.Helper()
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return at(name)
	}
	t.Setenv("OPENSSL_CONF", write("openssl.cnf", "openssl_conf = a\n[a]\nengines = b\n[b]\ngost = c\n[c]\nengine_id = gost\ndefault_algorithms = ALL\n"))
	openssl := func(args ...string) string {
		t.Helper()
		said, err := exec.Command("openssl", args...).CombinedOutput()
		if err != nil {
			t.Fatalf("openssl %v: %v %s", args, err, said)
		}
		return string(said)
	}
	openssl("genpkey", "-algorithm", "gost2012_256", "-pkeyopt", "paramset:A", "-out", at("key.pem"))
	dir, away := at("office"), write("away", "")
	begin := []string{"ca", "init", "--data", dir, "--signer", "sh", "--signer", write("signer.sh", signerScript), "--signer", at("key.pem"), "--signer", away}

	if status, _, complaint := do(t, begin...); status != exitFailed || !strings.Contains(complaint, "the card is away") {
		t.Errorf("%d %s", status, complaint)
	}
	if err := os.Remove(away); err != nil {
		t.Fatal(err)
	}
	root := strings.TrimSpace(mustDo(t, begin...))
	if said := openssl("verify", "-check_ss_sig", "-CAfile", root, root); !strings.Contains(said, ": OK") {
		t.Error(said)
	}
	if entries, err := os.ReadDir(filepath.Join(dir, "ca")); err != nil || fmt.Sprint(entries) != "[- ca.pem - signer]" {
		t.Errorf("%v %v", entries, err)
	}
	if status, _, complaint := do(t, begin...); status != exitFailed || !strings.Contains(complaint, "never overwritten") {
		t.Errorf("%d %s", status, complaint)
	}
	if status, _, complaint := do(t, "ca", "init", "--data", at("other"), "--signer", "no-such-program-anywhere"); status != exitUsage || complaint == "" {
		t.Errorf("%d %s", status, complaint)
	}

	p := startServer(t, dir)
	_, request := pkcs10(t)
	id := handIn(t, p.base, "ru-vipnet-tfoms", request)
	mustDo(t, "approve", id, "--data", dir)
	write("away", "")
	if status, _, complaint := do(t, "issue", id, "--data", dir); status != exitFailed || !strings.Contains(complaint, "does not sign") || strings.Contains(complaint, scratch) {
		t.Errorf("%d %s", status, complaint)
	}
	if status, body := send(t, "GET", p.base+"/demo/ca.crl", nil); status != http.StatusServiceUnavailable || !strings.Contains(string(body), "does not sign") {
		t.Errorf("%d %s", status, body)
	}
	var c central.Case
	if status, body := send(t, "GET", p.base+"/v1/cases/"+id, nil); status != 200 || json.Unmarshal(body, &c) != nil || c.State != central.StateApproved || len(c.FromCA) > 0 {
		t.Errorf("%d %s", status, body)
	}
	if err := os.Remove(away); err != nil {
		t.Fatal(err)
	}
	mustDo(t, "issue", id, "--data", dir)
	_, body := send(t, "GET", p.base+"/v1/cases/"+id, nil)
	if err := json.Unmarshal(body, &c); err != nil || len(c.FromCA) != 1 {
		t.Fatalf("%s %v", body, err)
	}
	_, certificate := send(t, "GET", p.base+"/v1/documents/"+c.FromCA[0].SHA256, nil)
	if said := openssl("verify", "-x509_strict", "-CAfile", root, write("made.pem", string(certificate))); !strings.Contains(said, ": OK") {
		t.Error(said)
	}
	list := func() int { status, _ := send(t, "GET", p.base+"/demo/ca.crl", nil); return status }
	if status := list(); status != 200 {
		t.Errorf("the revocation list: %d", status)
	}
}
