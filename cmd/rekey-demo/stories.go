package main

import (
	"context"
	"slices"

	"rekey/app/central"
	"rekey/ui"
)

// wizard walks through the pages of the renewal up to the question for the PIN.
func (r *renewal) wizard(ctx context.Context, w *driven) error {
	return steps(
		func() error { return w.page(ctx, "home") },
		func() error { _, err := w.control(ctx, "home.renew"); return err },
		func() error { return w.picture("my-signature") },
		func() error { return w.clickTo(ctx, "home.renew", "wizard.1") },
		func() error { return w.click(ctx, "wizard.reason.renewal") },
		func() error { return w.picture("certificate-and-reason") },
		func() error { return w.clickTo(ctx, "wizard.next", "wizard.2") },
		func() error { return r.fill(ctx, w) },
		func() error { return w.picture("details") },
		func() error { return w.clickTo(ctx, "wizard.next", "wizard.3") },
		func() error { return w.click(ctx, "route."+r.person.Route) },
		func() error { return w.picture("way-of-sending") },
		func() error { return w.clickTo(ctx, "wizard.next", "wizard.4") },
		func() error { _, err := w.control(ctx, "wizard.next"); return err },
		func() error { return w.picture("check-everything") },
		func() error { return w.clickTo(ctx, "wizard.next", "job.pin") },
		func() error { return w.picture("pin") },
	)
}

// fill types the person's details in the order of the page.
func (r *renewal) fill(ctx context.Context, w *driven) error {
	m, err := w.wait(ctx, "the fields", func(m ui.Map) bool { return m.Page == "wizard.2" && !m.Busy })
	if err != nil {
		return err
	}
	for _, c := range m.Controls {
		for id, value := range r.person.Details {
			if c.ID != "field."+id {
				continue
			}
			if c.Kind == "choice" {
				err = steps(func() error { return w.click(ctx, c.ID) }, func() error { return w.click(ctx, c.ID+"."+value) },
					func() error {
						_, err := w.wait(ctx, "the list closed", func(m ui.Map) bool { return !m.Dialog })
						return err
					})
			} else {
				err = w.write(ctx, c.ID, value)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// givePIN types the PIN and presses Return, then waits for the end of the work.
func (r *renewal) givePIN(ctx context.Context, w *driven) error {
	return steps(
		func() error { return w.write(ctx, "pin.entry", r.person.PIN) },
		func() error { return w.key("Return") },
		func() error { return w.page(ctx, "job.done") },
	)
}

// office waits for the case and runs the office's commands on it.
func (r *renewal) decide(ctx context.Context, commands ...string) error {
	c, err := r.office.Case(ctx, r.person.Procedure, central.StateReceived)
	if err != nil {
		return err
	}
	for _, command := range commands {
		if _, err := r.office.Command(command, c.ID); err != nil {
			return err
		}
	}
	return nil
}

// doctorStory: the form is signed with the card and sent, and the office approves.
func doctorStory(ctx context.Context, r *renewal, w *driven) error {
	return steps(
		func() error { return r.wizard(ctx, w) },
		func() error { return r.givePIN(ctx, w) },
		func() error { return w.picture("what-to-do-next") },
		func() error { return r.decide(ctx, "approve") },
		func() error { return w.clickTo(ctx, "nav.cases", "cases") },
		func() error { return w.picture("cases") },
		func() error { return r.seesOffice(ctx, w, "approved") },
		func() error { return w.clickTo(ctx, "nav.documents", "documents") },
		func() error { return w.picture("documents") },
		func() error { return w.clickTo(ctx, "nav.cards", "cards") },
		func() error { return w.picture("cards-and-readers") },
		func() error { return w.clickTo(ctx, "nav.settings", "settings") },
		func() error { return w.picture("settings") },
	)
}

// headStory: a new key, a request, the issued certificate installed beside the old one and chosen.
func headStory(ctx context.Context, r *renewal, w *driven) error {
	return steps(
		func() error { return r.wizard(ctx, w) },
		func() error { return r.givePIN(ctx, w) },
		func() error { return w.picture("what-to-do-next") },
		func() error { return r.decide(ctx, "approve", "issue") },
		func() error { return w.clickTo(ctx, "job.home", "home") },
		func() error { _, err := w.control(ctx, "home.install"); return err },
		func() error { return w.picture("issued") },
		func() error { return w.clickTo(ctx, "home.install", "job.pin") },
		func() error { return r.givePIN(ctx, w) },
		func() error { return w.picture("installed") },
		func() error { return w.clickTo(ctx, "job.home", "home") },
		func() error { _, err := w.control(ctx, "home.choose"); return err },
		func() error { return w.picture("current-and-new") },
		func() error { return w.clickTo(ctx, "home.choose", "job.done") },
		func() error { return w.picture("chosen") },
		func() error { return w.clickTo(ctx, "job.home", "home") },
		func() error { return w.picture("new-is-current") },
	)
}

// seesOffice opens the case and waits until the window knows what the office has decided.
func (r *renewal) seesOffice(ctx context.Context, w *driven, state string) error {
	m, err := w.shown()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(m.Controls, func(c ui.MapControl) bool { return c.Kind == "row" })
	if i < 0 {
		_, err = w.control(ctx, "case."+r.caseID)
		return err
	}
	return steps(
		func() error { return w.clickTo(ctx, m.Controls[i].ID, "case") },
		func() error {
			_, err := w.wait(ctx, "the office's decision "+state, func(m ui.Map) bool { return m.Office == state })
			return err
		},
		func() error { return w.picture("case") },
	)
}

// steps runs one after the other until one fails.
func steps(all ...func() error) error {
	for _, do := range all {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}
