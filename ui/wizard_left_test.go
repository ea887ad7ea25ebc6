package ui

import "testing"

// Another procedure or another certificate, and back: every word is there again. What is one person's never goes to another.
func TestLeavingAChoiceLosesNoWord(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "tr", "light")
	s.tap("home.renew")
	first, procedure := s.wizard.draft.Fingerprint, s.wizard.draft.Procedure
	s.tap("wizard.next")
	s.write("field.email", "ayse@example.org")
	s.write("field.institution", "1 Nolu Aile Sağlığı Merkezi")
	s.tap("wizard.back")
	typed := func(what string) {
		t.Helper()
		kept := s.wizard.draft.Details
		if kept["email"] != "ayse@example.org" || kept["institution"] != "1 Nolu Aile Sağlığı Merkezi" {
			t.Errorf("%s: %v", what, kept)
		}
	}
	s.wizard.change(first, "ru-vipnet-tfoms", "renewal")
	s.rest()
	if got := s.wizard.draft.Details["email"]; s.wizard.draft.Procedure == procedure || got != "ayse@example.org" {
		t.Errorf("the same field of another procedure: %q", got)
	}
	s.wizard.change(first, procedure, "renewal")
	s.rest()
	typed("another procedure and back")
	s.wizard.change(head(false).Fingerprint, "ru-vipnet-tfoms", "renewal")
	s.rest()
	if got := s.wizard.draft.Details; got["email"] == "ayse@example.org" || s.wizard.draft.Fingerprint == first {
		t.Errorf("another person's form: %v", got)
	}
	s.wizard.change(first, procedure, "renewal")
	s.rest()
	typed("another certificate and back")
	if draft, ok := d.OpenDraft(); !ok || draft.Details["email"] != "ayse@example.org" {
		t.Errorf("kept: %v", draft.Details)
	}
}
