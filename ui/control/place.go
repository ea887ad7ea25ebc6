package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"rekey/ui/look"
)

// Place is an outlined area where a file may be let go: what belongs there, how, and a button for those who use no pointer.
func Place(icon fyne.Resource, name, how string, button fyne.CanvasObject) *fyne.Container {
	back := canvas.NewRectangle(look.Color(look.Page))
	back.CornerRadius = look.Px(9)
	back.StrokeColor, back.StrokeWidth = look.Color(look.Track), look.Px(1.5)
	words := look.Column(2, Strong(name), Small(how))
	body := look.Row(12, 1, Icon(icon, look.Primary, 24), words, button)
	return look.Stack(back, look.Inset(14, 14, 14, 14, body))
}
