package ui

import "testing"

// The third step keeps its name when the work has begun and the wizard is gone.
func TestStepKeepsItsName(t *testing.T) {
	s := open(t, newFake(t), "ru", "light")
	s.tapChoice("home.holder", s.view.Holders[1].Key)
	s.tap("home.renew")
	named := s.stepNames()
	if named[2] != s.T("wizard.step.key-route") {
		t.Fatalf("the head makes a key, and the third step is %q", named[2])
	}
	s.wizard = nil
	if got := s.stepNames(); got[2] != named[2] {
		t.Errorf("later it is %q", got[2])
	}
}
