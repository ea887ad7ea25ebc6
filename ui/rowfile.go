package ui

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rekey/app"
	"rekey/app/procedure"
)

// maxRowFile is the longest CSV file of rows, in bytes.
const maxRowFile = 1 << 20

// rowFault is what is wrong with a file of rows: the text rows.file.<what>, about a file or a column.
type rowFault struct{ what, name string }

func (f *rowFault) Error() string { return "file of rows: " + f.what + " " + f.name }

// readRows reads rows from a file: CSV with the names of the columns in its first line, as the form's or as the data file's, or a details
// file as the command line takes it.
func readRows(path string, r *procedure.RowFields, lang string) ([]map[string]string, error) {
	const op = "read rows"
	f, err := os.Open(path)
	if err != nil {
		return nil, &app.Error{Op: op, Kind: app.NotFound, Err: err}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxRowFile+1))
	if err != nil {
		return nil, &app.Error{Op: op, Kind: app.NotFound, Err: err}
	}
	if len(data) > maxRowFile {
		return nil, &app.Error{Op: op, Kind: app.BadInput, Err: &rowFault{"long", filepath.Base(path)}}
	}
	if strings.EqualFold(filepath.Ext(path), ".csv") {
		rows, err := csvRows(data, r, lang)
		if err != nil {
			return nil, &app.Error{Op: op, Kind: app.BadInput, Err: err}
		}
		return rows, nil
	}
	_, rows, err := app.ParseDetails(data)
	switch {
	case err != nil:
		return nil, err
	case len(rows) == 0:
		return nil, &app.Error{Op: op, Kind: app.BadInput, Err: &rowFault{"none", filepath.Base(path)}}
	}
	for _, row := range rows {
		for id := range row {
			if !slices.ContainsFunc(r.Fields, func(f procedure.Field) bool { return f.ID == id }) {
				return nil, &app.Error{Op: op, Kind: app.BadInput, Err: &rowFault{"column", id}}
			}
		}
	}
	return rows, nil
}

func csvRows(data []byte, r *procedure.RowFields, lang string) ([]map[string]string, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	first, _, _ := bytes.Cut(data, []byte("\n"))
	read := csv.NewReader(bytes.NewReader(data))
	for _, comma := range ",;\t" { // the one that the first line has most of
		if bytes.Count(first, []byte(string(comma))) > bytes.Count(first, []byte(string(read.Comma))) {
			read.Comma = comma
		}
	}
	lines, err := read.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(lines) < 2 {
		return nil, &rowFault{"lines", ""}
	}
	var columns []string
	for _, name := range lines[0] {
		name = strings.TrimSpace(name)
		i := slices.IndexFunc(r.Fields, func(f procedure.Field) bool { return f.ID == name || strings.EqualFold(f.Label.In(lang), name) })
		if i < 0 {
			return nil, &rowFault{"column", name}
		}
		if slices.Contains(columns, r.Fields[i].ID) {
			return nil, &rowFault{"twice", name}
		}
		columns = append(columns, r.Fields[i].ID)
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, value := range line {
			if value = strings.TrimSpace(value); value != "" {
				row[columns[i]] = value
			}
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	return rows, nil
}
