package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rekey/cmd/rekey-demo/stage"
)

// The program stays in the tray after its window is closed, comes back from there, reminds once, and ends from there.
func TestTrayAndNotifications(t *testing.T) {
	s := newScene(t, stage.Doctor())
	desk := openSession(t, true)
	s.screen.more = append(s.screen.more, "DBUS_SESSION_BUS_ADDRESS="+desk.address)
	s.open()
	s.must(s.w.clickTo(s.ctx, "nav.settings", "settings"))
	s.must(s.w.click(s.ctx, "settings.quiet"))
	s.must(s.w.click(s.ctx, "settings.quiet.0-0")) // whatever the clock says, no quiet hours
	s.must(s.w.click(s.ctx, "settings.tray"))
	_, err := s.w.control(s.ctx, "note.close") // it says that this holds from the next start
	s.must(err)
	s.close()
	s.open()
	item := next(s.ctx, t, "thing in the tray", desk.items)
	var menu trayMenu
	s.until("the menu", func() (ok bool, err error) {
		menu, err = desk.menu(item)
		return len(menu.labels) == 3, err
	})
	if want := []string{"Rekey’i aç", "İmzayı yenile", "Çık"}; !slices.Equal(menu.labels, want) {
		t.Errorf("menu %q, want %q", menu.labels, want)
	}

	told := next(s.ctx, t, "reminder", desk.notices)
	if !strings.Contains(told[0], "23") || !strings.Contains(told[1], "ÇAĞLAYANÖRNEK") {
		t.Errorf("reminded of %q", told)
	}

	s.must(s.w.key("alt+F4"))
	s.until("the window gone", func() (bool, error) { return !s.onScreen(), nil })
	select {
	case <-s.w.ended:
		s.must(fmt.Errorf("closing the window has ended the program: %s", s.w.log.String()))
	default:
	}
	s.must(menu.press(menu.labels[0]))
	s.until("the window back", func() (bool, error) { return s.onScreen(), nil })
	s.page("home", "back-from-the-tray")
	s.must(menu.press(menu.labels[2]))
	select {
	case <-s.w.ended:
		if !s.w.cmd.ProcessState.Success() {
			t.Errorf("it ended badly: %v\n%s", s.w.cmd.ProcessState, s.w.log.String())
		}
	case <-s.ctx.Done():
		t.Error("the program has not ended")
	}
	for len(desk.notices) > 0 {
		t.Errorf("told once more: %q", <-desk.notices)
	}
}

// On a desktop without a tray the program ends with its window, although it should stay: nothing could bring a hidden window back.
func TestNoTrayNoHiddenWindow(t *testing.T) {
	s := newScene(t, stage.Doctor())
	desk := openSession(t, false)
	s.screen.more = append(s.screen.more, "DBUS_SESSION_BUS_ADDRESS="+desk.address)
	s.open()
	s.must(s.w.clickTo(s.ctx, "nav.settings", "settings"))
	s.must(s.w.click(s.ctx, "settings.tray"))
	_, err := s.w.control(s.ctx, "note.close") // it says so
	s.must(err)
	s.close()
	s.open()
	s.must(s.w.key("alt+F4"))
	select {
	case <-s.w.ended:
		if !s.w.cmd.ProcessState.Success() {
			t.Errorf("it ended badly: %v\n%s", s.w.cmd.ProcessState, s.w.log.String())
		}
	case <-s.ctx.Done():
		t.Error("the program goes on without a window")
	}
}

// onScreen says whether the window is to be seen.
func (s *scene) onScreen() bool {
	out, err := s.w.x("search", "--onlyvisible", "--name", "Rekey")
	return err == nil && strings.Contains(out, s.w.id)
}

// until asks again and again.
func (s *scene) until(what string, ask func() (bool, error)) {
	s.t.Helper()
	for {
		ok, err := ask()
		if ok && err == nil {
			return
		}
		select {
		case <-s.ctx.Done():
			s.must(fmt.Errorf("%s: never came: %w", what, err))
		case <-time.After(50 * time.Millisecond):
		}
	}
}
