package ui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/look"
)

// table is how far the person is with the rows of the form. The rows themselves, and the one that is open, are in the draft; rows are never
// changed in place.
type table struct {
	marked int    // row that the buttons below the list are for, 1 …; 0: none
	said   string // what is wrong with the table
	done   string // what was imported last
	path   string // of a file to import, as it is typed
	cells  map[string]*control.Field
	told   map[string]told // what is said beside each cell of the open row
}

// rows is the table that the reason has, nil when it has none.
func (z *wizard) rows() *procedure.RowFields { return z.reason().Rows }

// listed is how many of the row's fields are shown in the list: what there is room for.
func (w *Window) listed() int {
	if w.scale >= 150 {
		return 1
	}
	return 3
}

func (z *wizard) rowsPanel(r *procedure.RowFields) fyne.CanvasObject {
	w, t := z.w, &z.table
	lines := []fyne.CanvasObject{control.Head(w.T("rows.title"), control.Pill(w.T("rows.count", "n", len(z.draft.Rows)), control.Plain))}
	if t.said != "" {
		lines = append(lines, control.Banner(control.Bad, w.T("rows.wrong"), t.said))
	}
	if t.done != "" {
		lines = append(lines, control.Banner(control.Fine, t.done, ""))
	}
	if z.draft.Row != nil {
		return control.Panel(append(lines, z.openRow(r)...)...)
	}
	lines = append(lines, control.Small(w.T("rows.text")))
	add := control.NewButton("rows.add", w.T("rows.add"), theme.ContentAddIcon(), control.Secondary, func() { z.openRowAt(len(z.draft.Rows)) })
	edit := control.NewButton("rows.edit", w.T("rows.edit"), theme.DocumentCreateIcon(), control.Secondary, func() { z.openRowAt(t.marked - 1) })
	remove := control.NewButton("rows.remove", w.T("rows.remove"), theme.DeleteIcon(), control.Quiet, z.removeRow)
	if t.marked < 1 || t.marked > len(z.draft.Rows) {
		t.marked = 0
		edit.Disable()
		remove.Disable()
	}
	if len(z.draft.Rows) == 0 {
		lines = append(lines, control.Para(w.T("rows.none")).In(look.Muted))
	} else {
		list := control.NewDataList("rows.list", control.DataWords{Filter: w.T("documents.filter"), Nothing: w.T("rows.none"), Language: w.lang}, z.rowColumns(r), len(z.draft.Rows), func(row int) {
			t.marked = row + 1
			edit.Enable()
			remove.Enable()
		}, z.openRowAt)
		lines = append(lines, look.Fixed(0, 280, list.Container))
	}
	path := control.NewEntry("rows.path", t.path, 1, func(v string) { t.path = v })
	file := control.NewField(w.T("rows.path"), w.T("rows.path.hint"), false, path).With(w.browseButton("rows.browse", w.T("rows.path"), path))
	take := control.NewButton("rows.import", w.T("rows.import"), theme.UploadIcon(), control.Secondary, func() { z.importRows(strings.TrimSpace(t.path)) })
	return control.Panel(append(lines, look.Row(10, -1, add, edit, remove), control.Line(), look.TopRow(12, 0, file.Container, look.Inset(22, 0, 0, 0, take)))...)
}

func (z *wizard) rowColumns(r *procedure.RowFields) []control.Column {
	w, rows := z.w, z.draft.Rows
	columns := []control.Column{{ID: "number", Title: w.T("rows.number"), Share: 2, Text: func(i int) string { return w.t.Number(i + 1) },
		Key: func(i int) string { return fmt.Sprintf("%08d", i) }}}
	for _, f := range r.Fields[:min(w.listed(), len(r.Fields))] {
		columns = append(columns, control.Column{ID: f.ID, Title: f.Label.In(w.lang), Share: 7, Text: func(i int) string { return w.fieldWords(f, rows[i][f.ID]) }})
	}
	return columns
}

// openRow is one row of the table with all its fields.
func (z *wizard) openRow(r *procedure.RowFields) []fyne.CanvasObject {
	w, t := z.w, &z.table
	t.cells = map[string]*control.Field{}
	var cells []fyne.CanvasObject
	for _, f := range r.Fields {
		cell := z.cell(f)
		t.cells[f.ID] = cell
		if said, ok := t.told[f.ID]; ok {
			cell.Say(said.text, said.tone())
		}
		cells = append(cells, cell.Container)
	}
	save := control.NewButton("row.save", w.T("rows.save"), theme.ConfirmIcon(), control.Primary, func() { z.saveRow(r) })
	cancel := control.NewButton("row.cancel", w.T("cancel"), nil, control.Secondary, z.shutRow)
	return []fyne.CanvasObject{control.Strong(w.T("rows.row", "number", z.draft.RowAt+1)), look.Grid(2, 16, cells...), look.Row(10, -1, save, cancel)}
}

func (z *wizard) cell(f procedure.Field) *control.Field {
	w, row, id := z.w, z.draft.Row, "cell."+f.ID
	typed := func(v string) { z.typedCell(f.ID, v) }
	label, hint := f.Label.In(w.lang), f.Hint.In(w.lang)
	if len(f.Choices) == 0 {
		return control.NewField(label, hint, f.Required, control.NewEntry(id, row[f.ID], f.Lines, typed))
	}
	var items []control.Item
	if !f.Required {
		items = append(items, control.Item{Text: "–"})
	}
	for _, c := range f.Choices {
		items = append(items, control.Item{ID: c.ID, Text: c.Label.In(w.lang)})
	}
	return control.NewField(label, hint, f.Required, control.NewChoice(id, items, row[f.ID], typed))
}

func (z *wizard) openRowAt(at int) {
	row := map[string]string{}
	switch {
	case at >= 0 && at < len(z.draft.Rows):
		row = cloned(z.draft.Rows[at])
	default:
		for _, f := range z.rows().Fields {
			if f.Default != "" {
				row[f.ID] = f.Default
			}
		}
	}
	z.draft.Row, z.draft.RowAt, z.table.told = row, at, map[string]told{}
	z.keep()
	z.w.show()
	z.w.focus("cell." + z.rows().Fields[0].ID)
}

func (z *wizard) shutRow() {
	z.draft.Row = nil
	z.keep()
	z.w.show()
	z.w.focus("rows.add")
}

func (z *wizard) removeRow() {
	at := z.table.marked - 1
	if at < 0 || at >= len(z.draft.Rows) {
		return
	}
	z.table.marked = 0
	z.setRows(slices.Delete(slices.Clone(z.draft.Rows), at, at+1))
	z.w.show()
}

func (z *wizard) setRows(rows []map[string]string) {
	z.draft.Rows, z.table.said, z.table.done = rows, "", ""
	z.keep()
}

// rowsFine says whether the table has as many rows as the form wants and none is open.
func (z *wizard) rowsFine() bool {
	r, w, n := z.rows(), z.w, len(z.draft.Rows)
	if r == nil {
		return true
	}
	said := ""
	switch {
	case z.draft.Row != nil:
		said = w.T("rows.open")
	case n < r.Min:
		said = w.T("rows.few", "n", r.Min)
	case r.Max > 0 && n > r.Max:
		said = w.T("rows.many", "n", r.Max)
	}
	if z.table.said != said {
		z.table.said = said
		w.show()
	}
	if said != "" {
		w.focus("rows.add")
	}
	return said == ""
}
