package main_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rekey/app/request"
	"rekey/cmd/rekey-demo/stage"
)

// gostWorld is a world whose person hands in by ru-taxcom-tus; openssl has the gost engine in all its commands.
func gostWorld(t *testing.T) *world {
	t.Helper()
	p := stage.Head()
	p.Procedure, p.Route = "ru-taxcom-tus", "e-signed"
	p.Subject = append(p.Subject, request.Attr{OID: "1.2.643.3.131.1.1", Value: "001234567887", Type: request.Numeric})
	conf := filepath.Join(t.TempDir(), "openssl.cnf")
	const engine = "openssl_conf = a\n[a]\nengines = b\n[b]\ngost = c\n[c]\nengine_id = gost\ndefault_algorithms = ALL\n"
	if err := os.WriteFile(conf, []byte(engine), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("OPENSSL_CONF", conf)
	return newWorld(t, p)
}

// The request goes in CMS that the current GOST key signs, and so does the application: openssl and Rekey find both good.
func TestCurrentGOSTKeySignsTheRequest(t *testing.T) {
	w := gostWorld(t)
	out := filepath.Join(w.dir, "out")
	w.must(0, w.person.PIN+"\n", w.renew(out)...)
	signed, inside, asked := filepath.Join(out, "request-signed.p7s"), filepath.Join(w.dir, "inside"), filepath.Join(w.dir, "asked")
	judge(t, "successful", "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signed, "-CAfile", w.office.CA(), "-purpose", "any", "-out", inside)
	judge(t, "verify OK", "openssl", "req", "-verify", "-in", filepath.Join(out, "request.p10"), "-outform", "DER", "-out", asked)
	a, err := os.ReadFile(inside)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(asked); err != nil || !bytes.Equal(a, b) {
		t.Errorf("what is signed is not the request: %v", err)
	}
	var kinds []string
	for _, d := range w.oneCase().Documents {
		kinds = append(kinds, d.Kind)
	}
	if strings.Join(kinds, " ") != "request request-signed application application-signed" {
		t.Errorf("the office got %v", kinds)
	}
	if r := w.must(0, "", "verify", filepath.Join(out, "application-signed.pdf")); !strings.Contains(r.out, "signature 1: valid") {
		t.Errorf("Rekey says %s", r.out)
	}
}

// The chain and the authority's revocation list are checked with its GOST key; a list that was changed is believed nothing.
func TestChainAndListOfGOST(t *testing.T) {
	w := gostWorld(t)
	answer, err := http.Get(w.office.URL + "/demo/ca.crl")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	list, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(w.dir, "ca.crl")
	for word, change := range map[string]func(){"not-revoked": func() {}, "bad-list": func() { list[len(list)-1] ^= 1 }} {
		change()
		if err := os.WriteFile(path, list, 0o600); err != nil {
			t.Fatal(err)
		}
		shown := decode[[]struct {
			Chain []struct {
				Signed     string
				Revocation *struct{ Word, Text string }
			}
		}](t, w.must(0, "", "certificate", "show", w.card.Fingerprint, "--chain", w.office.CA(), "--crl", path, "--json").out)
		if len(shown) != 1 || len(shown[0].Chain) != 2 || shown[0].Chain[0].Signed != "checked" || shown[0].Chain[1].Signed != "checked" || shown[0].Chain[1].Revocation != nil ||
			shown[0].Chain[0].Revocation == nil || shown[0].Chain[0].Revocation.Word != word || shown[0].Chain[0].Revocation.Text == "" {
			t.Errorf("%s: %+v", word, shown)
		}
		if word == "bad-list" {
			list[len(list)-1] ^= 1
		}
	}
	w.must(1, "", "certificate", "show", w.card.Fingerprint, "--crl", w.office.CA())
}
