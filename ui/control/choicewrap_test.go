package control

import (
	"testing"

	"fyne.io/fyne/v2"

	"rekey/ui/look"
)

// A choice whose text is longer than its place shows all of it over several lines, and is as high for each of its items.
func TestChoiceWraps(t *testing.T) {
	items := []Item{{"short", "NES"}, {"long", "Плановая смена ключа электронной подписи ViPNet (ТФОМС)"}}
	high := map[string]float32{}
	for _, i := range items {
		c := NewChoice("c", items, i.ID, nil)
		open(t, false, look.Column(8, c)).Resize(fyne.NewSize(240, 200))
		if c.words.Cut() || c.words.String() != i.Text {
			t.Errorf("%s is cut: %q in %v", i.ID, c.words, c.words.Size())
		}
		high[i.ID] = c.Size().Height
	}
	one := NewChoice("c", items[:1], "short", nil)
	open(t, false, look.Column(8, one)).Resize(fyne.NewSize(240, 200))
	if high["short"] != high["long"] || one.Size().Height >= high["long"] {
		t.Errorf("heights %v, alone %.0f", high, one.Size().Height)
	}
}
