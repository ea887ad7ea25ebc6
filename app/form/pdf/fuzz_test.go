package pdf

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// FuzzNewImage: a photo that somebody attaches becomes a picture of a bearable size, or is refused.
func FuzzNewImage(f *testing.F) {
	picture := image.NewRGBA(image.Rect(0, 0, 7, 5))
	picture.Set(3, 3, color.RGBA{200, 10, 10, 128})
	var asPNG, asJPEG bytes.Buffer
	if err := png.Encode(&asPNG, picture); err != nil {
		f.Fatal(err)
	}
	if err := jpeg.Encode(&asJPEG, picture, nil); err != nil {
		f.Fatal(err)
	}
	f.Add(asPNG.Bytes())
	f.Add(asJPEG.Bytes())
	f.Add(asJPEG.Bytes()[:asJPEG.Len()/2])
	// A JPEG with an orientation in its Exif part, and one whose Exif part leads past its end.
	exif := func(tiff string) []byte {
		body := append([]byte("Exif\x00\x00"), tiff...)
		return append(append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(body) + 2)}, body...), asJPEG.Bytes()[2:]...)
	}
	f.Add(exif("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"))
	f.Add(exif("MM\x00*\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil && c.Width*c.Height > 1<<20 {
			return // allowed, and slow to try
		}
		i, err := NewImage(data)
		if err == nil && (i.Width < 1 || i.Height < 1 || max(i.Width, i.Height) > maxSide || len(i.pixels) != 3*i.Width*i.Height) {
			t.Errorf("%d × %d with %d bytes", i.Width, i.Height, len(i.pixels))
		}
	})
}
