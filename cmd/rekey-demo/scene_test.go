package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-demo/stage"
)

// Each story below is a mishap at a real window: one person with a card, an office and a screen of their own. What came
// of it is judged by the running central API, by OpenSC's pkcs11-tool on the card and by the files.

func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// built are the programs under test when "make" has not built them.
var built struct {
	once sync.Once
	dir  string
	err  error
}

// programs gives the folder of rekey, rekey-central and rekey-demo.
func programs(t *testing.T) string {
	t.Helper()
	if bin := os.Getenv("REKEY_BIN"); bin != "" {
		return bin
	}
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "rekey-bin-"); built.err != nil {
			return
		}
		build := exec.Command("go", "build", "-trimpath", "-tags", "x11,gles,migrated_fynedo", "-o", built.dir+"/", "../rekey", "../rekey-central", ".")
		if out, err := build.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("build: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.dir
}

// scene is the stage of one story.
type scene struct {
	*renewal
	t        *testing.T
	ctx      context.Context
	w        *driven // the window that is open now
	pictures string
}

// newScene sets the stage for a person: office, screen, keyboard and card. The window is not open yet.
func newScene(t *testing.T, p stage.Person) *scene {
	t.Helper()
	t.Parallel()
	bin := programs(t)
	if _, err := stage.SoftHSM(t.Context(), p.Algorithm); err != nil { // built, when it is not there
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	d, err := prepare(filepath.Join(t.TempDir(), "scene"), bin)
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{t: t, ctx: ctx, pictures: picturesOf(t)}
	s.renewal = d.of(p)
	t.Cleanup(s.office.Stop)
	if d.screen, err = openScreen(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.screen.close)
	s.must(d.screen.keyboard(p.Keyboard))
	s.must(s.setUp(ctx))
	return s
}

// picturesOf is where a story's pictures go: they are kept when REKEY_PICTURES names a folder.
func picturesOf(t *testing.T) string {
	t.Helper()
	kept := os.Getenv("REKEY_PICTURES")
	if kept == "" {
		return t.TempDir()
	}
	dir := filepath.Join(kept, t.Name())
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// open starts the program and waits for its window.
func (s *scene) open() {
	s.t.Helper()
	before := 0
	if s.w != nil {
		before = s.w.taken
	}
	w, err := s.openDriven(s.ctx, s.pictures)
	s.must(err)
	w.taken = before
	s.w = w
	s.t.Cleanup(w.kill)
}

// close closes the window as a person does.
func (s *scene) close() {
	s.t.Helper()
	s.must(s.w.close())
}

// must ends the story at an error, with a picture of what the screen shows.
func (s *scene) must(err error) {
	s.t.Helper()
	if err == nil {
		return
	}
	if s.w != nil {
		select {
		case <-s.w.ended:
		default:
			_ = s.w.picture("failed")
		}
		err = fmt.Errorf("%w\n%s", err, s.w.log.String())
	}
	s.t.Fatal(err)
}

// page waits for a page that is at rest and keeps a picture of it.
func (s *scene) page(name, picture string) {
	s.t.Helper()
	s.must(s.w.page(s.ctx, name))
	s.must(s.w.picture(picture))
}

// answer types a PIN and presses Return.
func (s *scene) answer(pin string) {
	s.t.Helper()
	s.must(s.w.write(s.ctx, "pin.entry", pin))
	s.must(s.w.key("Return"))
}

// holds wants exactly one case at the office, in this state, and gives it. With an empty state there must be none.
func (s *scene) holds(state string) (c central.Case) {
	s.t.Helper()
	all, err := s.office.Cases()
	s.must(err)
	want := 1
	if state == "" {
		want = 0
	}
	if len(all) != want {
		s.must(fmt.Errorf("the office holds %d cases, want %d: %+v", len(all), want, all))
	}
	if want == 0 {
		return c
	}
	if all[0].State != state || all[0].Procedure != s.person.Procedure {
		s.must(fmt.Errorf("the office holds case %s of %s, %s; want %s, %s", all[0].ID, all[0].Procedure, all[0].State, s.person.Procedure, state))
	}
	return all[0]
}

// arrives waits until the office holds the case, and wants it to be the only one.
func (s *scene) arrives() central.Case {
	s.t.Helper()
	_, err := s.office.Case(s.ctx, s.person.Procedure, central.StateReceived)
	s.must(err)
	return s.holds(central.StateReceived)
}

// onCard wants so many key pairs and so many certificates on the card.
func (s *scene) onCard(keys, certificates int) {
	s.t.Helper()
	have, err := countCard(s.renewal)
	s.must(err)
	if have != (objects{keys, certificates}) {
		s.must(fmt.Errorf("the card holds %d keys and %d certificates, want %d and %d", have.keys, have.certificates, keys, certificates))
	}
}

// keepsNo wants a PIN to be in no file that the program has written, nor in what it has said.
func (s *scene) keepsNo(pins ...string) {
	s.t.Helper()
	err := filepath.WalkDir(s.home, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || strings.HasPrefix(path, s.card.Reader) {
			return err
		}
		text, err := os.ReadFile(path)
		for _, pin := range pins {
			if strings.Contains(string(text), pin) {
				err = errors.Join(err, fmt.Errorf("%s holds the PIN %s", path, pin))
			}
		}
		return err
	})
	s.must(err)
	for _, pin := range pins {
		if strings.Contains(s.w.log.String(), pin) {
			s.t.Errorf("the program has said the PIN %s", pin)
		}
	}
}
