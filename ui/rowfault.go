package ui

import (
	"context"
	"errors"
	"slices"
	"strings"

	"rekey/app"
	"rekey/app/procedure"
)

// typedCell keeps what is typed into a cell of the open row and has it checked; only the answer to the newest question counts.
func (z *wizard) typedCell(field, value string) {
	z.draft.Row[field] = value
	z.keep()
	id := "cell." + field
	z.asked[id]++
	number, d, row := z.asked[id], z.draft, cloned(z.draft.Row)
	work(z.w, func(context.Context) (app.FieldCheck, error) { return z.w.desk.CheckCell(d, row, field), nil },
		func(c app.FieldCheck, _ error) {
			if z.asked[id] == number && z.draft.Row != nil {
				z.sayCell(field, z.words(c))
			}
		})
}

// sayCell puts an answer beside a cell of the open row.
func (z *wizard) sayCell(field string, t told) {
	z.table.told[field] = t
	if cell := z.table.cells[field]; cell != nil && cell.Say(t.text, t.tone()) {
		z.w.relayout()
	}
}

// saveRow puts the open row into the table when every cell is fine; else the first that is not gets the focus.
func (z *wizard) saveRow(r *procedure.RowFields) {
	w, d, row := z.w, z.draft, cloned(z.draft.Row)
	work(w, func(context.Context) ([]app.FieldCheck, error) {
		out := make([]app.FieldCheck, len(r.Fields))
		for i, f := range r.Fields {
			out[i] = w.desk.CheckCell(d, row, f.ID)
		}
		return out, nil
	}, func(checks []app.FieldCheck, _ error) {
		if w.wizard != z || w.page != pageWizard || z.draft.Row == nil {
			return
		}
		first := ""
		for i, c := range checks {
			t := z.words(c)
			z.sayCell(r.Fields[i].ID, t)
			if t.bad {
				first = firstOf(first, "cell."+r.Fields[i].ID)
			}
		}
		if first != "" {
			w.focus(first)
			return
		}
		z.takeRow(row)
	})
}

// takeRow puts a row where the open one belongs.
func (z *wizard) takeRow(row map[string]string) {
	for id, value := range row {
		if strings.TrimSpace(value) == "" {
			delete(row, id)
		}
	}
	rows := slices.Clone(z.draft.Rows)
	if z.draft.RowAt < len(rows) {
		rows[z.draft.RowAt] = row
	} else {
		rows = append(rows, row)
	}
	z.setRows(rows)
	z.shutRow()
}

// tableFault shows what the Desk says about the table, and says whether the error was about that. The row that is wrong is opened, its
// cell named in the user's language and focused.
func (z *wizard) tableFault(err error) bool {
	w, r := z.w, z.rows()
	var cell *app.CellError
	if r == nil || !errors.As(err, &cell) {
		return false
	}
	i := slices.IndexFunc(r.Fields, func(f procedure.Field) bool { return f.ID == cell.Field })
	if i < 0 || cell.Row < 1 || cell.Row > len(z.draft.Rows) {
		return false
	}
	why := z.words(cell.Check)
	z.table.said = w.T("rows.wrong.row", "number", cell.Row, "field", r.Fields[i].Label.In(w.lang), "why", why.text)
	z.openRowAt(cell.Row - 1)
	z.sayCell(cell.Field, why)
	w.focus("cell." + cell.Field)
	return true
}

// importRows adds the rows of a file to the table.
func (z *wizard) importRows(path string) {
	w, r := z.w, z.rows()
	if r == nil || z.draft.Page != wizardDetails || z.draft.Row != nil || path == "" {
		return
	}
	lang := w.lang
	work(w, func(context.Context) ([]map[string]string, error) { return readRows(path, r, lang) }, func(rows []map[string]string, err error) {
		if w.wizard != z {
			return
		}
		if err != nil {
			z.table.done, z.table.said = "", w.rowFileWords(err)
			w.show()
			return
		}
		z.table.path = ""
		z.setRows(append(slices.Clone(z.draft.Rows), rows...))
		z.table.done = w.T("rows.imported", "n", len(rows))
		w.show()
	})
}

// rowFileWords says what is wrong with a file of rows.
func (w *Window) rowFileWords(err error) string {
	var f *rowFault
	if errors.As(err, &f) {
		return w.T("rows.file."+f.what, "name", f.name)
	}
	n := w.failure(err)
	return n.what + " " + n.detail
}
