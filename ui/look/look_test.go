package look

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// TestContrast: text is readable on what it stands on (WCAG 2.2, 1.4.3: at least 4.5 : 1), and very readable (1.4.6: 7 : 1) in the look of high contrast.
func TestContrast(t *testing.T) {
	pairs := [][2]fyne.ThemeColorName{
		{Ink, Page}, {Ink, Panel}, {Ink, Side}, {Ink, Quiet}, {Ink, PrimarySoft}, {Muted, Page}, {Muted, Panel}, {Muted, Side}, {Muted, PrimarySoft}, {Muted, Quiet},
		{OnPrimary, Primary}, {OnPrimary, PrimaryOver}, {PrimaryText, Panel}, {PrimaryText, PrimarySoft}, {AmberText, AmberSoft}, {AmberText, Panel},
		{GreenText, GreenSoft}, {RedText, RedSoft}, {RedText, Panel}, {Red, Panel}, {theme.ColorNamePlaceHolder, theme.ColorNameInputBackground},
	}
	for mode, least := range map[Mode]float64{Light: 4.5, Dark: 4.5, Contrast: 7} {
		th := New(nil, mode, false, 1)
		for _, p := range pairs {
			a, b := luminance(th.Color(p[0], theme.VariantLight)), luminance(th.Color(p[1], theme.VariantLight))
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < least {
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

// TestRowWraps: what does not fit beside a text goes below it; buttons that do not fit go into the next line.
func TestRowWraps(t *testing.T) {
	test.NewTempApp(t)
	box := func(w, h float32) fyne.CanvasObject { return &fyne.Container{Layout: space{w, h}} }
	a, b, c := box(100, 20), box(100, 20), box(100, 20)
	buttons := &row{gap: 10, grow: -1}
	if h := buttons.HeightFor([]fyne.CanvasObject{a, b, c}, 320); h != 20 {
		t.Errorf("one line is %v high, want 20", h)
	}
	if h := buttons.HeightFor([]fyne.CanvasObject{a, b, c}, 250); h != 46 {
		t.Errorf("two lines are %v high, want 46", h)
	}
	grow := &row{gap: 10, grow: 0}
	if h := grow.HeightFor([]fyne.CanvasObject{a, b}, 205); h != 46 {
		t.Errorf("a button below is %v high, want 46", h)
	}
	grow.Layout([]fyne.CanvasObject{a, b}, fyne.NewSize(205, 46))
	if b.Position() != fyne.NewPos(105, 26) {
		t.Errorf("the button stands at %v", b.Position())
	}
}

// TestGridNarrows: fewer columns where they would get too narrow.
func TestGridNarrows(t *testing.T) {
	l := &grid{most: 3, gap: 10, narrow: 100}
	for width, want := range map[float32]int{500: 3, 320: 3, 319: 2, 150: 1, 20: 1} {
		if got := l.columns(width); got != want {
			t.Errorf("%v wide: %d columns, want %d", width, got, want)
		}
	}
}
