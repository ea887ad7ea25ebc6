package control

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// secretRoom is the longest PIN in bytes. The room is taken once, so that no half PIN stays behind in memory.
const secretRoom = 256

// Secret is where a PIN is typed. What is typed is bytes that Take hands out and Clear wipes; it is never a string, cannot be
// copied, and is drawn as dots.
type Secret struct {
	label string // of its field, for screen readers
	core
	value   []byte
	all     bool // all of it is marked: the next character takes its place
	changed func()
	inner   *fyne.Container
	dots    *Text
	caret   *canvas.Rectangle
}

// NewSecret makes an entry for a PIN; changed may be nil.
func NewSecret(id string, changed func()) *Secret {
	s := &Secret{value: make([]byte, 0, secretRoom), changed: changed, dots: Words(""), caret: canvas.NewRectangle(nil)}
	row := look.Row(1, -1, s.dots, look.Fixed(1.5, 18, s.caret))
	s.inner = look.Inset(10, 10, 10, 11, row)
	s.start(s, id, nil)
	return s
}

// Kind implements Control.
func (s *Secret) Kind() string { return "entry" }

// Caption implements Control: a PIN is not told.
func (s *Secret) Caption() string { return "" }

// Len is the length of what was typed, in bytes.
func (s *Secret) Len() int { return len(s.value) }

// Blank says whether nothing but spaces was typed.
func (s *Secret) Blank() bool { return strings.TrimSpace(string(s.value)) == "" }

// Same says whether the same was typed in both.
func (s *Secret) Same(other *Secret) bool { return bytes.Equal(s.value, other.value) }

// Take hands out what was typed and forgets it. The caller clears it.
func (s *Secret) Take() []byte {
	out := append([]byte{}, s.value...)
	s.Clear()
	return out
}

// Clear wipes what was typed.
func (s *Secret) Clear() {
	clear(s.value[:cap(s.value)])
	s.value, s.all = s.value[:0], false
	s.draw()
}

func (s *Secret) draw() {
	s.dots.Set(strings.Repeat("•", utf8.RuneCount(s.value)))
	s.dots.In(look.Ink)
	if s.all {
		s.dots.In(look.PrimaryText)
	}
	s.inner.Layout.Layout(s.inner.Objects, s.Size())
	look.Again(s.inner)
	s.Refresh()
}

func (s *Secret) edited() {
	s.draw()
	if s.changed != nil {
		s.changed()
	}
}

// TypedRune implements fyne.Focusable.
func (s *Secret) TypedRune(r rune) {
	if s.all {
		s.Clear()
	}
	if len(s.value)+utf8.RuneLen(r) <= secretRoom {
		s.value = utf8.AppendRune(s.value, r)
	}
	s.edited()
}

// TypedKey implements fyne.Focusable.
func (s *Secret) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace: // comes as a rune too
	case fyne.KeyBackspace, fyne.KeyDelete:
		if s.all {
			s.Clear()
		} else if e.Name == fyne.KeyBackspace && len(s.value) > 0 {
			_, size := utf8.DecodeLastRune(s.value)
			clear(s.value[len(s.value)-size:])
			s.value = s.value[:len(s.value)-size]
		}
		s.edited()
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd:
		s.all = false
		s.draw()
	default:
		PassOn(s, e)
	}
}

// TypedShortcut implements fyne.Shortcutable: mark all and paste; there is no way to copy.
func (s *Secret) TypedShortcut(short fyne.Shortcut) {
	switch x := short.(type) {
	case *fyne.ShortcutSelectAll:
		s.all = len(s.value) > 0
		s.draw()
	case *fyne.ShortcutPaste:
		if s.all {
			s.Clear()
		}
		for _, r := range strings.TrimSpace(x.Clipboard.Content()) {
			s.TypedRune(r)
		}
	default:
		windowShortcut(s, short)
	}
}

// MinSize implements fyne.CanvasObject: as high as the other entries, also while nothing is typed and no caret is seen.
func (s *Secret) MinSize() fyne.Size {
	return fyne.NewSize(look.Px(80), look.Px(38))
}

func (s *Secret) surface() surface {
	p := surface{fill: theme.ColorNameInputBackground, line: look.EntryLine, radius: entryRadius}
	if s.focused || s.hovered {
		p.line = look.Primary
	}
	return p
}

// CreateRenderer implements fyne.Widget.
func (s *Secret) CreateRenderer() fyne.WidgetRenderer {
	return newShell(&s.core, s.inner, s.surface, func() {
		s.caret.FillColor = look.Color(look.Ink)
		s.caret.Hidden = !s.focused
	})
}
