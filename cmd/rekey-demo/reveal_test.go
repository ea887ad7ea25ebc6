package main

import (
	"testing"

	"rekey/cmd/rekey-demo/stage"
	"rekey/ui"
	"rekey/ui/look"
)

// What is wrong with a field above the part of the page that is seen comes into sight, in red, when the page is drawn anew.
func TestErrorIsSeen(t *testing.T) {
	s := newScene(t, stage.Doctor())
	s.open()
	s.must(s.w.clickTo(s.ctx, "nav.settings", "settings"))
	s.must(s.w.write(s.ctx, "settings.central", "abc"))
	_, err := s.w.x("windowsize", s.w.id, "1220", "600") // so that the page has more than its last part
	s.must(err)
	m, err := s.w.shown()
	s.must(err)
	for at := focused(m); at != "settings.save"; at = focused(m) {
		s.must(s.w.key("Tab"))
		m, err = s.w.wait(s.ctx, "the next control", func(m ui.Map) bool { return focused(m) != at })
		s.must(err)
	}
	s.must(s.w.key("End")) // of the page
	gone := func(m ui.Map) bool { c, ok := find(m, "settings.central"); return ok && !c.Visible }
	_, err = s.w.wait(s.ctx, "the end of the page", gone)
	s.must(err)
	s.must(s.w.key("Return"))
	_, err = s.w.wait(s.ctx, "the field", func(m ui.Map) bool { c, _ := find(m, "settings.central"); return c.Visible && c.Focused })
	s.must(err)
	s.must(s.w.picture("settings-error"))
	s.sees("the error below the field", look.RedText, 20, below("settings.central"))
}

// focused is the name of what has the focus.
func focused(m ui.Map) string {
	for _, c := range m.Controls {
		if c.Focused {
			return c.ID
		}
	}
	return ""
}
