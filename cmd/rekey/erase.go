package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rekey/app"
)

func (c *command) eraseCommand() *cobra.Command {
	var holder string
	var yes bool
	cmd := &cobra.Command{
		Use:   "erase --holder KEY|NAME-PART",
		Short: "Remove a person from this machine, with a report",
		Long: "Remove a person from this machine: cases, events, documents, drafts, choices, what waits in the outbox, certificates, photos.\n" +
			"The file is written anew and old backups go. What the office has stays with the office; exported files stay where they are.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if holder == "" {
				return usageError{errors.New("--holder is needed")}
			}
			return c.with(func(a *app.App) error {
				p, err := onePerson(a, holder)
				if err != nil {
					return err
				}
				if !yes {
					return usageError{fmt.Errorf("this would remove %s (%s) with %d cases, for good; say so with --yes", p.Name, p.Key, p.Cases)}
				}
				e, err := a.Erase(p.Key)
				if err != nil {
					return err
				}
				return c.print(e, func() { c.sayErased(e) })
			})
		},
	}
	cmd.Flags().StringVar(&holder, "holder", "", "holder key (8 signs or more of it), or a part of the name")
	cmd.Flags().BoolVar(&yes, "yes", false, "really remove")
	return cmd
}

// onePerson finds exactly one.
func onePerson(a *app.App, part string) (app.Person, error) {
	const op = "find person"
	people, err := a.People(part)
	switch {
	case err != nil:
		return app.Person{}, err
	case len(people) == 0:
		return app.Person{}, &app.Error{Op: op, Kind: app.NotFound, Err: fmt.Errorf("nobody here is called %q", part)}
	case len(people) == 1:
		return people[0], nil
	}
	list := ""
	for _, p := range people {
		list += fmt.Sprintf("\n  %s  %s (%d cases)", p.Key, p.Name, p.Cases)
	}
	return app.Person{}, &app.Error{Op: op, Kind: app.BadInput, Err: fmt.Errorf("more than one person fits; give the key:%s", list)}
}

func (c *command) sayErased(e app.Erased) {
	c.say("removed: %s (%s)", e.Name, e.Key)
	for _, b := range sorted(e.Removed) {
		c.say("%8d %s", e.Removed[b], b)
	}
	for _, w := range e.Waiting {
		c.say("was waiting for the office and was not sent: %s, since %s", unsentText(w), w.Since.Local().Format(minutes))
	}
	if e.Shared > 0 {
		c.say("%d documents stay: another person's case needs them", e.Shared)
	}
	c.say("file: %d bytes before, %d now", e.Before, e.After)
	for _, path := range e.Backups {
		c.say("old backup removed: %s", path)
	}
	for _, path := range e.Kept {
		c.say("not touched, may still hold the person: %s", path)
	}
}
