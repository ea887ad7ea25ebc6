package control

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// Item is one value of a Choice.
type Item struct{ ID, Text string }

// Choice shows one value, over several lines where it is long, and opens a list of all. Up, Down, Home and End change it without the list.
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
	c := &Choice{items: items, value: value, change: change, words: Para("")}
	c.inner = look.Stack(look.Inset(choiceEdge, choiceArrow, choiceEdge, choiceStart, look.Row(0, 0, c.words)),
		look.Inset(choiceEdge, choiceEdge, choiceEdge, 0, look.Row(0, 0, look.Space(0, 0), Icon(theme.MenuDropDownIcon(), look.Muted, 20))))
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

// Room around the words of a choice; the arrow stands at their end.
const choiceEdge, choiceStart, choiceArrow float32 = 9, 13, 37

// HeightFor implements look.Tall. There is room for the longest item: nothing on the page moves while somebody walks through them.
func (c *Choice) HeightFor(width float32) float32 {
	high, room := look.Px(38), width-look.Px(choiceStart+choiceArrow)
	for _, i := range c.items {
		high = max(high, Para(i.Text).HeightFor(room)+look.Px(2*choiceEdge))
	}
	return high
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
