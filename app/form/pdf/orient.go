package pdf

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation reads how a camera was held from a JPEG's Exif part (Exif 2.3, tag 0x0112): 1 to 8, 1 when it does not say.
func orientation(data []byte) int {
	if !bytes.HasPrefix(data, []byte("\xff\xd8")) {
		return 1
	}
	for at := 2; at+4 <= len(data) && data[at] == 0xff && data[at+1] != 0xda; {
		length := int(binary.BigEndian.Uint16(data[at+2:]))
		if length < 2 || at+2+length > len(data) {
			return 1
		}
		segment := data[at+4 : at+2+length]
		if data[at+1] == 0xe1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return tiffOrientation(segment[6:])
		}
		at += 2 + length
	}
	return 1
}

func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at > len(tiff)-2 {
		return 1
	}
	count := int(order.Uint16(tiff[at:]))
	for at += 2; count > 0 && at+12 <= len(tiff); at, count = at+12, count-1 {
		if order.Uint16(tiff[at:]) == 0x0112 {
			if v := int(order.Uint16(tiff[at+8:])); v >= 1 && v <= 8 {
				return v
			}
		}
	}
	return 1
}

// turned gives the picture as it was seen.
func turned(m *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return m
	}
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	across := orientation >= 5 // width and height change places
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if across {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			toX, toY := x, y
			if across {
				toX, toY = y, x
			}
			switch orientation {
			case 2, 3, 6, 7:
				toX = out.Bounds().Dx() - 1 - toX
			}
			switch orientation {
			case 3, 4, 7, 8:
				toY = out.Bounds().Dy() - 1 - toY
			}
			out.SetRGBA(toX, toY, m.RGBAAt(x, y))
		}
	}
	return out
}
