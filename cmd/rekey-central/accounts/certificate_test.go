package accounts

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/listen"
)

// server answers over TLS with whom the book takes the caller for; curl is the client.
type server struct {
	t    *testing.T
	book *Book
	l    *listen.Listener
	ca   string
}

func startServer(t *testing.T, c Config) *server {
	t.Helper()
	dir, s := t.TempDir(), &server{t: t, book: book(t, c)}
	var err error
	if s.l, err = listen.Open(listen.Config{Address: "127.0.0.1:0", Data: dir, TLS: true, ClientCAs: c.Authorities}); err != nil {
		t.Fatal(err)
	}
	s.ca = listen.CAFile(dir)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- s.l.Serve(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			caller, err := s.book.Admit(r)
			var refused *Error
			if errors.As(err, &refused) {
				fmt.Fprint(w, refused.Status, " ", refused.Detail)
				return
			}
			fmt.Fprint(w, "200 ", caller.Account, " ", caller.Role, " ", caller.Owner, err)
		}))
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask sends a request with curl and gives the answer's words.
func (s *server) ask(args ...string) []string {
	s.t.Helper()
	out, err := exec.Command("curl", append([]string{"--silent", "--show-error", "--noproxy", "*", "--cacert", s.ca, s.l.Local}, args...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("curl: %v %s", err, out)
	}
	return strings.SplitN(string(out), " ", 2)
}

func (s *server) show(key crypto.Signer, chain ...*x509.Certificate) []string {
	s.t.Helper()
	cert, keyFile := files(s.t, key, chain...)
	return s.ask("--cert", cert, "--key", keyFile)
}

// account wants an answer that names one.
func (s *server) account(answer []string) string {
	s.t.Helper()
	words := strings.Fields(answer[len(answer)-1])
	if answer[0] != "200" || len(words) == 0 {
		s.t.Fatalf("%v", answer)
	}
	return words[0]
}

// A certificate opens a holder's account, and whatever has the same subject under an accepted authority is the same holder.
func TestCertificates(t *testing.T) {
	ca := newAuthority(t, "Invented CA")
	s := startServer(t, Config{Authorities: []*x509.Certificate{ca.cert}})
	ec, r := ecKey(t), rsaKey(t)
	first := s.show(ec, ca.person("AYSE ORNEK", ec.Public()))
	id := s.account(first)
	if first[1] != id+" holder "+id+"<nil>" {
		t.Error(first)
	}
	middle := ca.below("Invented CA 2")
	for name, again := range map[string][]string{
		"renewed, RSA":      s.show(r, ca.person("AYSE ORNEK", r.Public())),
		"below another one": s.show(r, middle.person("AYSE ORNEK", r.Public()), middle.cert),
	} {
		if s.account(again) != id {
			t.Errorf("%s: %v", name, again)
		}
	}
	if other := s.account(s.show(r, ca.person("CAN ORNEK", r.Public()))); other == id {
		t.Error("two persons, one account")
	}
	if a, err := s.book.Account(ctx, id); err != nil || a.Name != "AYSE ORNEK" || len(a.Credentials) != 1 {
		t.Errorf("%+v %v", a, err)
	}
	// The holder binds a key; it is the same account without the certificate.
	caller, err := s.book.Check(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256([]byte(oneKey))
	if err := s.book.Bind(ctx, caller, hex.EncodeToString(hash[:])); err != nil {
		t.Error(err)
	}
	if got := s.account(s.ask("-H", "Authorization: Bearer "+oneKey)); got != id {
		t.Errorf("by the key it is %s", got)
	}
	if _, err := s.book.Disable(ctx, id); err != nil {
		t.Error(err)
	}
	for _, out := range [][]string{s.show(r, ca.person("AYSE ORNEK", r.Public())), s.ask("-H", "Authorization: Bearer "+oneKey)} {
		if out[0] != "403" || !strings.Contains(out[1], "disabled") {
			t.Error(out)
		}
	}
}

// What does not hold is refused with the reason, even beside a good key.
func TestBadCertificates(t *testing.T) {
	ca, foreign := newAuthority(t, "Invented CA"), newAuthority(t, "Invented CA")
	lost := ca.person("LOST CARD", ecKey(t).Public()).Subject.CommonName
	s := startServer(t, Config{Authorities: []*x509.Certificate{ca.cert}, Anyone: true,
		Revoked: func(_ context.Context, c *x509.Certificate) (bool, error) { return c.Subject.CommonName == lost, nil }})
	key := ecKey(t)
	expired := ca.sign(&x509.Certificate{Subject: pkix.Name{CommonName: "AYSE ORNEK"}, NotAfter: time.Now().Add(-time.Hour)}, key.Public())
	own := (&authority{t: t, key: key, cert: &x509.Certificate{Subject: pkix.Name{CommonName: "AYSE ORNEK"}}}).person("AYSE ORNEK", key.Public())
	nameless := ca.sign(&x509.Certificate{}, key.Public())
	middle := ca.below("Invented CA 2")
	table := []struct {
		name, status, says string
		key                crypto.Signer
		chain              []*x509.Certificate
	}{
		{"expired", "401", "outside its validity", key, []*x509.Certificate{expired}},
		{"foreign", "401", "no authority that this office accepts", key, []*x509.Certificate{foreign.person("AYSE ORNEK", key.Public())}},
		{"self-made", "401", "no authority that this office accepts", key, []*x509.Certificate{own}},
		{"a link is missing", "401", "no authority that this office accepts", key, []*x509.Certificate{middle.person("AYSE ORNEK", key.Public())}},
		{"the authority's own", "401", "stands for nobody", ca.key, []*x509.Certificate{ca.cert}},
		{"nameless", "401", "names no subject", key, []*x509.Certificate{nameless}},
		{"revoked", "403", "revoked", key, []*x509.Certificate{ca.person("LOST CARD", key.Public())}},
	}
	for _, row := range table {
		cert, keyFile := files(t, row.key, row.chain...)
		for _, more := range [][]string{nil, {"-H", "Authorization: Bearer " + oneKey}} {
			out := s.ask(append([]string{"--cert", cert, "--key", keyFile}, more...)...)
			if out[0] != row.status || !strings.Contains(out[1], row.says) {
				t.Errorf("%s: %v", row.name, out)
			}
		}
	}
	if page, err := s.book.List(ctx, "", 10); err != nil || len(page.Items) != 0 {
		t.Errorf("accounts were made: %+v %v", page, err)
	}
	if out := s.ask("-H", "Authorization: Bearer "+oneKey); out[0] != "200" {
		t.Errorf("a key without a certificate: %v", out)
	}
}

// An account made for a certificate beforehand has its role from the first use on.
func TestAccountForCertificate(t *testing.T) {
	ca, key := newAuthority(t, "Invented CA"), ecKey(t)
	s := startServer(t, Config{Authorities: []*x509.Certificate{ca.cert}})
	cert := ca.person("AYSE ORNEK", key.Public())
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))
	made, err := s.book.Add(ctx, Order{Role: central.RoleClerk, Organisation: "Clinic 1", Name: "Ayşe Örnek", Certificate: text})
	if err != nil || made.Key != "" {
		t.Fatalf("%+v %v", made, err)
	}
	if out := s.show(key, cert); out[1] != made.Account.ID+" clerk org/Clinic 1<nil>" {
		t.Error(out)
	}
	_, err = s.book.Add(ctx, Order{Role: central.RoleHolder, Certificate: text})
	refused(t, err, http.StatusConflict, made.Account.ID)
}
