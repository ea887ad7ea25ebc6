package look

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// TestContrast: text is readable on what it stands on (WCAG 2.2, 1.4.3: at least 4.5 : 1), in both looks.
func TestContrast(t *testing.T) {
	pairs := [][2]fyne.ThemeColorName{
		{Ink, Page}, {Ink, Panel}, {Ink, Side}, {Ink, Quiet}, {Ink, PrimarySoft}, {Muted, Page}, {Muted, Panel}, {Muted, Side}, {Muted, PrimarySoft}, {Muted, Quiet},
		{OnPrimary, Primary}, {OnPrimary, PrimaryOver}, {PrimaryText, Panel}, {PrimaryText, PrimarySoft}, {AmberText, AmberSoft}, {AmberText, Panel},
		{GreenText, GreenSoft}, {RedText, RedSoft}, {RedText, Panel}, {Red, Panel}, {theme.ColorNamePlaceHolder, theme.ColorNameInputBackground},
	}
	for _, mode := range []Mode{Light, Dark} {
		th := New(nil, mode, false)
		for _, p := range pairs {
			a, b := luminance(th.Color(p[0], theme.VariantLight)), luminance(th.Color(p[1], theme.VariantLight))
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
				t.Errorf("%s: %s on %s has %.2f : 1", mode, p[0], p[1], ratio)
			}
		}
	}
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	part := func(v uint32) float64 {
		x := float64(v) / 0xffff
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}
