package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"rekey/app"
	"rekey/ui/control"
)

// inSight says whether a text stands in the window's visible part, whatever the page is turned to.
func (s *stage) inSight(text string) bool {
	for _, d := range textsOf(s.win.Content(), fyne.Position{}, false) {
		if d.text.String() == text && !d.scrolled && d.at.Y > 0 && d.at.Y+d.size.Height < s.win.Canvas().Size().Height {
			return true
		}
	}
	return false
}

// What has happened is said where it is seen, however far the page is turned, and the page stays as it is turned.
func TestNoticeIsInSight(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "tr", "light")
	renewDoctor(s)
	s.print = func(string, int) (bool, error) {
		return false, &app.Error{Op: "print", Kind: noPrinter, Err: errors.New("no printer")}
	}
	for _, page := range []string{"job.done", "case", "documents"} {
		switch page {
		case "case":
			s.openCase(d.kept[0].ID)
		case "documents":
			s.tap("nav.documents")
		}
		s.onPage(page)
		s.scrollTo(10000)
		turned := pageScroll(s.win.Content()).Offset.Y
		if page != "documents" && turned == 0 {
			t.Fatalf("%s is not long enough", page)
		}
		c := d.kept[0]
		s.printDocument(c, c.Documents[0])
		s.rest()
		if what := s.T("error.no-printer.what"); !s.inSight(what) {
			t.Errorf("%s: %q is not seen:\n%s", page, what, s.texts())
		}
		if got := pageScroll(s.win.Content()).Offset.Y; got < turned {
			t.Errorf("%s was turned from %v to %v", page, turned, got)
		}
		s.tap("note.close")
	}
}

// A notice goes with the page that it was said on: what it asked for has been done.
func TestNoticeGoesWithItsPage(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "ru", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	fillTurkish(s)
	for range 3 {
		s.tap("wizard.next")
	}
	s.tap("nav.help")
	s.onPage("job.pin")
	s.says(s.T("job.first"))
	s.write("pin.entry", d.right)
	s.tap("pin.ok")
	s.onPage("job.done")
	if s.note != nil || s.has("note.close") {
		t.Errorf("on the page of success stands %q", s.note.what)
	}
}

// The status cannot be fetched: nothing was done and nothing waits, so nothing of the kind is said; and the foot knows of it.
func TestStatusCannotBeFetched(t *testing.T) {
	d := &officeDesk{fakeDesk: newFake(t), box: app.Outbox{Configured: true, Reached: fakeNow.Add(-time.Hour)}}
	s := open(t, d, "en", "light")
	renewDoctor(s)
	s.openCase(d.kept[0].ID)
	d.away = &app.Error{Op: "sync", Kind: app.Offline, Err: errors.New("no route")}
	d.box.LastError = string(app.Offline)
	s.tap("case.sync")
	s.says(s.T("error.offline.what"), s.T("sync.as-of", "moment", s.Window.t.Moment(d.box.Reached)), s.T("side.no-contact"))
	for _, wrong := range []string{s.T("side.sent"), s.T("error.offline.do"), s.T("job.unsent")} {
		if strings.Contains(s.texts(), wrong) {
			t.Errorf("it says %q", wrong)
		}
	}
	d.box.Reached = time.Time{}
	s.reload()
	s.rest()
	s.tap("case.sync")
	s.says(s.T("sync.as-of.unknown"))
	d.box.Waiting, d.box.Items = 1, []app.Unsent{{Kind: "receipt", Case: d.kept[0].ID, Since: fakeNow}}
	s.reload()
	s.rest()
	s.tap("case.sync")
	s.says(s.T("error.offline.do"), s.T("side.waiting", "n", 1)) // now something does wait
	d.box = app.Outbox{}
	d.away = nil
	s.reload()
	s.rest()
	s.tap("case.sync")
	if s.note == nil || s.note.tone != control.Due || s.note.what != s.T("side.no-office") {
		t.Errorf("without an office: %+v", s.note)
	}
}
