package ui

import (
	"context"
	"slices"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/token"
)

// ask asks for the PIN as the real Desk does: once, and gives up when it is wrong.
func (d *fakeDesk) ask(ctx context.Context, ask app.Ask, serial, reason string) error {
	q := app.PINQuestion{Reason: reason, Entry: 1, Of: 1}
	for _, r := range d.readers {
		if r.Card != nil && r.Card.Serial == serial {
			q.Card = *r.Card
		}
	}
	d.mu.Lock()
	q.Card.PIN.CountLow, q.Card.PIN.FinalTry = d.tries < 3, d.tries == 1
	d.mu.Unlock()
	pin, err := ask.PIN(ctx, q)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pins = append(d.pins, string(pin))
	if string(pin) != d.right {
		d.tries--
		if d.silent {
			return &token.PINError{TriesLeft: -1}
		}
		return &token.PINError{TriesLeft: d.tries, Final: d.tries == 1, Locked: d.tries == 0}
	}
	d.tries = 3
	return nil
}

func (d *fakeDesk) Run(ctx context.Context, caseID string, ask app.Ask) (cases.Case, error) {
	c, err := d.Case(caseID)
	if err != nil {
		return c, err
	}
	asked := false
	for i := range c.Steps {
		s := &c.Steps[i]
		if s.State == cases.Done {
			continue
		}
		if s.What == procedure.Approve || s.What == procedure.Choose {
			break
		}
		if !cases.Machine(s.What) && s.What != procedure.Fill {
			continue
		}
		ask.Progress(app.Progress{What: s.What})
		if !asked && (s.What == procedure.MakeKey || s.What == procedure.ESign || s.What == procedure.Install) {
			if err := d.ask(ctx, ask, c.CardSerial, s.What); err != nil {
				return c, err
			}
			asked = true
		}
		s.State, s.At = cases.Done, d.now
		if s.What == procedure.Form {
			c.Documents = append(c.Documents, cases.Document{Kind: "application", Name: "application.pdf", At: d.now})
		}
		if s.What == procedure.Install {
			c.New = head(true).Fingerprint
			d.mu.Lock()
			d.entries = append(d.entries, head(true))
			d.mu.Unlock()
		}
		ask.Progress(app.Progress{What: s.What, Done: true})
		d.put(c)
	}
	if d.hold != nil {
		<-d.hold
	}
	if d.office && c.Has(procedure.Issue) {
		c.Office = "issued"
		for i := range c.Steps {
			if w := c.Steps[i].What; w == procedure.Approve || w == procedure.Issue {
				c.Steps[i].State, c.Steps[i].At = cases.Done, d.now
			}
		}
	} else if c.Office == "" {
		c.Office = "received"
	}
	d.put(c)
	return c, nil
}

func (d *fakeDesk) put(c cases.Case) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.kept {
		if d.kept[i].ID == c.ID {
			c.Steps = slices.Clone(c.Steps)
			d.kept[i] = c
		}
	}
}

func (d *fakeDesk) Choose(ctx context.Context, fingerprint string, ask app.Ask) error {
	ask.Progress(app.Progress{What: "choose"})
	serial := ""
	for _, e := range d.entries {
		if e.Fingerprint == fingerprint {
			serial = e.CardSerial
		}
	}
	if err := d.ask(ctx, ask, serial, "choose"); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.chosen = fingerprint
	for i := range d.entries {
		if d.entries[i].CardSerial == serial {
			d.entries[i].State = register.StateOther
			if d.entries[i].Fingerprint == fingerprint {
				d.entries[i].State = register.StateCurrent
			}
		}
	}
	for i := range d.kept {
		for k := range d.kept[i].Steps {
			if d.kept[i].New == fingerprint && d.kept[i].Steps[k].What == procedure.Choose {
				d.kept[i].Steps[k].State, d.kept[i].Steps[k].At = cases.Done, d.now
			}
		}
	}
	ask.Progress(app.Progress{What: "choose", Done: true})
	return nil
}
