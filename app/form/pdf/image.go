package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // the two kinds of photographs that holders have
	_ "image/png"

	"golang.org/x/image/draw"
)

// Image is a picture, ready to be drawn in one document.
type Image struct {
	Width, Height int // pixels
	pixels        []byte
	object        int
}

const (
	maxPixels = 40 << 20 // a telephone's camera
	maxSide   = 700      // more than any printer shows on a photograph of 6 cm
)

// NewImage reads a JPEG or PNG, and turns it as the camera was held. What is in the file beside the picture (place, camera, thumbnails) stays behind; large
// pictures are made smaller, and transparent parts white.
func NewImage(data []byte) (*Image, error) {
	config, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if config.Width < 1 || config.Height < 1 || config.Width > maxPixels/config.Height {
		return nil, fmt.Errorf("a %s of %d × %d pixels is too large", kind, config.Width, config.Height)
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	w, h := config.Width, config.Height
	if longer := max(w, h); longer > maxSide {
		w, h = max(1, w*maxSide/longer), max(1, h*maxSide/longer)
	}
	page := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(page, page.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(page, page.Bounds(), picture, picture.Bounds(), draw.Over, nil)
	page = turned(page, orientation(data))
	w, h = page.Bounds().Dx(), page.Bounds().Dy()
	pixels := make([]byte, 0, 3*w*h)
	for i := 0; i < len(page.Pix); i += 4 {
		pixels = append(pixels, page.Pix[i:i+3]...)
	}
	return &Image{Width: w, Height: h, pixels: pixels}, nil
}

func (i *Image) entries() string {
	return fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8", i.Width, i.Height)
}
