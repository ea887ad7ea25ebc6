package ui

import (
	"strings"
	"testing"
)

// How often the PIN will be asked for is said before anything begins, on the page of the way of sending; where no card signs, nothing is said.
func TestPINCountIsAnnounced(t *testing.T) {
	announced := func(s *stage, n int) {
		t.Helper()
		s.onPage("wizard.3")
		texts := s.texts()
		for count := range 4 {
			if got := strings.Contains(texts, s.T("plan.pins", "n", count)); got != (count > 0 && count == n) {
				t.Errorf("%s: %q is said: %v", s.lang, s.T("plan.pins", "n", count), got)
			}
		}
		if got := strings.Contains(texts, s.T("plan.pins.text")); got != (n > 0) {
			t.Errorf("%s: what the PIN is for is said: %v", s.lang, got)
		}
	}
	for _, lang := range []string{"tr", "fa", "en"} {
		s := open(t, newFake(t), lang, "light")
		s.tap("home.renew")
		s.tap("wizard.next")
		fillTurkish(s)
		s.tap("wizard.next")
		announced(s, 1) // the signature
		s.tap("route.paper")
		announced(s, 0)
		s.tap("route.e-signed")
		announced(s, 1)
	}
	d := newFake(t)
	d.entries, d.readers = d.entries[1:], d.readers[1:]
	s := open(t, d, "ru", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	for _, f := range s.wizard.proc.Fields {
		if s.has("field." + f.ID) {
			s.write("field."+f.ID, map[bool]string{true: "glavvrach@example.org", false: "Пример"}[f.Check == "email"])
		}
	}
	s.tap("wizard.next")
	announced(s, s.wizard.plan.PINEntries)
	if s.wizard.plan.PINEntries < 2 {
		t.Errorf("a new key and its certificate take %d entries", s.wizard.plan.PINEntries)
	}
}
