package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
)

func accountCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "account",
		Short: "Who may use the server: holders, clerks, order-makers, document-handlers, officers",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(addAccountCommand(), listAccountsCommand(),
		changeAccountCommand("disable", "Shut an account out; what it handed in stays", book.Disable),
		changeAccountCommand("enable", "Let a disabled account in again, with what it signed in with before", book.Enable))
	return c
}

func addAccountCommand() *cobra.Command {
	var p place
	var o accounts.Order
	var certificate string
	c := &cobra.Command{
		Use:   "add --role ROLE --name NAME",
		Short: "Make an account and print its key, this once",
		Long: "Make an account and print its key, this once: only its SHA-256 is kept. With --certificate there is no key: the account is\n" +
			"for whoever proves a certificate of the same subject (see --client-ca of \"rekey-central serve\"), and may bind a key then.\n\n" +
			"People of one organisation (clerk, order-maker, document-handler) share what they hand in.",
		Args: cobra.NoArgs,
		RunE: work(func(cmd *cobra.Command, _ []string) error {
			if certificate != "" {
				text, err := readSmall(certificate)
				if err != nil {
					return err
				}
				o.Certificate = string(text)
			}
			return p.with(cmd.Context(), func(b book) error {
				made, err := b.Add(cmd.Context(), o)
				if made.Account.ID != "" {
					fmt.Fprintln(cmd.OutOrStdout(), "account", made.Account.ID)
				}
				if made.Key != "" {
					fmt.Fprintln(cmd.OutOrStdout(), "key", made.Key)
				}
				return err
			})
		}),
	}
	p.flags(c)
	c.Flags().StringVar(&o.Role, "role", "", "holder, clerk, order-maker, document-handler or officer")
	c.Flags().StringVar(&o.Organisation, "organisation", "", "whose paper work it is: for clerk, order-maker and document-handler")
	c.Flags().StringVar(&o.Name, "name", "", "name of the person or the program, for the office's list")
	c.Flags().StringVar(&certificate, "certificate", "", "file with the certificate (PEM) that signs in")
	must(c, "role")
	return c
}

func listAccountsCommand() *cobra.Command {
	var p place
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the accounts",
		Args:  cobra.NoArgs,
		RunE: work(func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd.Context(), func(b book) error {
				list, err := b.Accounts(cmd.Context())
				if err != nil {
					return err
				}
				return show(cmd.OutOrStdout(), asJSON, list, "ACCOUNT\tROLE\tORGANISATION\tNAME\tSINCE\tSTATE", func(a accounts.Account) string {
					state := "in use"
					if a.Disabled {
						state = "disabled"
					}
					return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s", a.ID, a.Role, a.Organisation, a.Name, a.CreatedAt.Format(time.DateOnly), state)
				})
			})
		}),
	}
	p.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// changeAccountCommand is a command that does one thing to one account.
func changeAccountCommand(verb, short string, change func(book, context.Context, string) (accounts.Account, error)) *cobra.Command {
	var p place
	c := &cobra.Command{
		Use:   verb + " ACCOUNT",
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: work(func(cmd *cobra.Command, args []string) error {
			return p.with(cmd.Context(), func(b book) error {
				a, err := change(b, cmd.Context(), args[0])
				if err == nil {
					fmt.Fprintln(cmd.OutOrStdout(), a.ID, verb+"d")
				}
				return err
			})
		}),
	}
	p.flags(c)
	return c
}

func auditCommand() *cobra.Command {
	var p place
	var asJSON bool
	var after uint64
	c := &cobra.Command{
		Use:   "audit",
		Short: "List who did what in the last two years, oldest first; it names accounts and no holders",
		Args:  cobra.NoArgs,
		RunE: work(func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd.Context(), func(b book) error {
				cursor := ""
				if after > 0 {
					cursor = fmt.Sprint(after)
				}
				list, err := b.Audit(cmd.Context(), cursor)
				if err != nil {
					return err
				}
				return show(cmd.OutOrStdout(), asJSON, list, "NUMBER\tTIME\tACCOUNT\tROLE\tDID\tABOUT\tOUTCOME", func(e central.AuditEntry) string {
					return fmt.Sprintf("%d\t%s\t%s\t%s\t%s\t%s\t%d", e.Number, e.At.Format(time.RFC3339), e.Account, e.Role, e.Did, e.About, e.Outcome)
				})
			})
		}),
	}
	p.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().Uint64Var(&after, "after", 0, "only what has a higher number")
	return c
}

// show prints a list as JSON or as a table.
func show[T any](w io.Writer, asJSON bool, list []T, heading string, line func(T) string) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(central.Page[T]{Items: append([]T{}, list...)})
	}
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, heading)
	for _, one := range list {
		fmt.Fprintln(t, line(one))
	}
	return t.Flush()
}
