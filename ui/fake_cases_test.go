package ui

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"rekey/app"
	"rekey/app/cases"
)

func (d *fakeDesk) Cases() ([]cases.Case, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.kept), nil
}

func (d *fakeDesk) Case(id string) (cases.Case, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.kept {
		if c.ID == id {
			c.Steps = slices.Clone(c.Steps)
			return c, nil
		}
	}
	return cases.Case{}, &app.Error{Op: "case", Kind: app.NotFound, Err: errors.New(id)}
}

// TakeBack makes a case a draft again, by the real Desk's rule.
func (d *fakeDesk) TakeBack(id string) (app.Draft, error) {
	c, err := d.Case(id)
	if err != nil || !app.Untouched(c) {
		return app.Draft{}, &app.Error{Op: "take case back", Kind: app.BadInput, Err: errors.Join(err, errors.New("gone on"))}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept = slices.DeleteFunc(d.kept, func(x cases.Case) bool { return x.ID == id })
	draft := app.Draft{ID: "again-" + id, Procedure: c.Procedure, Reason: c.Reason, Route: c.Route, CardSerial: c.CardSerial, Fingerprint: c.Current, Details: maps.Clone(c.Details), Rows: c.Rows, UpdatedAt: d.now}
	d.drafts[draft.ID] = draft
	return draft, nil
}

// StepDone marks as the real Desk does, by the same rule.
func (d *fakeDesk) StepDone(caseID, step string) (cases.Case, error) {
	c, err := d.Case(caseID)
	if err == nil {
		err = c.MayMark(step)
	}
	return d.set(c, step, cases.Done, d.now, err)
}

func (d *fakeDesk) StepUndone(caseID, step string) (cases.Case, error) {
	c, err := d.Case(caseID)
	if err == nil && d.late {
		err = errors.New("the case has gone on")
	}
	return d.set(c, step, cases.Pending, time.Time{}, err)
}

func (d *fakeDesk) set(c cases.Case, step string, state cases.StepState, at time.Time, err error) (cases.Case, error) {
	if err != nil {
		return c, &app.Error{Op: "mark", Kind: app.BadInput, Err: err}
	}
	for i := range c.Steps {
		if c.Steps[i].ID == step {
			c.Steps[i].State, c.Steps[i].At = state, at
		}
	}
	d.put(c)
	return c, nil
}

func (d *fakeDesk) Export(caseID string) ([]string, error) {
	path := filepath.Join(d.dir, "application.pdf")
	return []string{path}, os.WriteFile(path, []byte("%PDF"), 0o600)
}

// SaveDocument writes the name of the document's case, beside what is there.
func (d *fakeDesk) SaveDocument(caseID string, x cases.Document, dir string) (string, error) {
	if d.saving != nil {
		if err := d.saving(caseID, x); err != nil {
			return "", err
		}
	}
	name := caseID + " " + x.Name
	if dir == "" {
		dir, name = d.dir, x.Name
	}
	path := filepath.Join(dir, name)
	return path, os.WriteFile(path, []byte("%PDF "+caseID), 0o600)
}

func (d *fakeDesk) OpenFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return &app.Error{Op: "open folder", Kind: app.NoFolder, Err: err}
	}
	return nil
}

func (d *fakeDesk) Sync(context.Context) (app.SyncResult, error) {
	return app.SyncResult{Pulled: 1}, nil
}

func (d *fakeDesk) Outbox() (app.Outbox, error) { return app.Outbox{Configured: true}, nil }

func (d *fakeDesk) Setting(key string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.settings[key]
}

func (d *fakeDesk) SetSetting(key, value string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settings[key] = value
	return nil
}

var _ Desk = (*fakeDesk)(nil)
