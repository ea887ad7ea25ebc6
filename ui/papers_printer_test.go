package ui

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"rekey/app"
)

// One document that fails does not stop the others; it is named with its reason, and tried again alone.
func TestPapersFail(t *testing.T) {
	s := open(t, clerk(t, 12), "en", "light")
	quick, sick := s.print, true
	s.print = func(path string, copies int) (bool, error) {
		if sick && filepath.Base(path) == formName(7) {
			return false, &app.Error{Op: "print", Kind: printRefused, Err: errors.New("paper jam")}
		}
		return quick(path, copies)
	}
	s.tap("nav.documents")
	s.tap("documents.print")
	s.press("papers.ok", func() bool { return !s.papers.running })
	s.rest()
	if len(s.printed) != 11 || !s.told("11 documents were sent to the printer. 1 failed.") {
		t.Errorf("%d printed: %s", len(s.printed), s.papers.outcome())
	}
	s.tap("papers.copy")
	if got := s.app.Clipboard().Content(); got != formName(7)+": print: paper jam" {
		t.Errorf("copied %q", got)
	}
	sick, s.printed = false, nil
	s.press("papers.again", func() bool { return !s.papers.running })
	s.rest()
	if !slices.Equal(s.printed, []string{formName(7) + " ×2"}) || s.papers.outcome() != "12 documents were sent to the printer." {
		t.Errorf("printed %v: %s", s.printed, s.papers.outcome())
	}
}

// Without a printer one sentence says so, before the work or in its middle; the viewer is not opened a thousand times.
func TestPapersWithoutPrinter(t *testing.T) {
	s := open(t, clerk(t, 50), "en", "light")
	none := func() (string, error) {
		return "", &app.Error{Op: "find printer", Kind: noPrinter, Err: errors.New("no system default destination")}
	}
	one := s.printer
	s.printer = none
	s.tap("nav.documents")
	s.tap("documents.print")
	if s.papers != nil || s.note == nil || s.note.what != s.T("error.no-printer.what") || s.dialogOpen() {
		t.Fatalf("note %v", s.note)
	}
	s.printer = one
	tried := 0
	s.print = func(string, int) (bool, error) { // unplugged after twenty
		if tried++; tried > 20 {
			s.printer = none
			return false, errors.New("gone")
		}
		return true, nil
	}
	s.tap("documents.print")
	s.press("papers.ok", func() bool { return !s.papers.running })
	s.rest()
	if done, failed, left, _ := s.papers.count(); tried != 21 || done != 20 || failed != 0 || left != 30 || !s.told(s.T("error.no-printer.what")) {
		t.Errorf("tried %d: %s", tried, s.papers.outcome())
	}
	s.printer, tried = one, 0
	s.print = func(string, int) (bool, error) { tried++; return false, nil } // nothing here prints
	s.press("papers.again", func() bool { return !s.papers.running })
	s.rest()
	if tried != 1 || len(s.opened) != 0 || !s.told(s.T("error.no-printing.what")) {
		t.Errorf("tried %d, opened %v", tried, s.opened)
	}
}

// The printer is not given more than it can keep: the work waits, says so, and goes on when there is room.
func TestPapersWaitForThePrinter(t *testing.T) {
	s := open(t, clerk(t, 120), "en", "light")
	var mu sync.Mutex
	queue, most, asked := 0, 0, 0
	s.print = func(string, int) (bool, error) {
		mu.Lock()
		defer mu.Unlock()
		queue++
		most = max(most, queue)
		return true, nil
	}
	s.waiting = func(_ context.Context, printer string) int {
		mu.Lock()
		defer mu.Unlock()
		if printer != "Adana_2" {
			t.Errorf("asked about %q", printer)
		}
		if asked++; asked%3 == 0 { // slow, but it gets on
			queue = 0
		}
		return queue
	}
	s.tap("nav.documents")
	s.tap("documents.print")
	s.press("papers.ok", func() bool { return s.papers != nil && s.told(s.T("papers.waiting")) })
	s.ended()
	if most > mostQueued || s.papers.outcome() != "120 documents were sent to the printer." {
		t.Errorf("%d waited at once: %s", most, s.papers.outcome())
	}
}
