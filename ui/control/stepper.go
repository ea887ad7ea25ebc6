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
		ink := look.Border
		if i < now {
			ink = look.Primary
		}
		parts = append(parts, circle(number(i+1), i, now), label, canvas.NewRectangle(look.Color(ink)))
	}
	return framed(look.Panel, look.Border, 10, 14, &fyne.Container{Layout: stepping(now), Objects: parts[:len(parts)-1]})
}

func circle(number string, i, now int) *fyne.Container {
	back := canvas.NewCircle(look.Color(look.Panel))
	back.StrokeWidth = 2
	ink, line := look.Muted, look.EntryLine
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

// stepping stands circles, labels and lines (three objects a step, none after the last label) in a row; it is the step that the
// person is at. Where there is too little room only that step has its label.
type stepping int

const stepRoom float32 = 28

func (stepping) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(240), look.Px(stepRoom))
}

func (now stepping) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	gap, circle, least := look.Px(8), look.Px(stepRoom), look.Px(6)
	steps := (len(objects) + 2) / 3
	need := float32(steps)*(circle+gap) + float32(steps-1)*(2*gap+least)
	for i := 1; i < len(objects); i += 3 {
		need += objects[i].MinSize().Width
	}
	short := need > size.Width
	if short {
		need = float32(steps)*circle + gap + objects[3*int(now)+1].MinSize().Width + float32(steps-1)*(2*gap+least)
		if over := need - size.Width; over > 0 { // the circles move together
			gap = max(0, gap-over/float32(2*steps-1))
			need = min(need, size.Width)
		}
	}
	line := min(look.Px(90), max(least/2, least+(size.Width-need)/float32(max(1, steps-1))))
	x := float32(0)
	place := func(o fyne.CanvasObject, w, h float32) {
		left := x
		if look.Current().RTL() {
			left = size.Width - x - w
		}
		o.Move(fyne.NewPos(left, (size.Height-h)/2))
		o.Resize(fyne.NewSize(w, h))
		x += w + gap
	}
	for i := 0; i < len(objects); i += 3 {
		place(objects[i], circle, circle)
		label := objects[i+1]
		label.Show()
		if short && i != 3*int(now) {
			label.Hide()
		} else {
			place(label, min(label.MinSize().Width, max(0, size.Width-x)), look.Px(21))
		}
		if i+2 < len(objects) {
			place(objects[i+2], line, look.Px(2))
		}
	}
}
