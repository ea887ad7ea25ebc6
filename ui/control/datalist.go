package control

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/store/fold"
	"rekey/ui/look"
)

// Column is one column of a DataList. Rows are known by their number in the owner's data, 0 … n-1.
type Column struct {
	ID, Title string
	Share     float32              // of the width, against the other columns' shares
	Whole     bool                 // never cut, as a date must not be: its widest text gets its room before the others share the rest
	Text      func(row int) string // what is shown
	Key       func(row int) string // what is sorted by; nil: Text in the order of the language
}

// DataList shows many rows in columns, with a head that sorts and an entry that filters. It draws only the rows that are seen, so
// that a hundred thousand cost no more than ten. Up, Down, Page Up, Page Down, Home and End walk; Return opens.
type DataList struct {
	*fyne.Container
	id       string
	columns  []Column
	cells    cells
	count    int
	language string
	order    []int    // rows as they are shown
	all      []int    // rows as they are sorted, before the filter
	words    []string // of each row, for the filter; made when first needed
	filter   string
	sorted   int // column, -1: as the owner gave them
	down     bool
	heads    []*Button
	entry    *Entry
	beside   *fyne.Container // the entry
	rows     *rowList

	Changed func() // after other rows are shown, or in another order; may be nil
}

// View is how a list is looked at. The zero value is everything, as the owner gave it.
type View struct {
	Filter string
	Column int // 1 … of the column that it is sorted by; 0: none
	Down   bool
}

// DataWords are the texts of a DataList in the window's language, and that language ("tr"), whose alphabet it is sorted by.
type DataWords struct{ Filter, Nothing, Language string }

// NewDataList makes a list of count rows. picked is told of each row that is walked to, opened of the one that Return is pressed on;
// both may be nil.
func NewDataList(id string, words DataWords, columns []Column, count int, picked, opened func(row int)) *DataList {
	d := &DataList{id: id, columns: columns, count: count, language: words.Language, sorted: -1}
	d.all = make([]int, count)
	for i := range d.all {
		d.all[i] = i
	}
	d.order = d.all
	d.rows = newRowList(d, picked, opened)
	d.entry = NewEntry(id+".filter", "", 1, d.Filter)
	d.entry.SetPlaceHolder(words.Filter)
	d.beside = look.Stack()
	d.beside.Hide()
	var heads []fyne.CanvasObject
	for i, c := range columns {
		h := NewButton(id+".sort."+c.ID, c.Title, nil, Quiet, func() { d.Sort(i) })
		d.heads = append(d.heads, h)
		heads = append(heads, h)
	}
	d.cells = cells{columns, wholes(columns, count)}
	head := &fyne.Container{Layout: d.cells, Objects: heads}
	nothing := look.Inset(16, 16, 16, 16, Para(words.Nothing).In(look.Muted))
	nothing.Hidden = count > 0
	d.rows.nothing = nothing
	body := look.Stack(d.rows, nothing)
	d.Container = framed(look.Panel, look.Border, 10, 10, look.Ends(look.Column(6, look.Row(10, 0, look.Fixed(filterRoom, 0, d.entry), d.beside), head, Line()), body, look.Space(0, 0)))
	return d
}

// filterRoom is the least width of the entry that filters.
const filterRoom float32 = 180

// Beside puts something beside the entry that filters: what is done with all rows that are shown.
func (d *DataList) Beside(o fyne.CanvasObject) {
	d.beside.Objects = []fyne.CanvasObject{o}
	d.beside.Show()
	look.Again(d.Container)
	d.Refresh()
}

// Len is how many rows are shown.
func (d *DataList) Len() int { return len(d.order) }

// Row gives the number of the row that stands at a place.
func (d *DataList) Row(place int) int { return d.order[place] }

// Shown gives the rows that are shown, as they stand.
func (d *DataList) Shown() []int { return slices.Clone(d.order) }

// View gives how the list is looked at now.
func (d *DataList) View() View { return View{d.filter, d.sorted + 1, d.down} }

// Look shows the list as another of the same columns was looked at.
func (d *DataList) Look(v View) {
	if v.Column > 0 && v.Column <= len(d.columns) {
		d.sort(v.Column-1, v.Down)
	}
	if v.Filter != "" {
		d.entry.SetText(v.Filter)
	}
}

// Pick walks to the row of this number, if it is shown.
func (d *DataList) Pick(row int) {
	if i := slices.Index(d.order, row); i >= 0 {
		d.rows.walk(i)
	}
}

// Sort sorts by a column; once more by the same turns the order around.
func (d *DataList) Sort(column int) { d.sort(column, d.sorted == column && !d.down) }

func (d *DataList) sort(column int, down bool) {
	d.sorted, d.down = column, down
	var keys []string
	if key := d.columns[column].Key; key != nil {
		keys = make([]string, d.count)
		for i := range keys {
			keys[i] = key(i)
		}
	} else {
		keys = sortKeys(d.language, d.count, d.columns[column].Text)
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
	wanted := strings.Fields(fold.Fold(s))
	if len(wanted) == 0 {
		d.order = d.all
		d.changed()
		return
	}
	if d.words == nil {
		d.words = make([]string, d.count)
		for i := range d.words {
			var b strings.Builder
			for _, c := range d.columns {
				b.WriteString(fold.Fold(c.Text(i)) + "\n")
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
	d.changed()
}

func (d *DataList) changed() {
	d.rows.changed()
	if d.Changed != nil {
		d.Changed()
	}
}
