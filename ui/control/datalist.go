package control

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rekey/ui/look"
)

// Column is one column of a DataList. Rows are known by their number in the owner's data, 0 … n-1.
type Column struct {
	ID, Title string
	Share     float32              // of the width, against the other columns' shares
	Text      func(row int) string // what is shown
	Key       func(row int) string // what is sorted by; nil: Text without regard to case
}

// DataList shows many rows in columns, with a head that sorts and an entry that filters. It draws only the rows that are seen, so
// that a hundred thousand cost no more than ten. Up, Down, Page Up, Page Down, Home and End walk; Return opens.
type DataList struct {
	*fyne.Container
	id      string
	columns []Column
	count   int
	order   []int    // rows as they are shown
	all     []int    // rows as they are sorted, before the filter
	words   []string // of each row, for the filter; made when first needed
	filter  string
	sorted  int // column, -1: as the owner gave them
	down    bool
	heads   []*Button
	rows    *rowList
}

// DataWords are the texts of a DataList in the window's language.
type DataWords struct{ Filter, Nothing string }

// NewDataList makes a list of count rows. picked is told of each row that is walked to, opened of the one that Return is pressed on;
// both may be nil.
func NewDataList(id string, words DataWords, columns []Column, count int, picked, opened func(row int)) *DataList {
	d := &DataList{id: id, columns: columns, count: count, sorted: -1}
	d.all = make([]int, count)
	for i := range d.all {
		d.all[i] = i
	}
	d.order = d.all
	d.rows = newRowList(d, picked, opened)
	filter := NewEntry(id+".filter", "", 1, d.Filter)
	filter.SetPlaceHolder(words.Filter)
	var heads []fyne.CanvasObject
	for i, c := range columns {
		h := NewButton(id+".sort."+c.ID, c.Title, nil, Quiet, func() { d.Sort(i) })
		d.heads = append(d.heads, h)
		heads = append(heads, h)
	}
	head := &fyne.Container{Layout: cells{columns}, Objects: heads}
	nothing := look.Inset(16, 16, 16, 16, Para(words.Nothing).In(look.Muted))
	nothing.Hidden = count > 0
	d.rows.nothing = nothing
	body := look.Stack(d.rows, nothing)
	d.Container = framed(look.Panel, look.Border, 10, 10, look.Ends(look.Column(6, filter, head, Line()), body, look.Space(0, 0)))
	return d
}

// Len is how many rows are shown.
func (d *DataList) Len() int { return len(d.order) }

// Row gives the number of the row that stands at a place.
func (d *DataList) Row(place int) int { return d.order[place] }

// Pick walks to the row of this number, if it is shown.
func (d *DataList) Pick(row int) {
	if i := slices.Index(d.order, row); i >= 0 {
		d.rows.walk(i)
	}
}

// Sort sorts by a column; once more by the same turns the order around.
func (d *DataList) Sort(column int) {
	d.down = d.sorted == column && !d.down
	d.sorted = column
	key := d.columns[column].Key
	if key == nil {
		key = func(row int) string { return strings.ToLower(d.columns[column].Text(row)) }
	}
	keys := make([]string, d.count)
	for i := range keys {
		keys[i] = key(i)
	}
	d.all = slices.Clone(d.all)
	slices.SortStableFunc(d.all, func(a, b int) int {
		if d.down {
			a, b = b, a
		}
		return strings.Compare(keys[a], keys[b])
	})
	for i, h := range d.heads {
		h.icon = nil
		if i == column {
			h.icon = theme.MenuDropDownIcon()
			if d.down {
				h.icon = theme.MenuDropUpIcon()
			}
		}
		h.Refresh()
	}
	d.Filter(d.filter)
}

// Filter shows the rows that have all words of s in some column.
func (d *DataList) Filter(s string) {
	d.filter = s
	wanted := strings.Fields(strings.ToLower(s))
	if len(wanted) == 0 {
		d.order = d.all
		d.rows.changed()
		return
	}
	if d.words == nil {
		d.words = make([]string, d.count)
		for i := range d.words {
			var b strings.Builder
			for _, c := range d.columns {
				b.WriteString(strings.ToLower(c.Text(i)) + "\n")
			}
			d.words[i] = b.String()
		}
	}
	d.order = nil
	for _, row := range d.all {
		if !slices.ContainsFunc(wanted, func(w string) bool { return !strings.Contains(d.words[row], w) }) {
			d.order = append(d.order, row)
		}
	}
	d.rows.changed()
}

// cells shares a row's width out to the columns.
type cells struct{ columns []Column }

const cellGap float32 = 6

func (l cells) MinSize(objects []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, o := range objects {
		h = max(h, o.MinSize().Height)
	}
	return fyne.NewSize(look.Px(60)*float32(len(objects)), h)
}

func (l cells) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	whole, gap := float32(0), look.Px(cellGap)
	for _, c := range l.columns {
		whole += c.Share
	}
	room, x := size.Width-gap*float32(len(objects)-1), float32(0)
	for i, o := range objects {
		w := max(0, room*l.columns[i].Share/whole)
		own := w
		if b, ok := o.(*Button); ok {
			own = min(w, b.MinSize().Width)
		}
		left := x
		if look.Current().RTL() {
			left = size.Width - x - own
		}
		h := o.MinSize().Height
		o.Move(fyne.NewPos(left, (size.Height-h)/2))
		o.Resize(fyne.NewSize(own, h))
		x += w + gap
	}
}

// rowList is the part of a DataList that scrolls.
type rowList struct {
	widget.List
	owner          *DataList
	at             int // place of the row that was walked to, -1: none
	focused        bool
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
			all = append(all, look.Inset(8, 2, 8, 11, Words("").Shortening()))
		}
		return &fyne.Container{Layout: cells{d.columns}, Objects: all}
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

func (l *rowList) changed() {
	l.at = -1
	l.UnselectAll()
	l.nothing.Hidden = len(l.owner.order) > 0
	l.nothing.Refresh()
	l.ScrollToTop()
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
	if l.at < 0 {
		l.walk(0)
	}
}

// FocusLost implements fyne.Focusable.
func (l *rowList) FocusLost() {
	l.focused = false
	l.List.FocusLost()
}

// TypedKey implements fyne.Focusable.
func (l *rowList) TypedKey(e *fyne.KeyEvent) {
	page := max(1, int(l.Size().Height/look.Px(37))-1)
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
