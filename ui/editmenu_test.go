package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"rekey/ui/control"
)

// The toolkit's own menu over an entry speaks the window's language too, also after that was changed.
func TestEditMenuSpeaksTheLanguage(t *testing.T) {
	s := open(t, newFake(t), "tr", "light")
	menu := func() (said []string) {
		s.Go(pageSettings)
		s.rest()
		test.TapSecondary(s.find("settings.central").(*control.Entry))
		top := s.win.Canvas().Overlays().Top()
		var walk func(fyne.CanvasObject)
		walk = func(o fyne.CanvasObject) {
			switch o := o.(type) {
			case *canvas.Text:
				said = append(said, o.Text)
			case fyne.Widget:
				for _, child := range test.WidgetRenderer(o).Objects() {
					walk(child)
				}
			case *fyne.Container:
				for _, child := range o.Objects {
					walk(child)
				}
			}
		}
		walk(top)
		s.win.Canvas().Overlays().Remove(top)
		return said
	}
	if got := menu(); !slices.Contains(got, "Yapıştır") || slices.Contains(got, "Paste") {
		t.Errorf("%q", got)
	}
	s.setLanguage("ru")
	if got := menu(); !slices.Contains(got, "Вставить") || slices.Contains(got, "Yapıştır") {
		t.Errorf("%q", got)
	}
}
