package ui

import (
	"maps"
	"reflect"

	"rekey/app"
	"rekey/app/procedure"
)

// What was typed under a choice that was left is kept as long as the program runs, so that one key too many in a list of procedures
// loses no word.

// detailsFor puts away what was typed for the draft that is left, and gives the details of the one that is taken: as they were left
// before, else filled with what the same person has typed into fields of the same name.
func (w *Window) detailsFor(left, taken app.Draft) map[string]string {
	if w.details == nil {
		w.details = map[string]map[string]string{}
	}
	key := func(d app.Draft) string { return d.Fingerprint + "/" + d.Procedure }
	w.details[key(left)] = cloned(left.Details)
	out := cloned(taken.Details)
	if before, ok := w.details[key(taken)]; ok {
		maps.Copy(out, before)
		return out
	}
	if left.Fingerprint != taken.Fingerprint { // it may be another person's
		return out
	}
	was := map[string]procedure.Field{}
	for _, f := range w.procedures[left.Procedure].Fields {
		was[f.ID] = f
	}
	for _, f := range w.procedures[taken.Procedure].Fields {
		if g, ok := was[f.ID]; ok && out[f.ID] == "" && f.Check == g.Check && len(f.Choices)+len(g.Choices) == 0 {
			out[f.ID] = left.Details[f.ID]
		}
	}
	return out
}

// rowsFor puts the table of a reason that is left aside, and gives what was written for the one that is taken: the same rows where both have
// the same table.
func (w *Window) rowsFor(left, taken app.Draft) []map[string]string {
	if w.tables == nil {
		w.tables = map[string][]map[string]string{}
	}
	w.tables[left.Procedure+"/"+left.Reason] = left.Rows
	p := w.procedures[taken.Procedure]
	before, _ := p.Reason(left.Reason)
	now, _ := p.Reason(taken.Reason)
	switch {
	case now.Rows == nil:
		return nil
	case before.Rows != nil && reflect.DeepEqual(before.Rows, now.Rows):
		return left.Rows
	}
	return w.tables[taken.Procedure+"/"+taken.Reason]
}
