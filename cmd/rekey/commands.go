package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rekey/app"
	"rekey/app/identity"
)

func (c *command) chooseCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "choose FINGERPRINT",
		Short: "Make a certificate the current one",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(func(a *app.App) error {
				if err := a.Choose(cmd.Context(), args[0], c.ask()); err != nil {
					return err
				}
				return c.print(map[string]string{"current_sha256": strings.ToLower(args[0])}, func() { c.say("current from now on: %s", args[0]) })
			})
		},
	}
}

func (c *command) formCommand() *cobra.Command {
	var details, out string
	cmd := &cobra.Command{
		Use:   "form PROCEDURE FORM",
		Short: "Lay out one form as PDF without a card",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usageError{errors.New("--out is needed")}
			}
			return c.with(func(a *app.App) error {
				values, rows := map[string]string{}, []map[string]string(nil)
				if details != "" {
					var err error
					if values, rows, err = readDetails(details); err != nil {
						return err
					}
				}
				pdf, err := a.FormFor(args[0], args[1], values, rows)
				if err != nil {
					return err
				}
				return c.writeNew(out, pdf)
			})
		},
	}
	cmd.Flags().StringVar(&details, "details", "", "YAML file with the fields of the form")
	cmd.Flags().StringVar(&out, "out", "", "the PDF to write")
	return cmd
}

// writeNew writes a file that is not there yet, and names it.
func (c *command) writeNew(path string, data []byte) error {
	if err := createFile(path, data); err != nil {
		return err
	}
	abs, _ := filepath.Abs(path)
	return c.print(map[string]string{"file": abs}, func() { c.say("file: %s", abs) })
}

// Output of "rekey check --json".
type checkOutput struct {
	Kind     string   `json:"kind"`
	Value    string   `json:"value"`
	OK       bool     `json:"ok"`
	Rule     string   `json:"rule,omitempty"`
	Reason   string   `json:"reason,omitempty"`
	Warnings []string `json:"warnings"`
}

func (c *command) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check KIND VALUE",
		Short: "Check an identity or account number: " + strings.Join(identity.Kinds(), ", "),
		Args:  cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			r := identity.Check(args[0], args[1])
			if r.Rule == "kind" {
				return usageError{fmt.Errorf("unknown kind %q; there are %s", args[0], strings.Join(identity.Kinds(), ", "))}
			}
			out := checkOutput{Kind: r.Kind, Value: r.Normal, OK: r.OK, Rule: r.Rule, Reason: r.Error(), Warnings: append([]string{}, r.WarningTexts()...)}
			err := c.print(out, func() {
				if r.OK {
					c.say("%s: ok", r.Normal)
				}
				for _, w := range out.Warnings {
					c.say("note: %s", w)
				}
			})
			if err == nil && !r.OK {
				err = &app.Error{Op: "check " + r.Kind, Kind: app.BadInput, Err: r.Err()}
			}
			return err
		},
	}
}
