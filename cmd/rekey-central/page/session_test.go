package page

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/listen"
)

func TestSessionsEnd(t *testing.T) {
	now := time.Now()
	s := newSessions(func() time.Time { return now })
	one := s.begin(boss)
	for range 15 { // in use, but not for ever
		now = now.Add(idleLimit)
		if _, open := s.find(one); !open {
			t.Fatal("a session in use has ended")
		}
	}
	now = now.Add(idleLimit)
	if _, open := s.find(one); !open {
		t.Error("ended before its time")
	}
	now = now.Add(time.Second)
	if _, open := s.find(one); open {
		t.Error("a session of more than eight hours")
	}
	idle := s.begin(boss)
	now = now.Add(idleLimit + time.Second)
	if _, open := s.find(idle); open {
		t.Error("an idle session is open")
	}
	first := s.begin(boss)
	for range maxSessions {
		now = now.Add(time.Second)
		s.begin(boss)
	}
	if _, open := s.find(first); open || len(s.all) != maxSessions {
		t.Errorf("%d sessions, the oldest open: %v", len(s.all), open)
	}
}

// An officer with an account of its own: what it does is under its name, and it is out as soon as it is disabled.
func TestOfficersAccount(t *testing.T) {
	d := open(t)
	made, err := d.book.Add(t.Context(), accounts.Order{Role: central.RoleOfficer, Name: "Deniz Örnek"})
	if err != nil {
		t.Fatal(err)
	}
	clerk, err := d.book.Add(t.Context(), accounts.Order{Role: central.RoleClerk, Organisation: "Clinic 1"})
	if err != nil {
		t.Fatal(err)
	}
	if r := d.post("/officer/login", url.Values{"key": {clerk.Key}}); r.status != 403 {
		t.Errorf("a clerk got in: %d", r.status)
	}
	d.key = made.Key
	d.login()
	s := d.submit(central.Submission{})
	contains(t, d.press(s.ID, "approve", "").body, "The case is approved.")
	contains(t, d.get("/officer/audit").body, made.Account.ID, "approve", s.ID, "login")
	if _, err := d.book.Disable(t.Context(), made.Account.ID); err != nil {
		t.Fatal(err)
	}
	if r := d.get("/officer/cases/" + s.ID); r.path != "/officer/login" {
		t.Errorf("disabled, and still at %s", r.path)
	}
	if r := d.post("/officer/login", url.Values{"key": {made.Key}}); r.status != 403 {
		t.Errorf("disabled, and in: %d", r.status)
	}
}

func TestTooManyWrongKeys(t *testing.T) {
	d := open(t)
	status := 0
	for range 100 {
		if status = d.post("/officer/login", url.Values{"key": {strings.Repeat("0", 64)}}).status; status != 403 {
			break
		}
	}
	if status != 429 {
		t.Errorf("100 wrong keys: %d", status)
	}
	d.login() // who has the key is not locked out
}

// overTLS serves the pages for another machine, under a name; the browser of the test finds it by that name.
func overTLS(d *desk, c Config) string {
	l, err := listen.Open(listen.Config{Address: "127.0.0.1:0", TLS: true, Data: d.t.TempDir(), Names: []string{"office.example.org"}, ClientCAs: c.Accounts.Authorities})
	if err != nil {
		d.t.Fatal(err)
	}
	c.Serves = l.Serves
	pages := New(c)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	// Requests look as if they came from another machine.
	go func() {
		ended <- l.Serve(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { r.RemoteAddr = "192.0.2.9:1"; pages.ServeHTTP(w, r) }))
	}()
	d.t.Cleanup(func() {
		d.http.CloseIdleConnections()
		cancel()
		if err := <-ended; err != nil {
			d.t.Error(err)
		}
	})
	d.pin = l.Pin
	trust := x509.NewCertPool()
	trust.AppendCertsFromPEM(l.CA)
	here := strings.TrimPrefix(l.Local, "https://")
	_, port, err := net.SplitHostPort(here)
	if err != nil {
		d.t.Fatal(err)
	}
	d.http.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust, Certificates: d.certificates}, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, here)
	}}
	return "https://office.example.org:" + port
}

func TestOverTLS(t *testing.T) {
	var handler http.Handler
	d := open(t, func(d *desk, c Config) string {
		handler = New(c) // as it is on a plain address
		return overTLS(d, c)
	})
	d.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r := d.post("/officer/login", url.Values{"key": {d.key}})
	if got := r.header.Get("Set-Cookie"); r.status != http.StatusSeeOther || !strings.Contains(got, "; HttpOnly; Secure; SameSite=Strict") {
		t.Errorf("%d %s", r.status, got)
	}
	req, err := http.NewRequest("GET", d.base+"/officer/login", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "evil.example"
	if r := d.do(req); r.status != 403 {
		t.Errorf("foreign name: %d", r.status)
	}
	plain := &answer{header: http.Header{}}
	req.Host, req.RemoteAddr = "127.0.0.1", "192.0.2.9:1"
	if handler.ServeHTTP(plain, req); plain.status != 403 {
		t.Errorf("another machine without TLS: %d", plain.status)
	}
}

// An officer with a certificate needs no key; another person with one does not get in by it.
func TestCertificateLogin(t *testing.T) {
	for name, row := range map[string]struct {
		order accounts.Order
		path  string
	}{
		"officer": {accounts.Order{Role: central.RoleOfficer}, "/officer/"},
		"holder":  {accounts.Order{Role: central.RoleHolder}, "/officer/login"},
	} {
		key, ca := newKey(t), newKey(t)
		root := certificate(t, "Invented CA", nil, ca.Public(), ca)
		own := certificate(t, "DENIZ ORNEK", root, key.Public(), ca)
		d := open(t, func(d *desk, c Config) string {
			c.Accounts = accounts.New(accounts.Config{DB: d.office.DB(), OfficerKey: d.key, Authorities: []*x509.Certificate{root}})
			d.certificates = []tls.Certificate{{Certificate: [][]byte{own.Raw}, PrivateKey: key}}
			row.order.Certificate = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Raw}))
			if _, err := c.Accounts.Add(t.Context(), row.order); err != nil {
				t.Fatal(err)
			}
			return overTLS(d, c)
		})
		contains(t, d.get("/officer/login").body, "Log in with the certificate")
		if r := d.post("/officer/login", nil); r.path != row.path {
			t.Errorf("%s: %d %s", name, r.status, r.path)
		}
	}
}

// answer keeps the status of an answer.
type answer struct {
	header http.Header
	status int
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) Write(b []byte) (int, error) { return len(b), nil }
func (a *answer) WriteHeader(status int)      { a.status = status }
