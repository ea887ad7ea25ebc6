package ui

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

// storyScale is how large these pages are drawn in a normal run: once in the longest language, in the mirrored one, and in one at 100 %. "make
// pictures" draws them in every way.
var storyScale = map[string]string{"tr": "100", "ru": "200", "fa": "200"}

// storyPages shows the pages that the e-signing doctor never sees: how a head makes a key, installs what is issued and chooses it; the
// files to attach; a certificate that has ended; a card that is lost.
func storyPages(t *testing.T, lang, mode, scale string, look func(s *stage) func(name string)) {
	t.Helper()
	begin := func(d *fakeDesk, desk Desk) (*stage, func(name string)) {
		d.settings[SettingScale] = scale
		s := open(t, desk, lang, mode)
		return s, look(s)
	}
	d := newFake(t)
	d.entries, d.readers, d.office = d.entries[1:], d.readers[1:], true
	s, see := begin(d, d)
	headPages(s, d, see)
	a := &ableDesk{fakeDesk: newFake(t)}
	s, see = begin(a.fakeDesk, a)
	attachPages(s, a, see)
	d = newFake(t)
	for i := range d.entries {
		d.entries[i].NotAfter = fakeNow.AddDate(0, 0, -3)
	}
	s, see = begin(d, d)
	endedPages(s, see)
	d = newFake(t)
	d.entries, d.readers = d.entries[:1], d.readers[:1]
	s, see = begin(d, d)
	lostPages(s, see)
}

// headPages: the choice of the key, the issued certificate, its way onto the card, and old beside new until it is chosen.
func headPages(s *stage, d *fakeDesk, look func(name string)) {
	s.t.Helper()
	s.tap("home.renew")
	look("60-head-start")
	s.tap("wizard.procedure")
	look("60-head-start-list")
	s.key(fyne.KeyEscape)
	s.tap("wizard.next")
	fillPlain(s)
	look("61-head-details")
	s.tap("wizard.next")
	look("62-head-key")
	low(s, look, "62-head-key-below")
	s.tap("wizard.next")
	look("63-head-check")
	low(s, look, "63-head-check-below")
	s.tap("wizard.next")
	look("64-head-pin")
	s.signIn(d)
	look("65-head-done")
	low(s, look, "65-head-done-below")
	s.tap("job.home")
	look("66-home-issued")
	s.tap("home.install")
	look("67-install-pin")
	s.signIn(d)
	look("68-installed")
	s.tap("job.home")
	look("69-home-beside")
	s.tap("home.choose")
	look("70-choose-pin")
	s.signIn(d)
	look("71-chosen")
	s.tap("job.home")
	look("72-home-chosen")
	s.tap("nav.cases")
	s.openCase(d.kept[0].ID)
	look("73-case-to-the-end")
	low(s, look, "73-case-to-the-end-below")
}

// attachPages: a list of files whose names are as long as people make them.
func attachPages(s *stage, d *ableDesk, look func(name string)) {
	s.t.Helper()
	home := s.t.(*testing.T).TempDir()
	s.t.(*testing.T).Setenv("HOME", home)
	for _, name := range []string{"tarama.pdf", "Đơn xin cấp lại chứng thư số, bản quét ngày 21 tháng 11, hai trang.pdf"} {
		path := filepath.Join(home, name)
		if err := os.WriteFile(path, []byte("%PDF-1.7"), 0o600); err != nil {
			s.t.Fatal(err)
		}
		if err := os.Chtimes(path, fakeNow, fakeNow.Add(-time.Hour)); err != nil {
			s.t.Fatal(err)
		}
	}
	renewDoctor(s)
	s.openCase(d.kept[0].ID)
	s.tap("attach.receipt")
	look("74-attach")
	s.find("attach.files").TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	s.rest()
	look("75-attach-marked")
	s.tap("attach.cancel")
}

// endedPages: the certificate has ended, and the wizard says which ways are left.
func endedPages(s *stage, look func(name string)) {
	s.t.Helper()
	look("76-home-ended")
	s.tap("home.renew")
	look("77-ended-start")
	s.tap("wizard.next")
	fillPlain(s)
	s.tap("wizard.next")
	look("78-ended-route")
	s.tap("nav.cards")
	look("79-cards-ended")
}

// lostPages: the card is lost, so the wizard begins without a certificate.
func lostPages(s *stage, look func(name string)) {
	s.t.Helper()
	s.tap("nav.renew")
	s.tapChoice("renew.procedure", "generic")
	look("80-renew-without")
	s.tap("renew.reason.lost")
	look("81-lost-details")
	fillPlain(s)
	s.tap("wizard.next")
	look("82-lost-card")
	low(s, look, "82-lost-card-below")
	s.tap("wizard.back")
	s.tap("wizard.back")
	look("83-lost-start")
}

// fillPlain fills in what the form still wants: an example in each entry, the first of each choice.
func fillPlain(s *stage) {
	s.t.Helper()
	example := map[string]string{"email": "head@example.org", "date": "02.03.1980", "phone": "+90 555 000 00 00"}
	for _, f := range s.wizard.asks() {
		switch id := "field." + f.ID; {
		case !s.has(id) || s.wizard.draft.Details[f.ID] != "":
		case len(f.Choices) > 0:
			s.tapChoice(id, f.Choices[0].ID)
		default:
			s.write(id, firstOf(example[f.Check], "Пример"))
		}
	}
}

// signIn gives the right PIN, to the end of the work.
func (s *stage) signIn(d *fakeDesk) {
	s.t.Helper()
	s.write("pin.entry", d.right)
	s.tap("pin.ok")
	s.onPage("job.done")
}

// low shows the lower end of a page that is longer than the window.
func low(s *stage, look func(name string), name string) {
	p := pageScroll(s.win.Canvas().Content())
	if p == nil || p.Content.Size().Height <= p.Size().Height {
		return
	}
	p.ScrollToBottom()
	look(name)
	p.ScrollToTop()
}
