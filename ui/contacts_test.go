package ui

import (
	"slices"
	"testing"

	"rekey/ui/i18n"
)

// Help has whom to call, by the procedure's own words, and says it where the procedure knows nobody.
func TestHelpNamesTheContacts(t *testing.T) {
	d := newFake(t)
	known := 0
	for _, lang := range i18n.Languages {
		s := open(t, d, lang, "light")
		for _, p := range d.procedures {
			s.helpOn = p.ID
			s.Go(pageHelp)
			words := written(s.win.Content())
			for _, c := range p.Contacts {
				known++
				if i := slices.Index(words, c.Value); i < 1 || words[i-1] != c.Label.In(lang) {
					t.Errorf("%s, %s: %q %q is not there", lang, p.ID, c.Label.In(lang), c.Value)
				}
			}
			if got := slices.Contains(words, s.T("help.no-contacts")); got != (len(p.Contacts) == 0) {
				t.Errorf("%s, %s has %d contacts; that there are none is said: %v", lang, p.ID, len(p.Contacts), got)
			}
		}
	}
	if known == 0 {
		t.Error("no procedure has a contact")
	}
}
