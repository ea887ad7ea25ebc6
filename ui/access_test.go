package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"rekey/ui/control"
)

// TestEveryControlHasALabel: a screen reader can say what each control of each page is, in the user's language, and never a PIN.
func TestEveryControlHasALabel(t *testing.T) {
	d := &ableDesk{fakeDesk: newFake(t)}
	s := open(t, d, "tr", "light")
	seen := map[string]int{}
	everyPage(s, d, func(page string) {
		for _, c := range controls(s.win.Canvas()) {
			a, ok := c.Control.(fyne.Accessible)
			if !ok || strings.TrimSpace(a.AccessibilityLabel()) == "" || a.AccessibilityRole() == "" {
				t.Errorf("%s: %s (%s) has no label", page, c.ID(), c.Kind())
				continue
			}
			if secret, ok := c.Control.(*control.Secret); ok && secret.Caption() != "" || strings.Contains(a.AccessibilityLabel(), d.right) {
				t.Errorf("%s: %s tells the PIN", page, c.ID())
			}
			if c.ID() == "field.given_name" && !strings.HasPrefix(a.AccessibilityLabel(), "Ad") {
				t.Errorf("%s: %s is called %q", page, c.ID(), a.AccessibilityLabel())
			}
			seen[c.Kind()]++
		}
	})
	for _, kind := range []string{"button", "nav", "option", "choice", "check", "entry", "row"} {
		if seen[kind] == 0 {
			t.Errorf("no %s was looked at: %v", kind, seen)
		}
	}
}
