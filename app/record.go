package app

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/store"
)

// docCurrent is the certificate that a case renews, kept for when the card is not there. It is not sent.
const docCurrent = "current-certificate"

// apply appends the event to the case and carries its effects out, all inside the caller's transaction.
func (a *App) apply(tx *store.Tx, c cases.Case, e cases.Event) (cases.Case, error) {
	e.At = a.now().UTC()
	e.Seq = c.Events + 1
	if e.Case == "" {
		e.Case = c.ID
	}
	after, effects, err := cases.Apply(c, e)
	if err != nil {
		return c, err
	}
	if err := store.Put(tx, store.Cases, after.ID, after); err != nil {
		return c, err
	}
	if err := store.Put(tx, store.Events, after.ID+"/"+store.Sequence(uint64(e.Seq)), e); err != nil {
		return c, err
	}
	for _, effect := range effects {
		switch effect {
		case cases.Submit:
			err = a.enqueue(tx, after, e)
		case cases.SetCurrent:
			err = store.Put(tx, store.Choices, after.HolderKey, e.Fingerprint)
		}
		if err != nil {
			return c, err
		}
	}
	return after, nil
}

// record is apply in a transaction of its own, on the case as it is on disk now.
func (a *App) record(id string, e cases.Event) (cases.Case, error) {
	c, err := a.change(id, func(tx *store.Tx, c cases.Case) (cases.Case, error) { return a.apply(tx, c, e) })
	return c, failed("record "+string(e.Kind), err)
}

// change works on the case as it is on disk now, and gives it as it is on disk afterwards: changed, or, with an error, as it was.
func (a *App) change(id string, do func(*store.Tx, cases.Case) (cases.Case, error)) (cases.Case, error) {
	var before, after cases.Case
	err := a.store.Update(func(tx *store.Tx) (err error) {
		if before, err = store.Get[cases.Case](tx, store.Cases, id); err == nil {
			after, err = do(tx, before)
		}
		return err
	})
	if err != nil {
		return a.withDeadlines(before), err
	}
	return a.withDeadlines(after), nil
}

// file keeps a document of the case; step, when given, is done with it.
func (a *App) file(tx *store.Tx, c *cases.Case, kind, name string, data []byte, step string) error {
	sum, err := tx.PutDocument(data)
	if err != nil {
		return err
	}
	doc := cases.Document{Kind: kind, Name: name, SHA256: sum, Size: int64(len(data)), At: a.now().UTC()}
	*c, err = a.apply(tx, *c, cases.Event{Kind: cases.Filed, Document: &doc, Step: step})
	return err
}

// fileAll keeps documents that belong together in one transaction.
func (a *App) fileAll(c cases.Case, step string, docs ...newDocument) (cases.Case, error) {
	return a.change(c.ID, func(tx *store.Tx, c cases.Case) (cases.Case, error) {
		for i, d := range docs {
			done := ""
			if i == len(docs)-1 {
				done = step
			}
			if err := a.file(tx, &c, d.kind, d.name, d.data, done); err != nil {
				return c, err
			}
		}
		return c, nil
	})
}

type newDocument struct {
	kind, name string
	data       []byte
}

// submission is the case as the office sees it. Further forms are printed here, but for those that a step sends.
func (a *App) submission(c cases.Case) central.Submission {
	sent := map[string]bool{}
	if _, route, err := a.route(Draft{Procedure: c.Procedure, Reason: c.Reason, Route: c.Route}); err == nil {
		for _, step := range route.Steps {
			sent[DocForm+step.Form] = step.What == procedure.Send && step.Form != "" || sent[DocForm+step.Form]
		}
	}
	s := central.Submission{ID: c.ID, Procedure: c.Procedure, Reason: c.Reason, Route: c.Route, Holder: c.Holder, Details: c.Details, Rows: c.Rows, CreatedAt: c.CreatedAt}
	for _, d := range newest(c.Documents) {
		if strings.HasPrefix(d.Kind, DocForm) && !sent[d.Kind] {
			continue
		}
		switch d.Kind {
		case docCurrent, DocPayment, docPaymentText, central.DocCertificate:
			continue // for the holder, or already there
		}
		s.Documents = append(s.Documents, wireDocument(d))
	}
	return s
}

// Cases lists all cases, oldest first.
func (a *App) Cases() ([]cases.Case, error) {
	var all []cases.Case
	err := a.store.View(func(tx *store.Tx) error {
		return store.Each(tx, store.Cases, "", func(_ string, c cases.Case) error {
			all = append(all, a.withDeadlines(c))
			return nil
		})
	})
	slices.SortFunc(all, func(x, y cases.Case) int { return x.CreatedAt.Compare(y.CreatedAt) })
	return all, failed("list cases", err)
}

// wholeID is the length of a UUID as text.
const wholeID = 36

// Case finds one by ID or by an unambiguous beginning or end of it.
func (a *App) Case(id string) (cases.Case, error) {
	const op = "find case"
	if len(id) == wholeID { // no need to read all the others
		var c cases.Case
		err := a.store.View(func(tx *store.Tx) (err error) {
			c, err = store.Get[cases.Case](tx, store.Cases, id)
			return err
		})
		if store.KindOf(err) != store.NotFound {
			return a.withDeadlines(c), failed(op, err)
		}
	}
	all, err := a.Cases()
	if err != nil {
		return cases.Case{}, err
	}
	var found []cases.Case
	for _, c := range all {
		if id != "" && (strings.HasPrefix(c.ID, id) || strings.HasSuffix(c.ID, id)) {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 0:
		return cases.Case{}, &Error{op, NotFound, fmt.Errorf("no case %q", id)}
	case 1:
		return found[0], nil
	}
	return cases.Case{}, &Error{op, BadInput, fmt.Errorf("more than one case is called %q", id)}
}

// Events lists what happened in a case, in order.
func (a *App) Events(id string) ([]cases.Event, error) {
	var all []cases.Event
	err := a.store.View(func(tx *store.Tx) error {
		return store.Each(tx, store.Events, id+"/", func(_ string, e cases.Event) error {
			all = append(all, e)
			return nil
		})
	})
	return all, failed("list events", err)
}

// withDeadlines fills in the last day of each step whose deadline runs.
func (a *App) withDeadlines(c cases.Case) cases.Case {
	p, route, err := a.route(Draft{Procedure: c.Procedure, Reason: c.Reason, Route: c.Route})
	if err != nil {
		return c // a case of a procedure that this version does not know is shown as it is
	}
	return cases.WithDeadlines(c, route.Steps, a.calendar(p.Country))
}

// Export writes the case's documents into its folder and gives their paths.
func (a *App) Export(caseID string) ([]string, error) {
	c, err := a.Case(caseID)
	if err != nil {
		return nil, err
	}
	return a.ExportTo(c.ID, filepath.Join(a.documents, caseName(c)))
}

// StepNote is what the procedure says about a step, in the office's language.
func (a *App) StepNote(c cases.Case, stepID string) string {
	p, route, err := a.route(Draft{Procedure: c.Procedure, Reason: c.Reason, Route: c.Route})
	if err != nil {
		return ""
	}
	for _, s := range route.Steps {
		if s.ID == stepID {
			return s.Note.In(p.Language)
		}
	}
	return ""
}
