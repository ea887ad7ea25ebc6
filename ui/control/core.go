// Package control holds Rekey's own controls: each takes the keyboard, shows where the focus is, and
// has a name by which a test or a driver finds it.
//
// It promises: Return and Space press what has the focus, keys that a control does not want go on to the
// window (Esc, Return in an entry), and a control that gets the focus is scrolled into view.
// It knows no page and no case.
package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"rekey/ui/look"
)

// Control is anything that the person can use.
type Control interface {
	fyne.Focusable
	ID() string
	Kind() string    // button, nav, option, choice, check, entry
	Caption() string // what is written on it; never the content of a password entry
	Enabled() bool
	HasFocus() bool
}

// core is what all own controls have in common.
type core struct {
	widget.BaseWidget
	id       string
	disabled bool
	focused  bool
	hovered  bool
	main     bool // the page is for this
	press    func()
	self     fyne.Widget
	hand     *Hand // who presses it; nil: anybody, at any moment
	page     string
	line     keys // of an open list
}

// keys are what a control takes before it looks at a key itself; what they do not want they give back.
type keys struct {
	key  func(*fyne.KeyEvent) bool
	rune func(rune)
}

func (c *core) start(self fyne.Widget, id string, press func()) {
	c.self, c.id, c.press = self, id, press
	c.ExtendBaseWidget(self)
}

// ID implements Control.
func (c *core) ID() string { return c.id }

// Enabled implements Control.
func (c *core) Enabled() bool { return !c.disabled }

// HasFocus implements Control.
func (c *core) HasFocus() bool { return c.focused }

// Disabled implements fyne.Disableable.
func (c *core) Disabled() bool { return c.disabled }

// Disable implements fyne.Disableable.
func (c *core) Disable() { c.disabled = true; c.self.Refresh() }

// Enable implements fyne.Disableable.
func (c *core) Enable() { c.disabled = false; c.self.Refresh() }

// FocusGained implements fyne.Focusable.
func (c *core) FocusGained() {
	c.focused = true
	c.self.Refresh()
	Reveal(c.self)
}

// FocusLost implements fyne.Focusable.
func (c *core) FocusLost() { c.focused = false; c.self.Refresh() }

// TypedRune implements fyne.Focusable.
func (c *core) TypedRune(r rune) {
	if c.line.rune != nil {
		c.line.rune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (c *core) TypedKey(e *fyne.KeyEvent) {
	if c.line.key != nil && c.line.key(e) {
		return
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		c.Press()
	default:
		PassOn(c.self, e)
	}
}

// Tapped implements fyne.Tappable.
func (c *core) Tapped(*fyne.PointEvent) {
	if c.disabled {
		return
	}
	if on := fyne.CurrentApp().Driver().CanvasForObject(c.self); on != nil {
		on.Focus(c.self.(fyne.Focusable))
	}
	c.Press()
}

// Press does what a click does, unless it is the second half of one.
func (c *core) Press() {
	if !c.disabled && c.press != nil && c.hand.means(c) {
		c.press()
	}
}

// PassOn hands a key that a control does not want to the window.
func PassOn(from fyne.CanvasObject, e *fyne.KeyEvent) {
	if on := fyne.CurrentApp().Driver().CanvasForObject(from); on != nil && on.OnTypedKey() != nil {
		on.OnTypedKey()(e)
	}
}

// Reveal scrolls so that o can be seen.
func Reveal(o fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	s := scrollOf(o)
	if s == nil {
		return
	}
	TurnTo(s, driver.AbsolutePositionForObject(o).Y-driver.AbsolutePositionForObject(s).Y, o.Size().Height)
}

// TurnTo turns a page so that what stands at y in its view and is so high can be seen, with its label and what is said below it.
func TurnTo(s *container.Scroll, y, high float32) {
	offset, room := s.Offset.Y, s.Size().Height
	above, below := look.Px(36), look.Px(56)
	switch {
	case y < above:
		offset += y - above
	case y+high > room-below:
		offset += y + high - room + below
	default:
		return
	}
	s.ScrollToOffset(fyne.NewPos(0, max(0, min(offset, s.Content.Size().Height-room))))
}

// scrollOf finds the scroll area that o stands in, nil when there is none.
func scrollOf(o fyne.CanvasObject) *container.Scroll {
	on := fyne.CurrentApp().Driver().CanvasForObject(o)
	if on == nil {
		return nil
	}
	if top := on.Overlays().Top(); top != nil {
		return scrollAround(top, o)
	}
	return scrollAround(on.Content(), o)
}

func scrollAround(tree, wanted fyne.CanvasObject) *container.Scroll {
	switch x := tree.(type) {
	case *container.Scroll:
		if holds(x.Content, wanted) {
			return x
		}
	case *fyne.Container:
		for _, o := range x.Objects {
			if s := scrollAround(o, wanted); s != nil {
				return s
			}
		}
	}
	return nil
}

func holds(tree, wanted fyne.CanvasObject) bool {
	if tree == wanted {
		return true
	}
	if c, ok := tree.(*fyne.Container); ok {
		for _, o := range c.Objects {
			if holds(o, wanted) {
				return true
			}
		}
	}
	return false
}

// heightOf lets a control be as high as its inner layout at a width.
func heightOf(inner fyne.CanvasObject, width float32) float32 { return look.Height(inner, width) }
