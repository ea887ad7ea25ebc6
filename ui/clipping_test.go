package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rekey/ui/control"
	"rekey/ui/i18n"
)

// cut lists the texts that do not fit into their room.
func cut(o fyne.CanvasObject) []string {
	if o == nil || !o.Visible() {
		return nil
	}
	var out []string
	if t, ok := o.(*control.Text); ok {
		if t.Cut() {
			out = append(out, t.String())
		}
		return out
	}
	switch x := o.(type) {
	case *fyne.Container:
		for _, child := range x.Objects {
			out = append(out, cut(child)...)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(x).Objects() {
			out = append(out, cut(child)...)
		}
	}
	return out
}

// TestNothingIsCut draws every page in every language and looks for texts that do not fit.
func TestNothingIsCut(t *testing.T) {
	for _, lang := range i18n.Languages {
		d := newFake(t)
		d.entries = append(d.entries, head(true))
		s := open(t, d, lang, "light")
		look := func(name string) {
			t.Helper()
			s.picture("80-" + name + "-" + lang)
			for _, text := range cut(s.win.Canvas().Content()) {
				t.Errorf("%s %s: cut: %q", lang, name, text)
			}
		}
		look("home")
		s.tap("home.renew")
		look("wizard-1")
		s.tap("wizard.next")
		look("wizard-2")
		fillTurkish(s)
		s.tap("wizard.next")
		look("wizard-3")
		s.tap("wizard.next")
		look("wizard-4")
		s.tap("wizard.next")
		look("pin")
		s.write("pin.entry", d.right)
		s.tap("pin.ok")
		look("done")
		for _, p := range sidePages {
			s.tap("nav." + p.page)
			look(p.page)
		}
		s.tap("nav.cases")
		s.tap("case." + d.kept[0].ID)
		look("case")
		s.tap("nav.home")
		s.tapChoice("home.holder", s.view.Holders[1].Key)
		look("home-new")
	}
}
