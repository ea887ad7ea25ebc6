// Package golden compares a drawn picture with one that somebody has looked at and kept. For tests only.
//
// It promises a tolerance: letters may be smoothed differently, but nothing may move, vanish or change its colour.
// With REKEY_GOLDEN=write in the environment the kept picture is made anew.
package golden

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// Tolerance: a point differs when one of its colours is off by more than pointOff (of 255); at most shareOff of the points may.
const (
	pointOff = 40
	shareOff = 0.004
)

// Compare fails the test when the picture differs from the kept one, and leaves it beside that as NAME.got.png.
func Compare(t testing.TB, path string, got image.Image) {
	t.Helper()
	if os.Getenv("REKEY_GOLDEN") == "write" {
		write(t, path, got)
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("%v; make it with REKEY_GOLDEN=write and look at it", err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if share := Difference(want, got); share > shareOff {
		write(t, path[:len(path)-len(filepath.Ext(path))]+".got.png", got)
		t.Errorf("%s: %.2f %% of the points differ, at most %.2f %% may", path, 100*share, 100*shareOff)
	}
}

// Difference is the share of points that differ, 0 … 1; 1 when the sizes differ.
func Difference(a, b image.Image) float64 {
	if a.Bounds().Size() != b.Bounds().Size() {
		return 1
	}
	size, n := a.Bounds().Size(), 0
	for y := range size.Y {
		for x := range size.X {
			if differs(a.At(a.Bounds().Min.X+x, a.Bounds().Min.Y+y), b.At(b.Bounds().Min.X+x, b.Bounds().Min.Y+y)) {
				n++
			}
		}
	}
	return float64(n) / float64(max(1, size.X*size.Y))
}

func differs(a, b color.Color) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	off := func(x, y uint32) bool { return max(x, y)-min(x, y) > pointOff<<8 }
	return off(r1, r2) || off(g1, g2) || off(b1, b2)
}

func write(t testing.TB, path string, picture image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(f, picture); err != nil {
		t.Fatal(err)
	}
}
