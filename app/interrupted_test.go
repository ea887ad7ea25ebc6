package app_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"rekey/app"
	"rekey/app/central"
	"rekey/cmd/rekey-demo/stage"
	"rekey/token"
)

// holds counts what is on the card now.
func (d *desk) holds() (pairs, certificates int) {
	d.t.Helper()
	s, err := d.fake.Open(context.Background(), serial)
	if err != nil {
		d.t.Fatal(err)
	}
	defer s.Close()
	keys, err := s.Keys(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	certs, err := s.Certificates(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	return len(keys), len(certs)
}

// issue plays the office and its authority over the wire.
func (d *desk) issue(f *feed, id string) {
	d.t.Helper()
	c := d.stored(id)
	cert := certificate(d.t, d.person, c.SPKI, c.CreatedAt.AddDate(1, 0, 0))
	f.say(id, central.StateIssued, "", f.document(central.DocCertificate, "certificate.cer", cert))
}

// finish goes on until the certificate is installed and wants one of everything.
func (d *desk) finish(f *feed, id string) {
	d.t.Helper()
	c := d.run(id, "")
	if d.asked > 4 {
		d.t.Errorf("the PIN was asked for %d times", d.asked)
	}
	all, err := d.Cases()
	if err != nil {
		d.t.Fatal(err)
	}
	pairs, certificates := d.holds()
	if c.New == "" || len(all) != 1 || pairs != 2 || certificates != 2 || len(f.submitted) != 1 || d.fake.Counts().Generates != 1 {
		d.t.Errorf("new %q, %d cases, %d pairs, %d certificates, %d submissions", c.New, len(all), pairs, certificates, len(f.submitted))
	}
	d.rebuilds(id)
}

// A renewal is disturbed once, in the n-th call that reaches the card, for every n there is.
func TestDisturbedAtEveryCall(t *testing.T) {
	for _, trouble := range []struct {
		name string
		at   func(d *desk, n int)
	}{
		{"card pulled out", func(d *desk, n int) { d.fake.RemoveAt("", n, serial) }},
		{"module crashed", func(d *desk, n int) {
			d.fake.FailAt("", n, &token.Error{Op: "test", Kind: token.KindModuleCrash, Err: errors.New("the module has crashed")})
		}},
	} {
		for _, phase := range []string{"first half", "second half"} {
			for n := 1; ; n++ {
				if !disturbed(t, fmt.Sprintf("%s, %s, call %d", trouble.name, phase, n), phase == "second half", func(d *desk) { trouble.at(d, n) }) {
					if n < 8 {
						t.Errorf("%s, %s: only %d calls", trouble.name, phase, n-1)
					}
					break
				}
			}
		}
	}
}

// disturbed runs one renewal with trouble in one of its halves and says whether the trouble came.
func disturbed(t *testing.T, name string, second bool, trouble func(*desk)) (came bool) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		f := newFeed(t)
		d := newDesk(t, stage.Head(), 40, f.URL)
		c := d.begin()
		if !second {
			if came = d.runWith(c.ID, trouble); !came {
				return
			}
		} else {
			d.run(c.ID, "")
		}
		d.issue(f, c.ID)
		d.sync("")
		if second {
			if came = d.runWith(c.ID, trouble); !came {
				return
			}
		}
		d.finish(f, c.ID)
	})
	return came
}

// runWith runs into trouble, mends it, starts the program anew and goes on. False: the trouble did not come.
func (d *desk) runWith(id string, trouble func(*desk)) bool {
	d.t.Helper()
	trouble(d)
	_, err := d.Run(d.t.Context(), id, d.ask())
	if err == nil {
		return false
	}
	switch app.KindOf(err) {
	case app.CardRemoved, app.NoCard, app.ModuleError:
	default:
		d.t.Errorf("%s: %v", app.KindOf(err), err)
	}
	d.fake.Insert(serial)
	d.open()
	d.run(id, "")
	return true
}

// forgetful is a module whose card does what it is told while the answer is lost on its way.
type forgetful struct {
	stays
	lose map[string]bool
}

func (m forgetful) Open(ctx context.Context, serial string) (token.Session, error) {
	s, err := m.stays.Open(ctx, serial)
	return forgetfulSession{s, m.lose}, err
}

type forgetfulSession struct {
	token.Session
	lose map[string]bool
}

func (s forgetfulSession) lost(call string, err error) error {
	if err == nil && s.lose[call] {
		delete(s.lose, call)
		return &token.Error{Op: call, Kind: token.KindCardRemoved, Err: errors.New("the answer is lost")}
	}
	return err
}

func (s forgetfulSession) Generate(ctx context.Context, spec token.KeySpec) (token.Key, error) {
	key, err := s.Session.Generate(ctx, spec)
	return key, s.lost("Generate", err)
}

func (s forgetfulSession) PutCertificate(ctx context.Context, id []byte, label string, der []byte) error {
	return s.lost("PutCertificate", s.Session.PutCertificate(ctx, id, label, der))
}

func TestLostAnswersOfTheCard(t *testing.T) {
	f := newFeed(t)
	d := newDesk(t, stage.Head(), 40, f.URL)
	d.wrap = func(m stays) token.Module {
		return forgetful{m, map[string]bool{"Generate": true, "PutCertificate": true}}
	}
	d.open()
	c := d.begin()
	d.run(c.ID, app.CardRemoved)
	c = d.run(c.ID, "")
	d.issue(f, c.ID)
	d.sync("")
	d.run(c.ID, app.CardRemoved)
	d.finish(f, c.ID)
}

// The card comes back with a certificate that is not the one written: it is not called installed.
func TestWhatIsNotReadBackIsNotInstalled(t *testing.T) {
	f := newFeed(t)
	d := newDesk(t, stage.Head(), 40, f.URL)
	c := d.run(d.begin().ID, "")
	d.issue(f, c.ID)
	d.sync("")
	d.wrap = func(m stays) token.Module { return swallowing{m} }
	d.open()
	if c = d.run(c.ID, app.CardError); c.New != "" {
		t.Error("called installed")
	}
	d.wrap = nil
	d.open()
	d.finish(f, c.ID)
}

// swallowing is a module that says yes and writes nothing.
type swallowing struct{ stays }

func (m swallowing) Open(ctx context.Context, serial string) (token.Session, error) {
	s, err := m.stays.Open(ctx, serial)
	return swallowingSession{s}, err
}

type swallowingSession struct{ token.Session }

func (swallowingSession) PutCertificate(_ context.Context, _ []byte, _ string, der []byte) error {
	_, err := x509.ParseCertificate(der)
	return err
}

// A full disk is real here: a small tmpfs, filled up before the run but for so many kB.
func TestFullDiskAtManyPlaces(t *testing.T) {
	failures := 0
	for _, free := range []int{0, 16, 32, 64, 128, 192, 256, 384} {
		t.Run(fmt.Sprintf("%d kB left", free), func(t *testing.T) {
			f := newFeed(t)
			d := newDesk(t, stage.Head(), 40, f.URL)
			d.App.Close()
			d.dir = t.TempDir()
			if err := syscall.Mount("tmpfs", d.dir, "tmpfs", 0, "size=4m,mode=0700"); err != nil {
				t.Fatalf("a small tmpfs is needed for this test (run as root): %v", err)
			}
			t.Cleanup(func() { d.App.Close(); _ = syscall.Unmount(d.dir, 0) })
			d.open()
			c := d.begin()
			junk := fill(t, d.dir, free)
			_, err := d.Run(t.Context(), c.ID, d.ask())
			if err != nil {
				failures++
				wantKind(t, err, app.DiskFull)
			}
			if err := os.Remove(junk); err != nil {
				t.Fatal(err)
			}
			d.open()
			c = d.run(c.ID, "")
			d.sync("")
			d.issue(f, c.ID)
			d.sync("")
			d.finish(f, c.ID)
		})
	}
	if failures == 0 {
		t.Error("the disk was never full")
	}
}

// fill leaves so many kB on the disk of dir.
func fill(t *testing.T, dir string, free int) string {
	t.Helper()
	path := filepath.Join(dir, "junk")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var written int64
	for {
		n, err := file.Write(make([]byte, 4096))
		written += int64(n)
		if errors.Is(err, syscall.ENOSPC) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Truncate(max(0, written-int64(free)<<10)); err != nil {
		t.Fatal(err)
	}
	return path
}
