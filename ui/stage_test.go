package ui

import (
	"context"
	"fmt"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"rekey/app/procedure"
	"rekey/ui/control"
)

func assets() fs.FS { return os.DirFS("../assets") }

func loadProcedures() ([]*procedure.Procedure, error) { return procedure.Load(assets(), "procedures") }

// stage is a window without a screen. What the window's work brings back waits in a queue until the test
// lets it happen, so that everything runs on the test's goroutine.
type stage struct {
	*Window
	t       testing.TB
	mu      sync.Mutex
	queue   []func()
	wake    chan struct{}
	opened  []string
	printed []string
}

func open(t testing.TB, d Desk, lang, mode string) *stage {
	t.Helper()
	application := test.NewTempApp(t)
	win := application.NewWindow("")
	s := &stage{t: t, wake: make(chan struct{}, 1)}
	w, err := newWindow(application, win, Options{Desk: d, Assets: assets(), Lang: lang, Look: mode, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	s.Window = w
	w.now = func() time.Time { return fakeNow }
	presses := 0
	w.hand.Now = func() time.Time { presses++; return fakeNow.Add(time.Duration(presses) * time.Minute) } // nobody here double-clicks
	w.open = func(path string) error { s.opened = append(s.opened, path); return nil }
	w.print = func(path string, copies int) (bool, error) {
		s.printed = append(s.printed, fmt.Sprintf("%s ×%d", filepath.Base(path), copies))
		return true, nil
	}
	w.printer, w.browse = func() (string, error) { return "Adana_2", nil }, nil
	w.pickFile = nil
	w.waiting = func(context.Context, string) int { return 0 }
	w.post = func(f func()) {
		s.mu.Lock()
		s.queue = append(s.queue, f)
		s.mu.Unlock()
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
	win.Resize(fyne.NewSize(1220, 760))
	w.start()
	t.Cleanup(func() { w.stop(); win.Close() })
	s.rest()
	return s
}

// until lets the window's work come back until it is as wanted.
func (s *stage) until(what string, wanted func() bool) {
	s.t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		s.mu.Lock()
		ready := s.queue
		s.queue = nil
		s.mu.Unlock()
		for _, f := range ready {
			f()
		}
		if len(ready) > 0 {
			continue
		}
		if wanted() {
			return
		}
		select {
		case <-s.wake:
		case <-deadline:
			s.t.Fatalf("never came: %s (page %s, controls %v)", what, s.pageName(), s.ids())
		}
	}
}

// rest waits until no work runs, or the work waits for a PIN.
func (s *stage) rest() {
	s.t.Helper()
	s.until("rest", func() bool { return s.busy == 0 || s.page == pageJob && s.job.name() == "job.pin" && s.busy == 1 })
}

func (s *stage) ids() []string {
	var out []string
	for _, c := range controls(s.win.Canvas()) {
		out = append(out, c.ID())
	}
	return out
}

func (s *stage) find(id string) control.Control {
	s.t.Helper()
	for _, c := range controls(s.win.Canvas()) {
		if c.ID() == id {
			return c.Control
		}
	}
	s.t.Fatalf("no control %q on page %s: %v", id, s.pageName(), s.ids())
	return nil
}

func (s *stage) has(id string) bool {
	for _, have := range s.ids() {
		if have == id {
			return true
		}
	}
	return false
}

// tap clicks a control.
func (s *stage) tap(id string) {
	s.t.Helper()
	c := s.find(id)
	if !c.Enabled() {
		s.t.Fatalf("%s cannot be used", id)
	}
	c.(fyne.Tappable).Tapped(&fyne.PointEvent{})
	s.rest()
}

// write replaces what stands in an entry.
func (s *stage) write(id, text string) {
	s.t.Helper()
	c := s.find(id)
	switch e := c.(type) {
	case *control.Entry:
		e.SetText("")
	case *control.Secret:
		e.Clear()
	}
	test.Type(c, text)
	s.rest()
	c.FocusLost() // test.Type gives the focus and never takes it back
}

// key types a key into what has the focus.
func (s *stage) key(name fyne.KeyName) {
	s.t.Helper()
	e := &fyne.KeyEvent{Name: name}
	if f := s.win.Canvas().Focused(); f != nil {
		f.TypedKey(e)
	} else {
		s.win.Canvas().OnTypedKey()(e)
	}
	s.rest()
}

func (s *stage) onPage(name string) {
	s.t.Helper()
	if got := s.pageName(); got != name {
		s.t.Fatalf("page %s, want %s", got, name)
	}
}

// picture renders the window into the folder of pictures, which the repository ignores.
func (s *stage) picture(name string) {
	s.t.Helper()
	dir := os.Getenv("REKEY_PICTURES")
	if dir == "" {
		return
	}
	path := filepath.Join(dir, name+".png")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, software.RenderCanvas(s.win.Canvas(), s.app.Settings().Theme())); err != nil {
		s.t.Fatal(err)
	}
}
