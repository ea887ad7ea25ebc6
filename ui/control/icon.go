package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// Icon draws a small picture in one colour, turned to the page's direction where it has one.
func Icon(picture fyne.Resource, colour fyne.ThemeColorName, size float32) *fyne.Container {
	i := canvas.NewImageFromResource(theme.NewColoredResource(directed(picture), colour))
	i.FillMode = canvas.ImageFillContain
	return look.Fixed(size, size, i)
}

// Dot is a small filled circle.
func Dot(colour fyne.ThemeColorName) *fyne.Container {
	return look.Fixed(10, 10, canvas.NewCircle(look.Color(colour)))
}

// Line is a thin line across.
func Line() *fyne.Container {
	return look.Fixed(0, 1, canvas.NewRectangle(look.Color(look.Border)))
}
