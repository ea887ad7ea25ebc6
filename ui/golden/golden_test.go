package golden

import (
	"image"
	"image/color"
	"testing"
)

func TestDifference(t *testing.T) {
	a, b := image.NewGray(image.Rect(0, 0, 100, 10)), image.NewGray(image.Rect(0, 0, 100, 10))
	b.SetGray(3, 3, color.Gray{30}) // smoothing
	if d := Difference(a, b); d != 0 {
		t.Errorf("smoothing differs: %v", d)
	}
	for x := range 10 {
		b.SetGray(x, 5, color.Gray{255})
	}
	if d := Difference(a, b); d != 0.01 {
		t.Errorf("difference %v, want 0.01", d)
	}
	if d := Difference(a, image.NewGray(image.Rect(0, 0, 50, 10))); d != 1 {
		t.Errorf("another size: %v", d)
	}
}
