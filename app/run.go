package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/store"
)

// Run goes on with a case as far as it can go now: it does the steps that are Rekey's own, passes by those that a person does on
// paper, and stops where the office has to act. What is done is on disk after each step, so Run is also how a case
// resumes after a crash, a wrong PIN or a card that was pulled out. An office that cannot be reached is no error:
// what waits is in the outbox.
func (a *App) Run(ctx context.Context, caseID string, ask Ask) (cases.Case, error) {
	const op = "run case"
	a.running.Lock()
	defer a.running.Unlock()
	c, err := a.Case(caseID)
	if err != nil {
		return c, err
	}
	p, route, err := a.route(Draft{Procedure: c.Procedure, Reason: c.Reason, Route: c.Route})
	if err != nil {
		return c, err
	}
	w := &work{app: a, procedure: p, route: route, ask: ask}
	defer w.close()
	c, err = w.walk(ctx, c)
	return a.withDeadlines(c), failed(op, err)
}

// work is one run through a case: it holds the session with the card, so that the PIN is asked for once.
type work struct {
	app       *App
	procedure *procedure.Procedure
	route     procedure.Route
	ask       Ask
	card      *cardWork
}

func (w *work) close() {
	if w.card != nil {
		w.card.close()
	}
}

// walk does every step that can be done now, in the order of the procedure.
func (w *work) walk(ctx context.Context, c cases.Case) (cases.Case, error) {
	for i := range c.Steps {
		step := c.Steps[i] // as it is now: an exchange with the office may have done more than one
		if step.State == cases.Done {
			continue
		}
		_, issued := c.Document(central.DocCertificate)
		if c.Waits(step, issued) {
			return c, nil
		}
		do := w.machine(step.What)
		if do == nil {
			continue // a person does it, and the rest does not wait for it
		}
		w.ask.progress(Progress{What: step.What})
		after, err := do(ctx, c)
		if err != nil {
			return after, fmt.Errorf("%s: %w", step.What, err)
		}
		c = after
		if i := slices.IndexFunc(c.Steps, func(s cases.Step) bool { return s.ID == step.ID }); i >= 0 && c.Steps[i].State == cases.Done {
			w.ask.progress(Progress{What: step.What, Done: true})
		}
	}
	return c, nil
}

func (w *work) machine(what string) func(context.Context, cases.Case) (cases.Case, error) {
	switch what {
	case procedure.MakeKey:
		return w.makeKey
	case procedure.Request:
		return w.makeRequest
	case procedure.SignRequest:
		return w.signRequest
	case procedure.Form:
		return w.makeForm
	case procedure.ESign:
		return w.signForm
	case procedure.Pay:
		return w.notePayment
	case procedure.Send:
		return w.send
	case procedure.Install:
		return w.install
	}
	return nil
}

// send hands the case to the outbox, once, and tries to deliver it at once.
func (w *work) send(ctx context.Context, c cases.Case) (cases.Case, error) {
	a := w.app
	c, err := a.change(c.ID, func(tx *store.Tx, c cases.Case) (cases.Case, error) {
		if queued, err := isWaiting(tx, c.ID); err != nil || queued || !c.Has(procedure.Send) {
			return c, err // it waits already, or somebody else's exchange has just sent it
		}
		return a.apply(tx, c, cases.Event{Kind: cases.Queued})
	})
	if err != nil {
		return c, err
	}
	_, syncErr := a.Sync(ctx)
	sent, err := a.Case(c.ID)
	if err != nil || !sent.Has(procedure.Send) {
		return sent, err
	}
	waits := false
	if err := a.store.View(func(tx *store.Tx) (err error) { waits, err = isWaiting(tx, c.ID); return err }); err != nil {
		return sent, err
	}
	switch {
	case KindOf(syncErr) == BadInput: // the address of the central API is wrong
		return sent, syncErr
	case !waits: // refused for good, by this exchange or by the one of the window
		return sent, &Error{"send case", Refused, errors.New(sent.Why)}
	}
	return sent, nil
}

// current is the certificate that the case renews, as it was when the case began.
func (a *App) current(c cases.Case) (register.Certificate, error) {
	d, ok := c.Document(docCurrent)
	if !ok {
		return register.Certificate{}, &Error{"current certificate", NotFound, nil}
	}
	der, err := a.document(d)
	return register.Parse(der), err
}

// document reads the bytes of a document.
func (a *App) document(d cases.Document) (data []byte, err error) {
	err = a.store.View(func(tx *store.Tx) error {
		data, err = tx.Document(d.SHA256)
		return err
	})
	if store.KindOf(err) == store.NotFound {
		return nil, &Error{"read " + d.Name, StoreDamaged, err} // a case names it, so it was there
	}
	return data, failed("read "+d.Name, err)
}
