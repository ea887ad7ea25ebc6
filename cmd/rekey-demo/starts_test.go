package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rekey/cmd/rekey-demo/stage"
	"rekey/ui"
)

// A second start for the same store opens nothing, ends well, and brings the first window back to the front, here from behind its icon.
func TestSecondStartCallsTheWindow(t *testing.T) {
	s := newScene(t, stage.Doctor())
	s.open()
	_, err := s.w.x("windowminimize", "--sync", s.w.id)
	s.must(err)
	s.until("the window minimised", func() (bool, error) { return !s.onScreen(), nil })
	second := exec.CommandContext(s.ctx, filepath.Join(s.bin, "rekey"), s.args()...)
	second.Env = append(s.screen.env(), s.card.Env())
	if out, err := second.CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("the second start: %v: %s", err, out)
	}
	s.until("the window back", func() (bool, error) { return s.onScreen(), nil })
	s.until("the focus on it", func() (bool, error) {
		active, err := s.w.x("getactivewindow")
		return strings.TrimSpace(active) == s.w.id, err
	})
	s.page("home", "called-by-a-second-start")
}

// What the program wrote when it crashed is offered by the next start, and by no other once it was dismissed.
func TestCrashIsOfferedByTheNextStart(t *testing.T) {
	s := newScene(t, stage.Doctor())
	s.open()
	offered := func() bool {
		s.page("home", "after-the-crash")
		m, err := s.w.shown()
		s.must(err)
		_, found := find(m, "crash.close")
		return found
	}
	if offered() {
		t.Error("a crash is offered that nobody has seen")
	}
	s.must(s.w.cmd.Process.Signal(syscall.SIGABRT)) // the runtime writes where everything was, as in a panic
	<-s.w.ended
	s.open()
	_, err := s.w.control(s.ctx, "crash.close")
	s.must(err)
	kept, err := filepath.Glob(filepath.Join(s.home, "*", "crash.txt"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept %v: %v", kept, err)
	}
	if text, err := os.ReadFile(kept[0]); err != nil || !bytes.Contains(text, []byte("SIGABRT")) || !bytes.Contains(text, []byte("goroutine ")) {
		t.Errorf("%v: %.300s", err, text)
	}
	s.must(s.w.click(s.ctx, "crash.close"))
	_, err = s.w.wait(s.ctx, "nothing to dismiss", func(m ui.Map) bool { _, found := find(m, "crash.close"); return !found })
	s.must(err)
	s.close()
	if left, _ := filepath.Glob(kept[0]); len(left) > 0 {
		t.Error("it was dismissed and is still there")
	}
	s.open()
	if offered() {
		t.Error("what was dismissed is offered again")
	}
}
