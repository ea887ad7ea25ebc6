package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"rekey/app"
)

func (c *command) attachCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "attach CASE KIND FILE",
		Short: "Put a document to a case: receipt, scan, or one that the procedure names",
		Args:  cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(func(a *app.App) error {
				data, err := readAtMost(args[2], 20<<20)
				if err != nil {
					return err
				}
				course, err := a.Attach(args[0], args[1], filepath.Base(args[2]), data)
				if err != nil {
					return err
				}
				out := caseOutputOf(a, course)
				return c.print(out, func() { c.sayCase(out) })
			})
		},
	}
}
