package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"rekey/ui/look"
)

// Dialog asks one thing over the dimmed page. Return presses the first button, Esc the last.
type Dialog struct {
	*Layer
	Escape  *Button // what Esc presses; nil: the last button
	buttons []*Button
}

// ShowDialog opens a dialog of this width. The buttons are in order of meaning: first the default, last the way out.
// The focus goes to focus, or to the default button when it is nil.
func ShowDialog(on fyne.Canvas, width float32, title string, body fyne.CanvasObject, focus fyne.Focusable, buttons ...*Button) *Dialog {
	row := []fyne.CanvasObject{look.Space(0, 0)}
	for i := len(buttons) - 1; i >= 0; i-- { // the default one stands where reading ends
		row = append(row, buttons[i])
	}
	width = min(look.Px(width), on.Size().Width-look.Px(16))
	head, foot := Sub(title), look.Row(10, 0, row...)
	room := on.Size().Height - look.Px(16+44+36) - head.HeightFor(width-look.Px(48)) - look.Height(foot, width-look.Px(48))
	if look.Height(body, width-look.Px(48)) > room { // a long list is turned, the buttons stay in sight
		body = look.Fixed(0, room/look.Px(1), look.Scroll(look.Inset(0, 14, 0, 14, body)))
	}
	content := look.Column(18, head, body, foot)
	back := canvas.NewRectangle(look.Color(look.Panel))
	back.CornerRadius = look.Px(12)
	back.StrokeColor, back.StrokeWidth = look.Color(look.Border), 1 // all that is seen of its edge on black
	back.Shadow = canvas.Shadow{Color: look.Color("shadow"), BlurRadius: 18, Offset: fyne.NewPos(0, 6)}
	box := look.Stack(back, look.Inset(22, 24, 22, 24, content))
	d := &Dialog{buttons: buttons}
	d.Layer = ShowLayer(on, box, nil, fyne.NewSize(width, look.Height(box, width)), look.Scrim)
	if focus == nil {
		focus = buttons[0]
	}
	on.Focus(focus)
	return d
}

// Default presses the button that Return stands for.
func (d *Dialog) Default() { d.buttons[0].Press() }

// Cancel presses the button that Esc stands for.
func (d *Dialog) Cancel() {
	if d.Escape != nil {
		d.Escape.Press()
		return
	}
	d.buttons[len(d.buttons)-1].Press()
}
