package control

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Copied is how long a button says that it has copied.
const Copied = 2 * time.Second

// Copies makes the buttons of a window that put something on the clipboard. One that was pressed says so for a moment, also when
// the page is drawn anew in the meantime.
type Copies struct {
	Later func(time.Duration, func()) // runs something on the window's goroutine after a while
	said  string                      // id of the button that says it; "": none does
	here  *Button                     // as it was drawn last
	press int                         // number of the newest press
}

// Button makes a copy button. It says text, and done for the moment after content was copied.
func (c *Copies) Button(id, text, done string, weight Weight, content func() string) *Button {
	b := NewButton(id, text, theme.ContentCopyIcon(), weight, nil)
	b.other = done
	b.core.press = func() {
		c.rest()
		c.said, c.here = id, b
		b.turn()
		fyne.CurrentApp().Clipboard().SetContent(content())
		c.press++
		press := c.press
		c.Later(Copied, func() {
			if c.press == press {
				c.rest()
			}
		})
	}
	b.build()
	if c.said == id {
		c.here = b
		b.turn()
	}
	return b
}

// rest lets the button that says it say its own words again.
func (c *Copies) rest() {
	if c.here != nil {
		c.here.turn()
	}
	c.said, c.here = "", nil
}

// turn changes between what a button says and its other words.
func (b *Button) turn() {
	b.text, b.other = b.other, b.text
	b.icon = theme.ContentCopyIcon()
	if b.turned = !b.turned; b.turned {
		b.icon = theme.ConfirmIcon()
	}
	b.Refresh()
}
