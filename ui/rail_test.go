package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"rekey/ui/control"
)

// In a narrow window the pointer and the focus get the names of what has only an icon, and of the two states at the foot.
func TestNarrowMenuSaysNames(t *testing.T) {
	for _, lang := range []string{"en", "fa"} {
		d := newFake(t)
		d.settings[SettingScale] = "200"
		s := open(t, d, lang, "light")
		line := s.find("nav.cases")
		s.win.Canvas().Focus(line)
		if got := s.tips.Shown(); got != s.T("page.cases") {
			t.Errorf("%s: the focus gets %q", lang, got)
		}
		s.picture("72-rail-" + lang)
		help := s.find("nav.help").(desktop.Hoverable)
		help.MouseIn(&desktop.MouseEvent{})
		if got := s.tips.Shown(); got != s.T("page.help") {
			t.Errorf("%s: the pointer gets %q", lang, got)
		}
		help.MouseOut()
		if got := s.tips.Shown(); got != s.T("page.cases") {
			t.Errorf("%s: after the pointer, the focus gets %q", lang, got)
		}
		s.tap("nav.cases") // now the title says it
		if got := s.tips.Shown(); got != "" {
			t.Errorf("%s: %q hangs over its own page", lang, got)
		}
		var said []string
		for _, o := range hoverable(s.win.Canvas().Content()) {
			o.MouseIn(&desktop.MouseEvent{})
			said = append(said, s.tips.Shown())
			o.MouseOut()
		}
		if want := []string{s.cardState().Text, s.outboxState().Text}; len(said) != 2 || said[0] != want[0] || said[1] != want[1] {
			t.Errorf("%s: the dots say %q, want %q", lang, said, want)
		}
		s.win.Canvas().Focus(s.find("nav.help"))
		s.win.Resize(fyne.NewSize(1900, 1000)) // now the menu has its words
		if got := s.tips.Shown(); got != "" {
			t.Errorf("%s: %q hangs over the wide menu", lang, got)
		}
	}
}

// hoverable are the things under a pointer that are no controls, where they are seen.
func hoverable(o fyne.CanvasObject) (out []desktop.Hoverable) {
	if !o.Visible() {
		return nil
	}
	if _, ok := o.(control.Control); ok {
		return nil
	}
	if h, ok := o.(desktop.Hoverable); ok {
		return []desktop.Hoverable{h}
	}
	if c, ok := o.(*fyne.Container); ok {
		for _, child := range c.Objects {
			out = append(out, hoverable(child)...)
		}
	}
	return out
}
