package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"rekey/ui/look"
)

// Panel is a white area with a thin border for things that belong together.
func Panel(content ...fyne.CanvasObject) *fyne.Container {
	return framed(look.Panel, look.Border, 10, 20, look.Column(14, content...))
}

// Raised is a Panel that stands out: the one thing that matters on a page.
func Raised(content fyne.CanvasObject) *fyne.Container {
	p := framed(look.Panel, look.Border, 10, 20, look.Inset(4, 0, 4, 0, content)) // its words stand as far in as those of the panels below
	back := p.Objects[0].(*canvas.Rectangle)
	back.Shadow = canvas.Shadow{Color: look.Color("shadow"), BlurRadius: 5, Offset: fyne.NewPos(0, 2)}
	return p
}

func framed(fill, line fyne.ThemeColorName, radius, room float32, content fyne.CanvasObject) *fyne.Container {
	back := canvas.NewRectangle(look.Color(fill))
	back.CornerRadius = look.Px(radius)
	if line != "" {
		back.StrokeColor, back.StrokeWidth = look.Color(line), 1
	}
	return look.Stack(back, look.Inset(room-2, room, room, room, content))
}

// Head is the title line of a panel with something at its end.
func Head(title string, end fyne.CanvasObject) *fyne.Container {
	if end == nil {
		end = look.Space(0, 0)
	}
	return look.Row(12, 0, Sub(title), end)
}
