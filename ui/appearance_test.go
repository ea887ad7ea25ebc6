package ui

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// ground is the colour that the page is painted on, looked at in its upper corner.
func (s *stage) ground() color.Color {
	s.win.Resize(fyne.NewSize(780, 540))
	picture := software.RenderCanvas(s.win.Canvas(), s.app.Settings().Theme())
	return color.NRGBAModel.Convert(picture.At(picture.Bounds().Max.X-2, 2))
}

// A look that is chosen in the settings is there at once and at the next start.
func TestLookIsChosen(t *testing.T) {
	for _, mode := range []look.Mode{look.Dark, look.Contrast, look.Light} {
		want := color.NRGBAModel.Convert(look.New(assets(), mode, false, 1).Color(look.Page, theme.VariantLight))
		before := map[look.Mode]string{look.Light: "dark"}[mode]
		d := newFake(t)
		s := open(t, d, "en", firstOf(before, "light"))
		s.tap("nav.settings")
		if s.ground() == want {
			t.Fatalf("%s was there before it was chosen", mode)
		}
		s.tapChoice("settings.look", string(mode))
		if got := s.ground(); got != want || d.Setting(SettingLook) != string(mode) {
			t.Errorf("%s: painted on %v, want %v; kept %q", mode, got, want, d.Setting(SettingLook))
		}
		s.stop()
		if again := open(t, d, "en", ""); again.ground() != want {
			t.Errorf("%s: after the next start painted on %v, want %v", mode, again.ground(), want)
		}
	}
}

// A scale that is chosen in the settings is there at once and at the next start.
func TestScaleIsChosen(t *testing.T) {
	settings := func(d Desk) (s *stage, high func() float32) {
		s = open(t, d, "en", "light")
		s.tap("nav.settings")
		return s, func() float32 { return s.find("settings.scale").(fyne.CanvasObject).Size().Height }
	}
	for scale, times := range map[string]float32{"150": 1.5, "200": 2} {
		d := newFake(t)
		s, high := settings(d)
		was := high()
		right := func(when string, now float32) {
			if ratio := now / was / times; ratio < 0.93 || ratio > 1.07 { // what is drawn is rounded to points
				t.Errorf("%s %%, %s: %v high, was %v", scale, when, now, was)
			}
		}
		s.tapChoice("settings.scale", scale)
		right("at once", high())
		if got := d.Setting(SettingScale); got != scale {
			t.Errorf("kept %q, want %s", got, scale)
		}
		s.stop()
		_, high = settings(d)
		right("after the next start", high())
	}
}
