package endure

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"math/big"
	mrand "math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/token"
	"rekey/token/tokentest"
)

// story is one renewal with a new key on a card, with papers before and after it is sent, up to the certificate on the card. Between
// each two steps stands an exchange with the office, so that it can be told by parts and with faults on the way.
type story struct {
	t           testing.TB
	desk        *desk
	fake        *tokentest.Fake
	server      *server
	fingerprint string
	plan        plan
	skew        time.Duration
	id          string
	after       func()        // each exchange
	pause       time.Duration // between two exchanges
}

const (
	cardSerial = "CARD0001"
	cardPIN    = "246810"
)

// stays keeps the fake open when the use cases are closed.
type stays struct{ token.Module }

func (stays) Close() error { return nil }

// newStory begins one for a holder of its own; address is where the client finds the office.
func newStory(t testing.TB, s *server, address string, number int, timeout time.Duration) *story {
	t.Helper()
	y := &story{t: t, server: s, after: func() {}, fake: tokentest.NewFake("/fake/module.so")}
	r := mrand.New(mrand.NewPCG(7, uint64(number)))
	y.plan = plan{number: number, first: []paper{newPaper(r, "passport", 5), newPaper(r, "letter", 70000)}, later: []paper{newPaper(r, "scan", 3000)}}
	y.fake.AddCard("Reader", cardSerial, "Endure", cardPIN)
	key, err := y.fake.AddKey(cardSerial, token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}, Label: "first key"})
	if err != nil {
		t.Fatal(err)
	}
	der := firstCertificate(t, key.SPKI, fmt.Sprintf("Holder %03d", number))
	y.fake.AddCertificate(cardSerial, token.Certificate{ID: []byte{1}, Label: "first", DER: der})
	sum := sha256.Sum256(der)
	y.fingerprint = hex.EncodeToString(sum[:])
	y.desk = newDesk(t, address, clock(&y.skew), func(o *app.Options) {
		o.Timeout = timeout
		o.Cards = token.NewSet([]string{y.fake.Path()}, func(string) token.Module { return stays{y.fake} })
	})
	return y
}

func firstCertificate(t testing.TB, spki []byte, name string) []byte {
	t.Helper()
	public, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		t.Fatal(err)
	}
	authority, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	number, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	template := &x509.Certificate{SerialNumber: number, Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(0, 0, 30)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, authority)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func (y *story) ask() app.Ask {
	return app.Ask{PIN: func(context.Context, app.PINQuestion) ([]byte, error) { return []byte(cardPIN), nil }}
}

// tell goes through the whole story. exchange is called wherever the client should talk to the office, until what it waits for is there.
func (y *story) tell(exchange func(what string, there func(cases.Case) bool)) {
	y.t.Helper()
	draft, err := y.desk.NewDraft(y.t.Context(), y.fingerprint, "generic", "renewal")
	if err != nil {
		y.t.Fatal(err)
	}
	draft.Route = "card"
	if err := y.desk.FillIn(&draft, map[string]string{"name": fmt.Sprintf("Holder %03d", y.plan.number), "email": y.plan.email()}); err != nil {
		y.t.Fatal(err)
	}
	c, err := y.desk.Start(draft)
	if err == nil {
		y.id = c.ID
		_, err = y.desk.attach(c, y.plan.first)
	}
	if err == nil {
		_, err = y.desk.Run(y.t.Context(), y.id, y.ask())
	}
	if excused(err) != nil {
		y.t.Fatal(err)
	}
	exchange("the case is sent", sent)
	if _, err := y.desk.attach(y.now(), y.plan.later); err != nil {
		y.t.Fatal(err)
	}
	exchange("the later paper is sent", func(cases.Case) bool { return true })
	y.server.ask("POST", "/v1/cases/"+y.id+"/approve", nil)
	exchange("the approval is known", func(c cases.Case) bool { return c.Office == central.StateApproved })
	y.server.ask("POST", "/v1/cases/"+y.id+"/issue", nil)
	exchange("the certificate is here", func(c cases.Case) bool { return c.Office == central.StateIssued })
	if _, err := y.desk.Run(y.t.Context(), y.id, y.ask()); err != nil {
		y.t.Fatal(err)
	}
	exchange("what follows from the new certificate is sent", func(cases.Case) bool { return true })
}

// now is the case as it is on disk.
func (y *story) now() cases.Case {
	y.t.Helper()
	c, err := y.desk.Case(y.id)
	if err != nil {
		y.t.Fatal(err)
	}
	return c
}

// until exchanges until it is so and nothing waits. An hour passes by the client's clock after each try that failed.
func (y *story) until(what string, there func(cases.Case) bool) {
	y.t.Helper()
	for range 60 {
		r, err := y.desk.Sync(y.t.Context())
		y.after()
		if fault := excused(err); fault != nil {
			y.t.Fatalf("%s: %v", what, fault)
		}
		if err == nil && r.Waiting == 0 && there(y.now()) {
			return
		}
		y.skew += time.Hour
		time.Sleep(y.pause)
	}
	y.t.Fatalf("never: %s; %.300s", what, fmt.Sprint(y.now()))
}

// ended wants the case once at the office with all its papers, the outbox empty, and the certificate once on the card.
func (y *story) ended() {
	y.t.Helper()
	c := y.now()
	if s, _ := c.Step(procedure.Install); s.State != cases.Done {
		y.t.Errorf("the certificate is not installed: %+v", c.Steps)
	}
	decided := map[string]int{}
	events, err := y.desk.Events(y.id)
	if err != nil {
		y.t.Error(err)
	}
	for _, e := range events {
		if e.Kind == cases.Decided {
			decided[e.Office]++
		}
		if e.Kind == cases.Refused {
			y.t.Errorf("refused: %s", e.Why)
		}
	}
	if len(decided) != 2 || decided[central.StateApproved] != 1 || decided[central.StateIssued] != 1 {
		y.t.Errorf("decisions %v, want each once", decided)
	}
	if n := y.fake.Counts().Generates; n != 1 {
		y.t.Errorf("%d keys were made", n)
	}
	time.Sleep(5 * y.pause)
	if r, err := y.desk.Sync(y.t.Context()); err != nil || r.Waiting != 0 || r.Sent != 0 || r.Pulled != 0 {
		y.t.Errorf("a quiet exchange: %+v, %v", r, err)
	}
	var held []central.Case
	for _, c := range y.server.cases() {
		if c.Details["email"] == y.plan.email() {
			held = append(held, c)
		}
	}
	if len(held) != 1 || held[0].ID != y.id || held[0].State != central.StateIssued {
		y.t.Fatalf("the office holds %d: %.300s", len(held), fmt.Sprint(held))
	}
	want := map[string]string{}
	for _, p := range y.plan.papers() {
		want[p.kind] = p.sum()
	}
	for _, kind := range []string{central.DocApplication, central.DocRequest} {
		d, _ := c.Document(kind)
		want[kind] = d.SHA256
	}
	got := map[string]string{}
	for _, d := range held[0].Documents {
		got[d.Kind] = d.SHA256
		if sum := sha256.Sum256(y.server.ask("GET", "/v1/documents/"+d.SHA256, nil)); hex.EncodeToString(sum[:]) != d.SHA256 {
			y.t.Errorf("%s is not what it was", d.Kind)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) || len(got) != len(held[0].Documents) {
		y.t.Errorf("the office has the documents %v, want %v", got, want)
	}
	if err := y.desk.Close(); err != nil {
		y.t.Error(err)
	}
	storeWhole(y.t, filepath.Join(y.desk.dir, "store"))
}
