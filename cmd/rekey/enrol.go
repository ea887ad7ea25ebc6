package main

import (
	"github.com/spf13/cobra"

	"rekey/app"
)

func (c *command) enrolCommand() *cobra.Command {
	var card string
	cmd := &cobra.Command{
		Use:   "enrol [--card SERIAL]",
		Short: "Sign in to the central API with the card, once: afterwards sync needs no PIN",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(func(a *app.App) error {
				me, err := a.Enrol(cmd.Context(), card, c.ask())
				if err != nil {
					return err
				}
				return c.print(me, func() { c.say("signed in: account %s, role %s %s", me.Account, me.Role, me.Organisation) })
			})
		},
	}
	cmd.Flags().StringVar(&card, "card", "", "serial number of the card, where more than one is in the readers")
	return cmd
}
