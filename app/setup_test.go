package app_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/request"
	"rekey/assets"
	"rekey/cmd/rekey-demo/stage"
	"rekey/token"
	"rekey/token/tokentest"
)

var (
	bin    string        // folder with rekey-central
	office *stage.Office // one real office for all tests: each desk has a key of its own there
)

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	dir, err := os.MkdirTemp("", "rekey-app")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if bin = os.Getenv("REKEY_BIN"); bin == "" {
		bin = dir
		build := exec.Command("go", "build", "-trimpath", "-o", dir+"/", "rekey/cmd/rekey-central")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
			return 1
		}
	}
	office = stage.NewOffice(bin, filepath.Join(dir, "office"))
	if err := office.Start(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer office.Stop()
	return m.Run()
}

const serial = "CARD0001"

// desk is one person with a card, a store and the use cases.
type desk struct {
	*app.App
	t           *testing.T
	dir         string
	person      stage.Person
	fake        *tokentest.Fake
	fingerprint string
	central     string
	timeout     time.Duration
	now         func() time.Time
	pins        []string // answers to the next questions; when they are used up, the right PIN
	asked       int
	jitter      func(time.Duration) time.Duration
	cards       *token.Set               // instead of the fake
	wrap        func(stays) token.Module // what stands between the use cases and the fake, nil: nothing
}

// stays keeps the fake open when the use cases are closed, as a card stays in its reader.
type stays struct{ token.Module }

func (stays) Close() error { return nil }

// newDesk makes a desk whose certificate ends in so many days. central is the address of the office, "" for none.
func newDesk(t *testing.T, p stage.Person, days int, central string) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir(), person: p, fake: tokentest.NewFake("/fake/module.so"), central: central}
	d.fake.AddCard("Reader", serial, p.CardLabel, p.PIN)
	key, err := d.fake.AddKey(serial, token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}, Label: "first key"})
	if err != nil {
		t.Fatal(err)
	}
	der := certificate(t, p, key.SPKI, time.Now().AddDate(0, 0, days))
	d.fake.AddCertificate(serial, token.Certificate{ID: []byte{1}, Label: "first", DER: der})
	sum := sha256.Sum256(der)
	d.fingerprint = hex.EncodeToString(sum[:])
	d.open()
	t.Cleanup(func() { d.App.Close() })
	return d
}

// certificate makes one as an authority would, for any public key.
func certificate(t *testing.T, p stage.Person, spki []byte, until time.Time) []byte {
	t.Helper()
	subject, err := request.NewSubject(p.Subject)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		t.Fatal(err)
	}
	authority, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	number, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	template := &x509.Certificate{SerialNumber: number, RawSubject: subject, NotBefore: until.AddDate(-3, 0, 0), NotAfter: until, KeyUsage: x509.KeyUsageContentCommitment}
	if p.Profile == "tr-nes" {
		policy, err := x509.OIDFromInts([]uint64{2, 16, 792, 1, 2, 1, 1, 5, 7, 1, 1})
		if err != nil {
			t.Fatal(err)
		}
		template.Policies = []x509.OID{policy}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, authority)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// open opens the store; when it was open before, this is a new start of the program.
func (d *desk) open() {
	d.t.Helper()
	if d.App != nil {
		d.App.Close()
	}
	cards := d.cards
	if cards == nil {
		cards = d.fakes()
	}
	var err error
	d.App, err = app.Open(app.Options{
		StoreDir: filepath.Join(d.dir, "store"), Documents: filepath.Join(d.dir, "documents"), Central: d.central, Assets: assets.Files, Timeout: d.timeout, Now: d.now,
		Cards: cards, Jitter: d.jitter,
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) fakes() *token.Set {
	return token.NewSet([]string{d.fake.Path()}, func(string) token.Module {
		if d.wrap != nil {
			return d.wrap(stays{d.fake})
		}
		return stays{d.fake}
	})
}

// ask answers each question with the next PIN of the list, then with the right one; "-" gives up.
func (d *desk) ask() app.Ask {
	return app.Ask{PIN: func(context.Context, app.PINQuestion) ([]byte, error) {
		d.asked++
		pin := d.person.PIN
		if len(d.pins) > 0 {
			pin, d.pins = d.pins[0], d.pins[1:]
		}
		if pin == "-" {
			return nil, errors.New("not now")
		}
		return []byte(pin), nil
	}}
}

// draft fills a draft in as the person would.
func (d *desk) draft() app.Draft {
	d.t.Helper()
	draft, err := d.NewDraft(d.t.Context(), d.fingerprint, d.person.Procedure, "renewal")
	if err != nil {
		d.t.Fatal(err)
	}
	draft.Route = d.person.Route
	if err := d.FillIn(&draft, d.person.Details); err != nil {
		d.t.Fatal(err)
	}
	return draft
}

func (d *desk) begin() cases.Case {
	d.t.Helper()
	c, err := d.Start(d.draft())
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// beginOther begins a second case for the same certificate, through another procedure.
func (d *desk) beginOther() cases.Case {
	d.t.Helper()
	draft, err := d.NewDraft(d.t.Context(), d.fingerprint, "generic", "renewal")
	if err == nil {
		draft.Route = "transport"
		err = d.FillIn(&draft, map[string]string{"email": "priemnaya@bolnica.example"})
	}
	if err != nil {
		d.t.Fatal(err)
	}
	c, err := d.Start(draft)
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// run goes on with the case and wants this kind of error, "" for none.
func (d *desk) run(id string, want app.Kind) cases.Case {
	d.t.Helper()
	c, err := d.Run(d.t.Context(), id, d.ask())
	wantKind(d.t, err, want)
	return c
}

func (d *desk) sync(want app.Kind) app.SyncResult {
	d.t.Helper()
	r, err := d.Sync(d.t.Context())
	wantKind(d.t, err, want)
	return r
}

func wantKind(t *testing.T, err error, want app.Kind) {
	t.Helper()
	switch {
	case err == nil && want != "":
		t.Fatalf("no error, want %s", want)
	case err != nil && app.KindOf(err) != want:
		t.Fatalf("%s, want %q: %v", app.KindOf(err), want, err)
	}
}

// state is the state of the first step of a kind.
func state(c cases.Case, what string) cases.StepState {
	s, _ := c.Step(what)
	return s.State
}

func (d *desk) stored(id string) cases.Case {
	d.t.Helper()
	c, err := d.Case(id)
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// rebuilds makes the case again from its events and wants what is stored.
func (d *desk) rebuilds(id string) {
	d.t.Helper()
	events, err := d.Events(id)
	if err != nil {
		d.t.Fatal(err)
	}
	var c cases.Case
	for i, e := range events {
		if e.Seq != i+1 {
			d.t.Fatalf("event %d has the number %d", i+1, e.Seq)
		}
		if c, _, err = cases.Apply(c, e); err != nil {
			d.t.Fatalf("event %d (%s): %v", e.Seq, e.Kind, err)
		}
	}
	want := d.stored(id)
	for i := range want.Steps {
		want.Steps[i].Due = time.Time{} // not stored: it comes from the calendar
	}
	if got, want := asJSON(d.t, c), asJSON(d.t, want); got != want {
		d.t.Errorf("from its events the case is\n%s\nstored is\n%s", got, want)
	}
}

// held gives the office's cases with this ID.
func held(t *testing.T, id string) []central.Case {
	t.Helper()
	all, err := office.Cases()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(c central.Case) bool { return c.ID != id })
}

func officeSays(t *testing.T, args ...string) {
	t.Helper()
	if _, err := office.Command(args...); err != nil {
		t.Fatal(err)
	}
}
