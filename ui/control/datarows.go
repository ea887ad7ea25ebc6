package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"rekey/ui/look"
)

// rowList is the part of a DataList that scrolls.
type rowList struct {
	widget.List
	owner          *DataList
	at             int // place of the row that was walked to, -1: none
	focused        bool
	drawn          bool // a list cannot be scrolled before
	picked, opened func(row int)
	nothing        *fyne.Container
}

func newRowList(d *DataList, picked, opened func(row int)) *rowList {
	l := &rowList{owner: d, at: -1, picked: picked, opened: opened}
	l.HideSeparators = true
	l.Length = func() int { return len(d.order) }
	l.CreateItem = func() fyne.CanvasObject {
		var all []fyne.CanvasObject
		for range d.columns {
			all = append(all, look.Inset(cellTop, cellEnd, cellTop, cellStart, Words("").Shortening()))
		}
		return &fyne.Container{Layout: d.cells, Objects: all}
	}
	l.UpdateItem = func(place int, o fyne.CanvasObject) {
		if place >= len(d.order) {
			return
		}
		for i, cell := range o.(*fyne.Container).Objects {
			cell.(*fyne.Container).Objects[0].(*Text).Set(d.columns[i].Text(d.order[place]))
		}
	}
	l.OnSelected = func(place int) {
		l.at = place
		if picked != nil && place < len(d.order) {
			picked(d.order[place])
		}
	}
	l.ExtendBaseWidget(l)
	return l
}

// CreateRenderer implements fyne.Widget.
func (l *rowList) CreateRenderer() fyne.WidgetRenderer {
	l.drawn = true
	return newRinged(l.List.CreateRenderer(), l)
}

// rowHeight is how high a row is, about.
const rowHeight float32 = 37

// Resize implements fyne.CanvasObject. What was walked to before there was room for a row is scrolled to now.
func (l *rowList) Resize(size fyne.Size) {
	before := l.Size().Height
	l.List.Resize(size)
	if row := look.Px(rowHeight); l.drawn && before < row && size.Height >= row {
		l.ScrollToTop()
		l.ScrollTo(max(0, l.at))
	}
}

func (l *rowList) changed() {
	l.at = -1
	l.UnselectAll()
	l.nothing.Hidden = len(l.owner.order) > 0
	l.nothing.Refresh()
	if l.drawn {
		l.ScrollToTop()
	}
	l.Refresh()
}

// walk goes to a place.
func (l *rowList) walk(place int) {
	n := len(l.owner.order)
	if n == 0 {
		return
	}
	place = max(0, min(place, n-1))
	l.Highlight(place)
	l.Select(place)
}

// ID implements Control.
func (l *rowList) ID() string { return l.owner.id }

// Kind implements Control.
func (l *rowList) Kind() string { return "list" }

// Caption implements Control: the row that was walked to.
func (l *rowList) Caption() string {
	if l.at < 0 || l.at >= len(l.owner.order) {
		return ""
	}
	return l.owner.columns[0].Text(l.owner.order[l.at])
}

// Enabled implements Control.
func (l *rowList) Enabled() bool { return true }

// HasFocus implements Control.
func (l *rowList) HasFocus() bool { return l.focused }

// FocusGained implements fyne.Focusable.
func (l *rowList) FocusGained() {
	l.focused = true
	l.List.FocusGained()
	l.Refresh()
	Reveal(l)
	if l.at < 0 {
		l.walk(0)
	}
}

// FocusLost implements fyne.Focusable.
func (l *rowList) FocusLost() {
	l.focused = false
	l.List.FocusLost()
	l.Refresh()
}

// TypedKey implements fyne.Focusable.
func (l *rowList) TypedKey(e *fyne.KeyEvent) {
	page := max(1, int(l.Size().Height/look.Px(rowHeight))-1)
	switch e.Name {
	case fyne.KeyDown:
		l.walk(l.at + 1)
	case fyne.KeyUp:
		l.walk(l.at - 1)
	case fyne.KeyPageDown:
		l.walk(l.at + page)
	case fyne.KeyPageUp:
		l.walk(l.at - page)
	case fyne.KeyHome:
		l.walk(0)
	case fyne.KeyEnd:
		l.walk(len(l.owner.order) - 1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if l.at >= 0 && l.at < len(l.owner.order) && l.opened != nil {
			l.opened(l.owner.order[l.at])
		}
	default:
		PassOn(l, e)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (l *rowList) TypedShortcut(s fyne.Shortcut) { windowShortcut(l, s) }
