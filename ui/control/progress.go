package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"rekey/ui/look"
)

// Progress is a bar that fills, with its number beside it. share is 0 … 1.
func Progress(share float32, number string) *fyne.Container {
	track, fill := canvas.NewRectangle(look.Color(look.Track)), canvas.NewRectangle(look.Color(look.Primary))
	track.StrokeColor, track.StrokeWidth = look.Color(look.Border), 1
	track.CornerRadius, fill.CornerRadius = look.Px(5), look.Px(5)
	bar := &fyne.Container{Layout: filling(max(0, min(1, share))), Objects: []fyne.CanvasObject{track, fill}}
	return look.Row(12, 0, bar, Words(number).In(look.Muted).Sized(look.SizeSmall, true))
}

type filling float32

func (filling) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(look.Px(60), look.Px(10)) }

func (f filling) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
	w := size.Width * float32(f)
	x := float32(0)
	if look.Current().RTL() {
		x = size.Width - w
	}
	objects[1].Move(fyne.NewPos(x, 0))
	objects[1].Resize(fyne.NewSize(w, size.Height))
}
