package ui

import (
	"testing"

	"rekey/ui/control"
)

// Whoever types or chooses and closes the window at once loses nothing: what waits for an earlier save is kept too.
func TestClosingLosesNothing(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "tr", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	s.onPage("wizard.2")
	entry := s.find("field.institution").(*control.Entry)
	entry.SetText("")
	for _, r := range "1 Nolu Aile" {
		entry.TypedRune(r) // what these saves bring back waits in the queue, which is not served any more
	}
	s.keep(SettingScale, "125")
	s.leaveTo(pageSettings)
	s.stop()
	draft, _ := d.OpenDraft()
	if got := draft.Details["institution"]; got != "1 Nolu Aile" {
		t.Errorf("kept: %q", got)
	}
	if got := d.Setting(SettingScale); got != "125" {
		t.Errorf("scale %q", got)
	}
	if got := d.Setting(SettingPlace); got != "" {
		t.Errorf("the next start goes to %q, and the wizard was left", got)
	}
}
