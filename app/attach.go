package app

import (
	"errors"
	"fmt"
	"slices"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/app/receipt"
	"rekey/store"
)

// Attach puts a document to a case: a bank receipt, a scan of the signed paper, or one that the procedure names. The step that
// waits for it is done with it; when the office has the case already, the document is sent after.
func (a *App) Attach(caseID, kind, name string, data []byte) (cases.Case, error) {
	const op = "attach document"
	c, err := a.Case(caseID)
	if err != nil {
		return c, err
	}
	p, route, err := a.route(Draft{Procedure: c.Procedure, Reason: c.Reason, Route: c.Route})
	if err != nil {
		return c, err
	}
	if err := mayAttach(p, kind, name, data); err != nil {
		return c, &Error{op, BadInput, err}
	}
	after, err := a.change(c.ID, func(tx *store.Tx, c cases.Case) (cases.Case, error) {
		if c.Closed() && c.Cancelled {
			return c, &Error{op, BadInput, errors.New("the case was cancelled")}
		}
		if err := a.file(tx, &c, kind, safeName(name), data, attachStep(c, route, kind)); err != nil {
			return c, err
		}
		if kind == docPhoto {
			if err := a.keepPhoto(tx, c); err != nil {
				return c, err
			}
		}
		return a.sendAfter(tx, c)
	})
	return after, failed(op, err)
}

// sendAfter hands on the document that was filed last: by itself when the office has the case, with the case when that still waits or
// has to be sent anew; else it goes out with the rest.
func (a *App) sendAfter(tx *store.Tx, c cases.Case) (cases.Case, error) {
	queued, err := isWaiting(tx, c.ID)
	if err != nil {
		return c, err
	}
	s, ok := c.Step(procedure.Send)
	switch {
	case queued, ok && s.State == cases.Done && c.Returned():
		return a.apply(tx, c, cases.Event{Kind: cases.Queued})
	case ok && s.State == cases.Done:
		return a.apply(tx, c, cases.Event{Kind: cases.Queued, Document: &c.Documents[len(c.Documents)-1]})
	}
	return c, nil
}

// mayAttach checks the kind against the procedure and the bytes against their kind.
func mayAttach(p *procedure.Procedure, kind, name string, data []byte) error {
	types := []string{"pdf", "jpeg", "png"}
	i := slices.IndexFunc(p.Documents, func(d procedure.Document) bool { return d.ID == kind })
	switch {
	case i >= 0:
		if len(p.Documents[i].Types) > 0 {
			types = p.Documents[i].Types
		}
	case kind != central.DocReceipt && kind != central.DocScan:
		return fmt.Errorf("procedure %s has no document %q", p.ID, kind)
	}
	found, err := receipt.Check(name, data)
	if err != nil {
		return err
	}
	if !slices.Contains(types, string(found)) {
		return fmt.Errorf("%s is a %s file; wanted: %v", name, found, types)
	}
	return nil
}

// attachStep is the ID of the open step that waits for this document, "" when none does.
func attachStep(c cases.Case, route procedure.Route, kind string) string {
	for _, s := range route.Steps {
		if s.What == procedure.Attach && (s.Document == kind || s.Document == "") {
			for _, open := range c.Steps {
				if open.ID == s.ID && open.State != cases.Done {
					return s.ID
				}
			}
		}
	}
	return ""
}
