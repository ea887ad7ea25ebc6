package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"rekey/ui/look"
)

// Tips shows names of what has only a picture: of what the pointer is on, else of what has the focus, as a label beside it. It lies over the
// whole window, is part of its content (so it needs no window of its own) and takes no clicks. A nil *Tips shows nothing.
type Tips struct {
	*fyne.Container
	pointed, focused tip
	label            *fyne.Container
	size             fyne.Size
}

// tip is a thing and its name.
type tip struct {
	of   fyne.CanvasObject
	name string
}

// NewTips makes the layer; it belongs above everything else of the window's content.
func NewTips() *Tips {
	t := &Tips{label: &fyne.Container{}}
	t.label.Hide()
	t.Container = &fyne.Container{Layout: (*tipped)(t), Objects: []fyne.CanvasObject{t.label}}
	return t
}

func (t *Tips) point(of fyne.CanvasObject, name string) {
	if t != nil {
		t.pointed = tip{of, name}
		t.show()
	}
}

func (t *Tips) unpoint(of fyne.CanvasObject) {
	if t != nil && t.pointed.of == of {
		t.point(nil, "")
	}
}

func (t *Tips) focus(of fyne.CanvasObject, name string) {
	if t != nil {
		t.focused = tip{of, name}
		t.show()
	}
}

func (t *Tips) unfocus(of fyne.CanvasObject) {
	if t != nil && t.focused.of == of {
		t.focus(nil, "")
	}
}

// Shown is the name that is shown now, "" for none.
func (t *Tips) Shown() string {
	if !t.label.Visible() {
		return ""
	}
	return t.now().name
}

func (t *Tips) now() tip {
	if t.pointed.of != nil {
		return t.pointed
	}
	return t.focused
}

func (t *Tips) show() {
	n := t.now()
	t.label.Hidden = n.of == nil
	if n.of != nil {
		back := canvas.NewRectangle(look.Color(look.Panel))
		back.CornerRadius = look.Px(6)
		back.StrokeColor, back.StrokeWidth = look.Color(look.EntryLine), 1
		back.Shadow = canvas.Shadow{Color: look.Color("shadow"), BlurRadius: 5, Offset: fyne.NewPos(0, 2)}
		words := look.Stack(back, look.Inset(4, 10, 4, 10, Words(n.name).Sized(look.SizeSmall, true)))
		t.label.Layout, t.label.Objects = words.Layout, words.Objects
		t.place()
	}
	t.Container.Refresh()
}

// place stands the label where reading goes on from the thing, inside the window.
func (t *Tips) place() {
	driver := fyne.CurrentApp().Driver()
	n, size := t.now(), t.label.MinSize()
	at := driver.AbsolutePositionForObject(n.of).Subtract(driver.AbsolutePositionForObject(t.Container))
	x := at.X + n.of.Size().Width + look.Px(6)
	if look.Current().RTL() {
		x = at.X - size.Width - look.Px(6)
	}
	y := at.Y + (n.of.Size().Height-size.Height)/2
	t.label.Move(fyne.NewPos(x, max(0, min(y, t.Container.Size().Height-size.Height))))
	t.label.Resize(size)
}

// tipped is the layout of the layer: in another size of the window the things are elsewhere, or gone.
type tipped Tips

func (l *tipped) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (l *tipped) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if l.size != size {
		l.size, l.pointed, l.focused = size, tip{}, tip{}
		l.label.Hide()
	}
}

// State is one line about how something stands: a colour and words. The zero State is nothing.
type State struct {
	Ink  fyne.ThemeColorName
	Text string
}

// Line is the state with its words.
func (s State) Line() fyne.CanvasObject {
	if s.Text == "" {
		return look.Space(0, 0)
	}
	return look.Row(8, 1, Dot(s.Ink), Caption(s.Text))
}

// Mark is the state where there is room for its colour only; the pointer gets the words.
func (s State) Mark(tips *Tips) fyne.CanvasObject {
	if s.Text == "" {
		return look.Space(0, 0)
	}
	m := &stateMark{state: s, tips: tips}
	m.ExtendBaseWidget(m)
	return m
}

type stateMark struct {
	widget.BaseWidget
	state State
	tips  *Tips
}

// CreateRenderer implements fyne.Widget.
func (m *stateMark) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(look.Inset(6, 19, 6, 19, Dot(m.state.Ink)))
}

// MouseIn implements desktop.Hoverable.
func (m *stateMark) MouseIn(*desktop.MouseEvent) { m.tips.point(m, m.state.Text) }

// MouseMoved implements desktop.Hoverable.
func (m *stateMark) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (m *stateMark) MouseOut() { m.tips.unpoint(m) }
