package control

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// Item is one value of a Choice.
type Item struct{ ID, Text string }

// Choice shows one value and opens a list of all. Up, Down, Home and End change it without the list.
type Choice struct {
	label string // of its field, for screen readers
	core
	items  []Item
	value  string
	change func(id string)
	inner  *fyne.Container
	words  *Text
	open   fyne.CanvasObject
}

// NewChoice makes a choice; the items of the open list are called id.<item>.
func NewChoice(id string, items []Item, value string, change func(id string)) *Choice {
	c := &Choice{items: items, value: value, change: change, words: Words("")}
	c.inner = look.Inset(9, 9, 9, 13, look.Row(8, 0, c.words, Icon(theme.MenuDropDownIcon(), look.Muted, 20)))
	c.words.Set(c.Caption())
	c.start(c, id, c.show)
	return c
}

// Kind implements Control.
func (c *Choice) Kind() string { return "choice" }

// Caption implements Control.
func (c *Choice) Caption() string {
	if i := c.index(); i >= 0 {
		return c.items[i].Text
	}
	return ""
}

// Value is the ID of what is chosen.
func (c *Choice) Value() string { return c.value }

func (c *Choice) index() int {
	return slices.IndexFunc(c.items, func(i Item) bool { return i.ID == c.value })
}

// Set chooses by ID and tells the owner.
func (c *Choice) Set(id string) {
	if id == c.value {
		return
	}
	c.value = id
	c.words.Set(c.Caption())
	c.Refresh()
	if c.change != nil {
		c.change(id)
	}
}

// TypedKey implements fyne.Focusable.
func (c *Choice) TypedKey(e *fyne.KeyEvent) {
	i := c.index()
	switch {
	case e.Name == fyne.KeyDown && i+1 < len(c.items):
		c.Set(c.items[i+1].ID)
	case e.Name == fyne.KeyUp && i > 0:
		c.Set(c.items[i-1].ID)
	case e.Name == fyne.KeyHome && len(c.items) > 0:
		c.Set(c.items[0].ID)
	case e.Name == fyne.KeyEnd && len(c.items) > 0:
		c.Set(c.items[len(c.items)-1].ID)
	default:
		c.core.TypedKey(e)
	}
}

// MinSize implements fyne.CanvasObject: as wide as the widest item.
func (c *Choice) MinSize() fyne.Size {
	w := float32(0)
	for _, i := range c.items {
		w = max(w, Words(i.Text).MinSize().Width)
	}
	return fyne.NewSize(min(w, look.Px(320))+look.Px(52), look.Px(38))
}

func (c *Choice) surface() surface {
	s := surface{fill: theme.ColorNameInputBackground, line: look.EntryLine, radius: entryRadius}
	if c.hovered {
		s.line = look.Primary
	}
	return s
}

// CreateRenderer implements fyne.Widget.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	return newShell(&c.core, c.inner, c.surface, nil)
}

func (c *Choice) show() {
	driver := fyne.CurrentApp().Driver()
	on := driver.CanvasForObject(c)
	if on == nil || len(c.items) == 0 {
		return
	}
	var lines []fyne.CanvasObject
	var layer *Layer
	for _, item := range c.items {
		mark := theme.RadioButtonIcon()
		if item.ID == c.value {
			mark = theme.RadioButtonCheckedIcon()
		}
		lines = append(lines, NewNav(c.id+"."+item.ID, item.Text, mark, item.ID == c.value, nil, func() {
			layer.Close()
			on.Focus(c)
			c.Set(item.ID)
		}))
	}
	back := canvas.NewRectangle(look.Color(look.Panel))
	back.StrokeColor, back.StrokeWidth, back.CornerRadius = look.Color(look.Border), 1, look.Px(9)
	back.Shadow = canvas.Shadow{Color: look.Color("shadow"), BlurRadius: 10, Offset: fyne.NewPos(0, 4)}
	list := look.Stack(back, look.Inset(6, 6, 6, 6, look.Column(2, lines...)))
	at := driver.AbsolutePositionForObject(c).AddXY(0, c.Size().Height+4)
	size := list.MinSize()
	size.Width = max(size.Width, c.Size().Width)
	at.X = max(8, min(at.X, on.Size().Width-size.Width-8))
	if at.Y+size.Height > on.Size().Height-8 {
		at.Y = max(8, on.Size().Height-size.Height-8)
	}
	layer = ShowLayer(on, list, &at, size, "", func() { on.Focus(c) })
	on.Focus(lines[max(0, c.index())].(fyne.Focusable))
}
