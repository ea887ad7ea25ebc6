package ui

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rekey/ui/control"
)

// texts are the words on the page, as they stand in the tree.
func texts(o fyne.CanvasObject) (out []*control.Text) {
	if !o.Visible() {
		return nil
	}
	switch x := o.(type) {
	case *control.Text:
		return []*control.Text{x}
	case *container.Scroll:
		return texts(x.Content)
	case *fyne.Container:
		for _, child := range x.Objects {
			out = append(out, texts(child)...)
		}
	}
	return out
}

// words finds a text in the window by what it says.
func (s *stage) words(said string) *control.Text {
	s.t.Helper()
	for _, x := range texts(s.win.Canvas().Content()) {
		if x.String() == said {
			return x
		}
	}
	s.t.Fatalf("nothing says %q", said)
	return nil
}

// The titles of panels side by side stand level, whatever is at the end of their lines.
func TestPanelTitlesStandLevel(t *testing.T) {
	for _, beside := range []string{"payment.title", "page.documents"} {
		d := newFake(t)
		s := open(t, d, "ru", "light")
		renewDoctor(s)
		c := s.cases[0]
		if beside == "page.documents" { // a case in which nothing is paid
			for i, p := range d.procedures {
				free := *p
				free.Fees = nil
				d.procedures[i] = &free
			}
		}
		s.openCase(c.ID)
		s.picture("74-case-ru-" + beside)
		y := func(key string) float32 {
			return s.app.Driver().AbsolutePositionForObject(s.words(s.T(key))).Y
		}
		if a, b := y("case.steps"), y(beside); a != b {
			t.Errorf("titles stand at %v and %v", a, b)
		}
	}
}

// A page on which nothing is yet offers the way to something.
func TestEmptyPagesOfferABeginning(t *testing.T) {
	for _, page := range []string{pageCases, pageDocuments} {
		d := newFake(t)
		s := open(t, d, "en", "light")
		s.tap("nav." + page)
		s.tap(page + ".renew")
		if s.page != pageRenew {
			t.Errorf("from %s to %s", page, s.page)
		}
	}
}

// The newest file has the focus, so that Return takes it; its whole name is told.
func TestNewestFileIsTaken(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	long := strings.Repeat("a very long name ", 6) + ".pdf"
	for i, name := range []string{"older.pdf", long} {
		path := filepath.Join(home, name)
		at := fakeNow.Add(time.Duration(i-1) * 2 * time.Hour)
		if err := os.WriteFile(path, []byte("%PDF-1.7 scan"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	d := &ableDesk{fakeDesk: newFake(t)}
	s := open(t, d, "en", "light")
	renewDoctor(s)
	s.openCase(s.cases[0].ID)
	s.rest()
	s.tap("attach.scan")
	s.picture("73-attach-en")
	if !slices.ContainsFunc(texts(s.win.Canvas().Overlays().Top()), func(x *control.Text) bool { return x.String() == filepath.Join(home, long) }) {
		t.Error("the whole name is nowhere")
	}
	s.key(fyne.KeyReturn)
	if want := []string{"scan " + long}; !slices.Equal(d.attached, want) {
		t.Errorf("attached %v, want %v", d.attached, want)
	}
}

// A file is picked in the system's own choice, which begins at the person's own folder, or where what was typed is.
func TestBrowseForAFile(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	d := &ableDesk{fakeDesk: newFake(t)}
	s := open(t, d, "en", "light")
	var from []string
	pick := ""
	s.pickFile = func(_ context.Context, _, at string) (string, error) {
		from = append(from, at)
		return pick, nil
	}
	s.tap("nav.settings")
	s.tap("settings.module.browse") // closed without a choice
	if got := s.find("settings.module").Caption(); got != "" {
		t.Errorf("typed %q", got)
	}
	pick = filepath.Join(home, "libcard.so")
	s.tap("settings.module.browse")
	s.tap("settings.module.browse")
	if got := s.find("settings.module").Caption(); got != pick {
		t.Errorf("typed %q, want %q", got, pick)
	}
	if !slices.Equal(from, []string{home, home, home}) {
		t.Errorf("begun at %v", from)
	}
}
