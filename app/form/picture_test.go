package form

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// pages draws each page with poppler and gives the names of the PNG files, in order.
func pages(t *testing.T, pdf []byte, dir string, dpi int, more ...string) []string {
	t.Helper()
	args := append([]string{"-r", fmt.Sprint(dpi), "-gray", "-png"}, more...)
	judge(t, pdf, "pdftoppm", append(args, "PDF", filepath.Join(dir, "page"))...)
	names, err := filepath.Glob(filepath.Join(dir, "page-*.png"))
	if err != nil || len(names) == 0 {
		t.Fatal("no pictures", err)
	}
	slices.Sort(names)
	return names
}

func decode(t *testing.T, name string) image.Image {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestPictures compares the first page of one holder of each language with a picture that was looked at by eye. The
// tolerance is for other versions of poppler: no spot of 8 × 8 points may be darker or lighter by more than an eighth.
func TestPictures(t *testing.T) {
	all := samples(t)
	for _, name := range []string{"tr-paper", "ru", "vi-01", "fa-cover", "generic"} {
		t.Run(name, func(t *testing.T) {
			got := pages(t, render(t, all[name].in), t.TempDir(), 72)[0]
			file := filepath.Join("testdata", name+".png")
			if *update {
				data, err := os.ReadFile(got)
				if err == nil {
					err = os.WriteFile(file, data, 0o644)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			a, b := decode(t, got), decode(t, file)
			if a.Bounds() != b.Bounds() {
				t.Fatalf("size %v, want %v", a.Bounds(), b.Bounds())
			}
			for y := 0; y+8 <= a.Bounds().Dy(); y += 4 {
				for x := 0; x+8 <= a.Bounds().Dx(); x += 4 {
					if d := grey(a, x, y) - grey(b, x, y); d > 32 || d < -32 {
						t.Fatalf("another picture at %d,%d: grey differs by %d", x, y, d)
					}
				}
			}
		})
	}
}

// grey is the mean of a spot, 0 to 255.
func grey(m image.Image, x, y int) int {
	sum := 0
	for dy := range 8 {
		for dx := range 8 {
			r, _, _, _ := m.At(x+dx, y+dy).RGBA()
			sum += int(r >> 8)
		}
	}
	return sum / 64
}

// TestPhotograph: the photograph is there, and fits its frame whatever its shape.
func TestPhotograph(t *testing.T) {
	fonts := testFonts(t)
	for _, size := range [][2]int{{900, 1200}, {1200, 300}, {40, 40}, {1, 1}} {
		in := persianForm(t, fonts, "cover-sheet")
		in.Photo = photograph(t, size[0], size[1])
		pdf := render(t, in)
		judge(t, pdf, "qpdf", "--check", "PDF")
		if list := judge(t, pdf, "pdfimages", "-list", "PDF"); bytes.Count([]byte(list), []byte("rgb")) != 1 {
			t.Errorf("%v: images\n%s", size, list)
		}
	}
}
