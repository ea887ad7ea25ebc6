package app

import (
	"fmt"
	"slices"
	"time"

	"rekey/app/identity"
	"rekey/app/procedure"
)

// CellError is the first cell of a table that is wrong.
type CellError struct {
	Row   int    // 1, 2, 3 …
	Field string // ID of the column
	Check FieldCheck
}

func (e *CellError) Error() string {
	return fmt.Sprintf("row %d: %s: %s", e.Row, e.Field, e.Check.Text)
}

// CheckCell checks one cell of a row of the table that the draft's reason has.
func (a *App) CheckCell(d Draft, row map[string]string, field string) FieldCheck {
	p, err := a.procedure(d.Procedure)
	if err != nil {
		return FieldCheck{Rule: "field", Text: err.Error()}
	}
	if r, ok := p.Reason(d.Reason); ok && r.Rows != nil {
		if i := slices.IndexFunc(r.Rows.Fields, func(f procedure.Field) bool { return f.ID == field }); i >= 0 {
			return a.checkCell(p, r.Rows.Fields[i], row)
		}
	}
	return FieldCheck{Rule: "field", Text: "the procedure does not ask for " + field}
}

// checkCell is checkField, and the cell beside it: an identity number that tells the year of birth is compared with the date.
func (a *App) checkCell(p *procedure.Procedure, f procedure.Field, row map[string]string) FieldCheck {
	checked := a.checkField(p, f, row[f.ID], nil)
	if checked.Rule != "" || f.Check != "cccd" || checked.Normal == "" {
		return checked
	}
	birth, err := time.Parse("02.01.2006", checkDate(row["birth_date"]).Normal)
	if err != nil {
		return checked
	}
	if r := identity.CheckCCCD(checked.Normal, birth, identity.SexUnknown); !r.OK {
		checked.Rule, checked.Text, checked.Args = r.Rule, r.Error(), r.Args
	}
	return checked
}

// checkRows checks the table of a reason that has one, and gives it as it is kept. A wrong cell is a *CellError.
func (a *App) checkRows(p *procedure.Procedure, r procedure.Reason, given []map[string]string) ([]map[string]string, error) {
	const op = "check rows"
	if r.Rows == nil {
		if len(given) > 0 {
			return nil, &Error{op, BadInput, fmt.Errorf("%s of %s has no table", r.ID, p.ID)}
		}
		return nil, nil
	}
	if len(given) < r.Rows.Min || r.Rows.Max > 0 && len(given) > r.Rows.Max {
		return nil, &Error{op, BadInput, fmt.Errorf("%d rows, want %d to %d", len(given), r.Rows.Min, r.Rows.Max)}
	}
	var rows []map[string]string
	for i, row := range given {
		kept := map[string]string{}
		for _, f := range r.Rows.Fields {
			checked := a.checkCell(p, f, row)
			if checked.Rule != "" {
				return nil, &Error{op, BadInput, &CellError{i + 1, f.ID, checked}}
			}
			if checked.Normal != "" {
				kept[f.ID] = checked.Normal
			}
		}
		for id := range row {
			if !slices.ContainsFunc(r.Rows.Fields, func(f procedure.Field) bool { return f.ID == id }) {
				return nil, &Error{op, BadInput, fmt.Errorf("row %d: the table has no column %q", i+1, id)}
			}
		}
		rows = append(rows, kept)
	}
	return rows, nil
}
