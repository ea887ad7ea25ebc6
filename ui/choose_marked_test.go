package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"rekey/app/register"
	"rekey/ui/i18n"
)

// written lists the texts below o as they stand in its tree.
func written(o fyne.CanvasObject) []string {
	var out []string
	for _, d := range textsOf(o, fyne.Position{}, false) {
		out = append(out, d.text.String())
	}
	return out
}

// In «Выбрать» each certificate has the mark of its state, so that the new one is told from the others at a glance.
func TestCertificatesAreMarkedInChoose(t *testing.T) {
	old := head(false)
	old.State, old.Fingerprint = register.StateOther, "9"+old.Fingerprint[1:]
	for _, lang := range i18n.Languages {
		d := newFake(t)
		d.entries = append(d.entries, head(true), old)
		s := open(t, d, lang, "light")
		s.tapChoice("home.holder", register.HolderKey(head(false).Certificate))
		s.tap("home.select")
		states := []string{register.StateNew, register.StateCurrent, register.StateOther}
		for i, e := range []register.Entry{head(true), head(false), old} {
			words := written(s.find("choose." + short(e.Fingerprint)).(fyne.CanvasObject))
			for j, state := range states {
				if got := slices.Contains(words, s.T("state."+state)); got != (i == j) {
					t.Errorf("%s: the %s certificate has the mark %q: %v", lang, states[i], s.T("state."+state), got)
				}
			}
		}
	}
}
