package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os/exec"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/assets"
	"rekey/ui"
	"rekey/ui/look"
)

// What the screen really shows is looked at too: the map names controls, and words and banners are none.

// sees waits until a part of the window has that many pixels of a colour.
func (s *scene) sees(what string, name fyne.ThemeColorName, least int, part func(ui.Map) image.Rectangle) {
	s.t.Helper()
	n := 0
	for end := time.Now().Add(4 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		var err error
		n, err = s.count(name, part)
		s.must(err)
		if n >= least {
			return
		}
	}
	s.must(fmt.Errorf("%s: %d pixels of %s, want at least %d", what, n, name, least))
}

// none wants no pixel of a colour in a part of the window.
func (s *scene) none(name fyne.ThemeColorName, part func(ui.Map) image.Rectangle) error {
	n, err := s.count(name, part)
	if err == nil && n > 0 {
		err = fmt.Errorf("%d pixels of %s where none was wanted", n, name)
	}
	return err
}

func (s *scene) count(name fyne.ThemeColorName, part func(ui.Map) image.Rectangle) (int, error) {
	m, err := s.w.shown()
	if err != nil {
		return 0, err
	}
	picture, err := s.w.seen()
	if err != nil {
		return 0, err
	}
	return pixels(picture, part(m), look.New(assets.Files, look.Light, false, 1).Color(name, theme.VariantLight)), nil
}

// seen is the picture of the window as it is on the screen now.
func (w *driven) seen() (image.Image, error) {
	cmd := exec.Command("import", "-silent", "-window", w.id, "png:-")
	cmd.Env = w.screen.env()
	data, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	return png.Decode(bytes.NewReader(data))
}

func pixels(picture image.Image, part image.Rectangle, want color.Color) (n int) {
	part = part.Intersect(picture.Bounds())
	r, g, b, _ := want.RGBA()
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if r1, g1, b1, _ := picture.At(x, y).RGBA(); r1>>8 == r>>8 && g1>>8 == g>>8 && b1>>8 == b>>8 {
				n++
			}
		}
	}
	return n
}

// below is the line of words under a control.
func below(id string) func(ui.Map) image.Rectangle {
	return func(m ui.Map) image.Rectangle {
		c, _ := find(m, id)
		return image.Rect(c.X, c.Y+c.H, c.X+c.W, c.Y+c.H+26)
	}
}

// anywhere is the whole window.
func anywhere(m ui.Map) image.Rectangle { return image.Rect(0, 0, m.Width, m.Height) }

// banner is how many pixels a banner has at least.
const banner = 8000
