package control

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Entry is where words are typed. Esc, and Return when it has one line, go on to the window;
// Alt with a digit too.
type Entry struct {
	label string // of its field, for screen readers
	widget.Entry
	id      string
	focused bool
	bad     bool // what was typed cannot stay
}

// NewEntry makes an entry of one line, or of several when lines is more than 1.
func NewEntry(id, text string, lines int, changed func(string)) *Entry {
	e := &Entry{id: id}
	e.Text = text
	e.OnChanged = changed
	if lines <= 1 {
		e.CursorColumn = utf8.RuneCountInString(text) // typing goes on where the text ends
	}
	if lines > 1 {
		e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
		e.SetMinRowsVisible(lines)
	}
	e.ExtendBaseWidget(e)
	return e
}

// CreateRenderer implements fyne.Widget.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	return newWheeled(e)
}

// mark shows that what was typed cannot stay, or that it can.
func (e *Entry) mark(bad bool) {
	if e.bad != bad {
		e.bad = bad
		e.Refresh()
	}
}

// ID implements Control.
func (e *Entry) ID() string { return e.id }

// Kind implements Control.
func (e *Entry) Kind() string { return "entry" }

// Caption implements Control.
func (e *Entry) Caption() string { return e.Text }

// Enabled implements Control.
func (e *Entry) Enabled() bool { return !e.Disabled() }

// HasFocus implements Control.
func (e *Entry) HasFocus() bool { return e.focused }

// FocusGained implements fyne.Focusable.
func (e *Entry) FocusGained() {
	e.focused = true
	e.Entry.FocusGained()
	Reveal(e)
}

// FocusLost implements fyne.Focusable.
func (e *Entry) FocusLost() {
	e.focused = false
	e.Entry.FocusLost()
}

// AcceptsTab keeps Tab for moving on, also in entries of several lines.
func (e *Entry) AcceptsTab() bool { return false }

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	enter := k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter
	if k.Name == fyne.KeyEscape || enter && !e.MultiLine {
		PassOn(e, k)
		return
	}
	e.Entry.TypedKey(k)
}

// TypedShortcut implements fyne.Shortcutable.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if !windowShortcut(e, s) {
		e.Entry.TypedShortcut(s)
	}
}

// windowShortcut hands Alt with a digit to the window and says whether it did.
func windowShortcut(from fyne.CanvasObject, s fyne.Shortcut) bool {
	own, ok := s.(*desktop.CustomShortcut)
	if !ok || own.Modifier != fyne.KeyModifierAlt {
		return false
	}
	if on, ok := fyne.CurrentApp().Driver().CanvasForObject(from).(fyne.Shortcutable); ok {
		on.TypedShortcut(s)
	}
	return true
}
