package ui

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"

	"rekey/ui/look"
)

// The side bar, wide or narrow, stands where reading begins, and its edge is painted between it and the page.
func TestSideBarsEdgeIsMirrored(t *testing.T) {
	for lang, rtl := range map[string]bool{"en": false, "fa": true} {
		s := open(t, newFake(t), lang, "light")
		edge, page := color.NRGBAModel.Convert(look.Color(look.Border)), color.NRGBAModel.Convert(look.Color(look.Page))
		for width, bar := range map[int]int{1220: int(look.SideWidth), 820: int(look.RailWidth)} {
			s.win.Resize(fyne.NewSize(float32(width), 760))
			picture := software.RenderCanvas(s.win.Canvas(), s.app.Settings().Theme())
			at := func(x, y int) color.Color { // counted from where reading begins
				if rtl {
					x = width - 1 - x
				}
				return color.NRGBAModel.Convert(picture.At(x, y))
			}
			for _, y := range []int{3, 380, 756} {
				if got := at(bar-1, y); got != edge {
					t.Errorf("%s, %d wide: at the edge %v, want %v", lang, width, got, edge)
				}
				for _, x := range []int{0, bar - 3} {
					if got := at(x, y); got == edge {
						t.Errorf("%s, %d wide: an edge at %d of %d", lang, width, x, bar)
					}
				}
			}
			if got := at(bar+3, 3); got != page {
				t.Errorf("%s, %d wide: behind the edge %v, want the page %v", lang, width, got, page)
			}
		}
	}
}
