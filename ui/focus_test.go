package ui

import (
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"rekey/app/register"
)

// handy lets the test say when each press happens; it begins long after the last one.
func (s *stage) handy() (pass func(time.Duration)) {
	now := fakeNow.AddDate(1, 0, 0)
	s.hand.Now = func() time.Time { return now }
	return func(d time.Duration) { now = now.Add(d) }
}

// A double click or two quick Returns turn one page of the wizard; who wants the next one after half a second has it.
func TestDoublePressTurnsOnePage(t *testing.T) {
	s := open(t, newFake(t), "en", "light")
	pass := s.handy()
	s.key(fyne.KeyReturn) // on the one action of the start page
	pass(60 * time.Millisecond)
	s.key(fyne.KeyReturn)
	s.onPage("wizard.1")
	pass(500 * time.Millisecond)
	s.tap("wizard.next")
	s.onPage("wizard.2")
	pass(time.Minute)
	fillTurkish(s)
	for _, want := range []string{"wizard.3", "wizard.4", "job.pin"} {
		pass(500 * time.Millisecond)
		s.tap("wizard.next")
		s.onPage(want)
		pass(60 * time.Millisecond)
		if s.has("wizard.next") {
			s.tap("wizard.next")
		}
		s.onPage(want)
	}
	pass(500 * time.Millisecond)
	s.key(fyne.KeyEscape)
	s.onPage("job.failed")
}

// Esc closes an open list and leaves the focus on what opened it.
func TestEscapeGivesTheFocusBack(t *testing.T) {
	s := open(t, newFake(t), "en", "light")
	s.win.Canvas().Focus(s.find("language"))
	s.key(fyne.KeyReturn)
	s.key(fyne.KeyDown)
	s.key(fyne.KeyEscape)
	if s.focused() != "language" || s.win.Canvas().Overlays().Top() != nil || s.lang != "en" {
		t.Errorf("the focus is on %q, language %s", s.focused(), s.lang)
	}
}

// The key of the page that is shown leaves the focus where it is, or gives it to the page when nothing had it.
func TestKeyOfTheShownPageKeepsTheFocus(t *testing.T) {
	s := open(t, newFake(t), "en", "light")
	s.win.Canvas().Focus(s.find("home.details"))
	for _, want := range []string{"home.details", "home.renew"} {
		s.shortcut(1)
		s.rest()
		if got := s.focused(); got != want {
			t.Errorf("the focus is on %q, want %q", got, want)
		}
		s.win.Canvas().Unfocus()
	}
}

// The way to the start page leads to what is to be done there, and when that changes by itself the focus goes along.
func TestFocusFollowsTheNextAction(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	renewDoctor(s)
	if got := s.focused(); got != "job.home" {
		t.Fatalf("after the work the focus is on %q", got)
	}
	s.key(fyne.KeyReturn)
	s.onPage("home")
	if got := s.focused(); got == "" || got != s.primary {
		t.Fatalf("at home the focus is on %q, the next is %q", got, s.primary)
	}
	before := s.primary
	fresh := doctor()
	fresh.Fingerprint, fresh.State = strings.Repeat("e5f6", 16), register.StateNew
	d.mu.Lock()
	d.entries = append(d.entries, fresh)
	d.mu.Unlock()
	s.reload()
	s.rest()
	if s.primary == before || s.focused() != s.primary {
		t.Errorf("was on %s, now on %q, the next is %q", before, s.focused(), s.primary)
	}
}

// Nothing that stops work gets the focus by itself.
func TestNoFocusOnTheWayToStop(t *testing.T) {
	s := open(t, clerk(t, 3), "en", "light")
	at, on := make(chan struct{}), make(chan struct{})
	var once sync.Once
	s.print = func(string, int) (bool, error) {
		once.Do(func() { close(at); <-on })
		return true, nil
	}
	s.tap("nav.documents")
	s.tap("documents.print")
	s.press("papers.ok", func() bool { return s.papers != nil })
	<-at
	s.press("nav.documents", func() bool { return s.page == pageDocuments && !s.looking })
	s.press("papers.show", func() bool { return s.page == pagePapers })
	if got := s.focused(); !s.has("papers.stop") || got != "" {
		t.Errorf("the focus is on %q", got)
	}
	close(on)
	s.until("the end", func() bool { return !s.papers.running })
}

// A copy button says that it has copied, until its moment is over, also when the page is drawn anew.
func TestCopyButtonSaysSo(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	var over func()
	s.copies.Later = func(_ time.Duration, f func()) { over = f }
	s.crash = "panic: the reader is on fire"
	s.show()
	s.tap("crash.copy")
	s.show()
	if got := s.find("crash.copy").Caption(); got != s.T("copied") {
		t.Errorf("it says %q", got)
	}
	over()
	if got := s.find("crash.copy").Caption(); got != s.T("job.copy") {
		t.Errorf("afterwards it says %q", got)
	}
}
