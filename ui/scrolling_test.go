package ui

import (
	"testing"

	"rekey/ui/i18n"
)

// The page of the way of sending is drawn once more when the plan has come: its beginning stays in sight, however large it is written.
func TestPageStaysWhenThePlanComes(t *testing.T) {
	for _, lang := range i18n.Languages {
		d := newFake(t)
		d.settings[SettingScale] = "200"
		d.entries, d.readers = d.entries[1:], d.readers[1:]
		s := open(t, d, lang, "light")
		s.tap("home.renew")
		s.tap("wizard.next")
		fillPlain(s)
		s.tap("wizard.next")
		if s.onPage("wizard.3"); s.wizard.plan == nil {
			t.Fatal("no plan")
		}
		if y := pageScroll(s.win.Canvas().Content()).Offset.Y; y != 0 || !s.focusSeen() {
			t.Errorf("%s: page 3 is turned by %.0f, the focus is on %q, seen: %v", lang, y, s.focused(), s.focusSeen())
		}
	}
}

// What has the focus and could be seen can be seen still when something comes above it.
func TestFocusStaysInSight(t *testing.T) {
	d := newFake(t)
	d.settings[SettingScale] = "200"
	s := open(t, d, "en", "light")
	s.tap("nav.settings")
	last := ""
	for _, c := range controls(s.win.Canvas()) {
		if c.seen() && c.Enabled() && c.at.Y < c.bottom-60 {
			last = c.ID()
		}
	}
	s.win.Canvas().Focus(s.find(last))
	s.crash = "panic: somewhere"
	s.show()
	if s.focused() != last || !s.focusSeen() {
		t.Errorf("%s had the focus, now it is %q, seen: %v", last, s.focused(), s.focusSeen())
	}
}
