package control

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// Stepper shows where in a wizard the person is: done steps with a tick, the present one in colour.
// numbers are written by the caller, as the language writes them; nil: 1, 2, 3.
func Stepper(names []string, now int, number func(int) string) *fyne.Container {
	if number == nil {
		number = strconv.Itoa
	}
	parts := []fyne.CanvasObject{}
	for i, name := range names {
		label := Words(name)
		switch {
		case i == now:
			label.Sized(look.SizeBody, true)
		case i > now:
			label.In(look.Muted)
		}
		parts = append(parts, look.Row(8, 1, circle(number(i+1), i, now), label))
		if i < len(names)-1 {
			ink := look.Border
			if i < now {
				ink = look.Primary
			}
			parts = append(parts, look.Fixed(0, 2, canvas.NewRectangle(look.Color(ink))))
		}
	}
	return framed(look.Panel, look.Border, 10, 14, &fyne.Container{Layout: stepping{}, Objects: parts})
}

func circle(number string, i, now int) *fyne.Container {
	back := canvas.NewCircle(look.Color(look.Panel))
	back.StrokeWidth = 2
	ink, line := look.Muted, look.Track
	var inner fyne.CanvasObject
	switch {
	case i < now:
		back.FillColor, line = look.Color(look.Primary), look.Primary
		inner = look.Inset(6, 6, 6, 6, Icon(theme.ConfirmIcon(), look.OnPrimary, 16))
	case i == now:
		back.FillColor, line, ink = look.Color(look.PrimarySoft), look.Primary, look.PrimaryText
	}
	if inner == nil {
		inner = look.Inset(4, 0, 0, 0, Words(number).In(ink).Sized(14, true).Centred())
	}
	back.StrokeColor = look.Color(line)
	return look.Fixed(28, 28, look.Stack(back, inner))
}

// stepping shares what is left between the lines; labels that do not fit lose their line first.
type stepping struct{}

func (stepping) MinSize(objects []fyne.CanvasObject) fyne.Size { return fyne.NewSize(300, 28) }

func (stepping) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	const gap = 10
	words := float32(0)
	for i := 0; i < len(objects); i += 2 {
		words += objects[i].MinSize().Width
	}
	lines := len(objects) / 2
	room := size.Width - words - gap*float32(2*lines)
	line := min(90, max(6, room/float32(max(1, lines))))
	x := float32(0)
	for i, o := range objects {
		w, h := o.MinSize().Width, float32(28)
		if i%2 == 1 {
			w, h = line, 2
		}
		left := x
		if look.Current().RTL() {
			left = size.Width - x - w
		}
		o.Move(fyne.NewPos(left, (size.Height-h)/2))
		o.Resize(fyne.NewSize(w, h))
		x += w + gap
	}
}
