package api

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/listen"
)

func TestMe(t *testing.T) {
	b := start(t, t.TempDir())
	made, err := b.book.Add(t.Context(), accounts.Order{Role: central.RoleClerk, Organisation: "Clinic", Name: "Deniz Örnek"})
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]central.Me{
		made.Key:  {Account: made.Account.ID, Role: central.RoleClerk, Organisation: "Clinic", Name: "Deniz Örnek"},
		ownerKey:  {Account: sumOf(ownerKey), Role: central.RoleHolder},
		b.officer: {Account: accounts.OfficerID, Role: central.RoleOfficer},
	}
	for key, want := range table {
		if got := read[central.Me](t, b.want(200, b.ask(key, "GET", "/v1/me", nil))); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

// A disabled account is shut out of everything that is not for anybody.
func TestDisabled(t *testing.T) {
	b := start(t, t.TempDir())
	b.want(200, b.ask(ownerKey, "GET", "/v1/me", nil))
	if _, err := b.book.Disable(t.Context(), sumOf(ownerKey)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/v1/me", "/v1/cases", "/v1/overrides", "/v1/changes"} {
		b.want(403, b.ask(ownerKey, "GET", path, nil))
	}
	b.want(200, b.ask(ownerKey, "GET", "/v1/health", nil))
}

// People of one organisation work on the same cases.
func TestOrganisationShares(t *testing.T) {
	b := start(t, t.TempDir())
	clerk, colleague, bringer := b.newcomer(central.RoleClerk, "Clinic"), b.newcomer(central.RoleClerk, "Clinic"), b.newcomer(central.RoleDocumentHandler, "Clinic")
	s := submission(t, "generic")
	b.want(201, b.submit(clerk, "k", s))
	s.Holder = "Corrected By Another"
	b.want(200, b.submit(colleague, "k2", s))
	scan := b.document(bringer, "scan", []byte("paper"))
	b.want(200, b.json(bringer, "POST", "/v1/cases/"+s.ID+"/documents", central.Addition{Documents: []central.Document{scan}}, "Idempotency-Key", "k3"))
	b.want(200, b.move("approve", s.ID))
	if feed := b.changes(colleague, "").Changes; len(feed) != 1 {
		t.Errorf("got %+v", feed)
	}
	if list := read[central.CaseList](t, b.want(200, b.ask(clerk, "GET", "/v1/cases", nil))); len(list.Cases) != 1 || len(list.Cases[0].Documents) != 1 {
		t.Errorf("got %+v", list)
	}
	if list := read[central.CaseList](t, b.want(200, b.ask(otherKey, "GET", "/v1/cases", nil))); len(list.Cases) != 0 {
		t.Errorf("got %+v", list)
	}
}

// Everything that changes is written down, refusals too; what only reads is not, and no name is in it.
func TestAudit(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.received("generic")
	b.want(200, b.ask(ownerKey, "GET", "/v1/cases/"+s.ID, nil))
	b.want(409, b.ask(b.officer, "POST", "/v1/cases/"+s.ID+"/issue", nil))
	b.want(403, b.ask(ownerKey, "POST", "/v1/cases/"+s.ID+"/approve", nil))
	b.want(404, b.bad().ask(b.officer, "POST", "/v1/cases/Ay%C5%9Fe/approve", nil))
	b.want(401, b.ask("", "POST", "/v1/cases/"+s.ID+"/approve", nil))
	type line struct {
		account, did, about string
		outcome             int
	}
	owner := sumOf(ownerKey)
	want := []line{{owner, "putDocument", s.Documents[0].SHA256, 201}, {owner, "submit", s.ID, 201}, {accounts.OfficerID, "issue", s.ID, 409},
		{owner, "approve", s.ID, 403}, {accounts.OfficerID, "approve", "", 404}}
	var got []line
	for after := ""; ; {
		page := read[central.Page[central.AuditEntry]](t, b.want(200, b.ask(b.officer, "GET", "/v1/audit?limit=2"+after, nil)))
		for _, e := range page.Items {
			got = append(got, line{e.Account, e.Did, e.About, e.Outcome})
		}
		if page.Next == "" {
			break
		}
		after = "&after=" + page.Next
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	b.want(400, b.ask(b.officer, "GET", "/v1/audit?after=x", nil))
}

func TestMetrics(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.received("generic")
	b.ask(ownerKey, "GET", "/v1/cases/"+s.ID, nil)
	b.ask("", "GET", "/v1/cases/"+s.ID, nil)
	text := string(b.want(200, b.ask(b.officer, "GET", "/v1/metrics", nil)).body)
	for _, line := range []string{`rekey_requests_total{operation="case",status="200"} 1`, `rekey_requests_total{operation="case",status="401"} 1`,
		`rekey_request_seconds_count{operation="submit"} 1`, `rekey_cases{state="received"} 1`, "rekey_uploaded_bytes_total "} {
		if !strings.Contains(text, line) {
			t.Errorf("no %s in\n%s", line, text)
		}
	}
	if strings.Contains(text, s.ID) || strings.Contains(text, "rnek") {
		t.Errorf("somebody is in\n%s", text)
	}
}

func TestTooManyRequests(t *testing.T) {
	b := startWith(t, t.TempDir(), func(c *accounts.Config) { c.Rate = 1 })
	b.want(200, b.ask(ownerKey, "GET", "/v1/me", nil))
	for range 100 {
		if r := b.ask(ownerKey, "GET", "/v1/me", nil); r.status != 200 {
			b.want(429, r)
			if r.header.Get("Retry-After") == "" || r.header.Get("Retry-After") == "0" {
				t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
			}
			b.want(200, b.ask(otherKey, "GET", "/v1/me", nil)) // somebody else is not held up
			return
		}
	}
	t.Error("100 requests at once were taken")
}

// Without its database the server says so, and that it is worth trying again.
func TestUnhealthy(t *testing.T) {
	b := start(t, t.TempDir())
	b.want(200, b.ask("", "GET", "/v1/health", nil))
	if err := b.office.DB().Close(); err != nil {
		t.Fatal(err)
	}
	for path, key := range map[string]string{"/v1/health": "", "/v1/me": ownerKey, "/demo/ca.crl": ""} {
		if r := b.want(503, b.ask(key, "GET", path, nil)); r.header.Get("Retry-After") == "" {
			t.Errorf("%s: no Retry-After", path)
		}
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	b := start(t, t.TempDir())
	for _, r := range []reply{b.ask("", "GET", "/v1/health", nil), b.ask("", "GET", "/v1/me", nil), b.ask(ownerKey, "GET", "/v1/procedures", nil)} {
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Referrer-Policy": "no-referrer"} {
			if r.header.Get(name) != want {
				t.Errorf("%s: %q", name, r.header.Get(name))
			}
		}
	}
}

// identity makes an authority and a certificate of it for a client.
func identity(t *testing.T) (*x509.Certificate, tls.Certificate) {
	t.Helper()
	make := func(template, parent *x509.Certificate, signer *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if signer == nil {
			parent, signer = template, key
		}
		template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
		der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c, key
	}
	root, rootKey := make(&x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, nil, nil)
	leaf, key := make(&x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "AYŞE ÖRNEK"}}, root, rootKey)
	return root, tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key}
}

// Who has proved a certificate binds a key, and is the same account with it afterwards.
func TestBindKey(t *testing.T) {
	root, own := identity(t)
	b := startWith(t, t.TempDir(), func(c *accounts.Config) { c.Anyone, c.Authorities = false, []*x509.Certificate{root} })
	pinned, err := os.ReadFile(listen.CAFile(b.dir))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pinned)
	withKey := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	proved := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{own}}}}
	b.client = withKey
	b.want(401, b.ask(ownerKey, "GET", "/v1/me", nil))
	b.client = proved
	me := read[central.Me](t, b.want(200, b.ask("", "GET", "/v1/me", nil)))
	if me.Role != central.RoleHolder || me.Name != "AYŞE ÖRNEK" {
		t.Errorf("got %+v", me)
	}
	bind := central.KeyBinding{SHA256: sumOf(ownerKey)}
	for range 2 {
		if r := b.json("", "POST", "/v1/keys", bind); r.status != 204 {
			t.Fatalf("got %d %s", r.status, r.body)
		}
	}
	b.want(422, b.bad().json("", "POST", "/v1/keys", central.KeyBinding{SHA256: "x"}))
	b.client = withKey
	if again := read[central.Me](t, b.want(200, b.ask(ownerKey, "GET", "/v1/me", nil))); again != me {
		t.Errorf("got %+v, want %+v", again, me)
	}
	b.want(403, b.json(ownerKey, "POST", "/v1/keys", bind)) // by the certificate only
	proved.CloseIdleConnections()
	withKey.CloseIdleConnections()
}
