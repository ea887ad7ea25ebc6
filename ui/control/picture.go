package control

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"rekey/ui/look"
)

// Picture is a page of a document on white paper, as wide as its room.
func Picture(page image.Image) *fyne.Container {
	back := canvas.NewRectangle(look.Color(look.Border))
	i := canvas.NewImageFromImage(page)
	i.FillMode, i.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleSmooth
	size := page.Bounds().Size()
	paper := &fyne.Container{Layout: aspect{float32(size.Y) / float32(max(1, size.X))}, Objects: []fyne.CanvasObject{i}}
	return look.Stack(back, look.Inset(1, 1, 1, 1, paper))
}

// aspect keeps the height in a fixed share of the width.
type aspect struct{ share float32 }

func (a aspect) MinSize([]fyne.CanvasObject) fyne.Size {
	w := look.Px(160)
	return fyne.NewSize(w, w*a.share)
}

func (a aspect) HeightFor(_ []fyne.CanvasObject, width float32) float32 { return width * a.share }

func (a aspect) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
}
