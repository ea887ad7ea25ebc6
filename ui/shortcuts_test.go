package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// keyed is a window that gets the keyboard's shortcuts as a real one does.
type keyed struct {
	fyne.Window
	on *keyedCanvas
}

func (w keyed) Canvas() fyne.Canvas { return w.on }

type keyedCanvas struct {
	fyne.Canvas
	keys fyne.ShortcutHandler
}

func (c *keyedCanvas) AddShortcut(s fyne.Shortcut, f func(fyne.Shortcut)) { c.keys.AddShortcut(s, f) }

// The window has Alt and a digit for each page from its start on, and nothing for the digits behind them.
func TestAltDigitsAreRegistered(t *testing.T) {
	s := open(t, newFake(t), "en", "light")
	s.stop()
	on := &keyedCanvas{Canvas: s.win.Canvas()}
	s.win = keyed{s.win, on}
	s.start()
	s.rest()
	for i := len(sidePages); i > 0; i-- {
		on.keys.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyName(rune('0' + i)), Modifier: fyne.KeyModifierAlt})
		s.rest()
		if s.sidePage() != sidePages[i-1].page {
			t.Errorf("Alt+%d opens %s, want %s", i, s.pageName(), sidePages[i-1].page)
		}
	}
	s.tap("nav.help")
	for _, none := range []desktop.CustomShortcut{{KeyName: fyne.Key9, Modifier: fyne.KeyModifierAlt}, {KeyName: fyne.Key1, Modifier: fyne.KeyModifierControl}} {
		on.keys.TypedShortcut(&none)
		s.rest()
		s.onPage(pageHelp)
	}
}
