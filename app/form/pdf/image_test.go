package pdf

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestImages(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 1000, 10))
	for x := range 1000 {
		m.SetNRGBA(x, 5, color.NRGBA{255, 0, 0, 128})
	}
	var asPNG, asJPEG bytes.Buffer
	if err := png.Encode(&asPNG, m); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&asJPEG, m, nil); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"png": asPNG.Bytes(), "jpeg": asJPEG.Bytes()} {
		i, err := NewImage(data)
		if err != nil || i.Width != maxSide || i.Height != 7 || len(i.pixels) != 3*7*maxSide {
			t.Errorf("%s: %+v, %v", name, i, err)
		}
	}
	if i, _ := NewImage(asPNG.Bytes()); i.pixels[0] != 255 {
		t.Error("the transparent part is not white")
	}
	bomb := bytes.Clone(asPNG.Bytes())
	binary.BigEndian.PutUint32(bomb[16:], 1<<30)
	for name, data := range map[string][]byte{"empty": nil, "text": []byte("hello"), "cut": asPNG.Bytes()[:60], "bomb": bomb} {
		if _, err := NewImage(data); err == nil {
			t.Errorf("%s is a picture", name)
		}
	}
}

// TestOrientation: ImageMagick writes how the camera was held, and turns the picture by its own rules; ours must be the same.
func TestOrientation(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 32, 16))
	for y := range 16 {
		for x := range 32 {
			m.SetRGBA(x, y, color.RGBA{uint8(8 * x), uint8(16 * y), 0, 255})
		}
	}
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, m, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	for o := 1; o <= 8; o++ {
		exif := append([]byte("\xff\xe1\x00\x22Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00"), byte(o), 0, 0, 0, 0, 0, 0, 0)
		data := append(append([]byte("\xff\xd8"), exif...), plain.Bytes()[2:]...)
		got, err := NewImage(data)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "a.jpg")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		want, err := exec.Command("convert", file, "-auto-orient", "-depth", "8", "rgb:-").Output()
		if err != nil {
			t.Fatal("convert: ", err)
		}
		size, err := exec.Command("convert", file, "-auto-orient", "-format", "%w %h", "info:-").Output()
		if err != nil || len(want) != len(got.pixels) {
			t.Fatal(err, len(want), len(got.pixels))
		}
		if s := strings.Fields(string(size)); s[0] != strconv.Itoa(got.Width) || s[1] != strconv.Itoa(got.Height) {
			t.Errorf("%d: %d × %d, want %s", o, got.Width, got.Height, size)
		}
		for i := range want {
			if d := int(want[i]) - int(got.pixels[i]); d > 12 || d < -12 {
				t.Fatalf("%d: another picture at %d: %d and %d", o, i, got.pixels[i], want[i])
			}
		}
	}
}
