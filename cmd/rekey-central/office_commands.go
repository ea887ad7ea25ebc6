package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"rekey/app/central"
	"rekey/cmd/rekey-central/desk"
)

// server says how the office's commands find the running server.
type server struct{ data, url, keyFile, ca string }

func (s *server) flags(c *cobra.Command) {
	c.Flags().StringVar(&s.data, "data", "", "folder of the running server (its address and the officer's key are there)")
	c.Flags().StringVar(&s.url, "url", "", "address of the server, instead of --data")
	c.Flags().StringVar(&s.keyFile, "key-file", "", "file with the officer's key, instead of --data")
	c.Flags().StringVar(&s.ca, "ca", "", "file with the authority (PEM) of the server's certificate; with --data the private one in DIR/tls is found without it")
	c.MarkFlagsRequiredTogether("url", "key-file")
	c.MarkFlagsOneRequired("data", "url")
	c.MarkFlagsMutuallyExclusive("data", "url")
}

func (s *server) desk() (*desk.Desk, error) {
	if s.data != "" {
		return desk.FromFolder(s.data, s.ca)
	}
	return desk.New(s.url, s.keyFile, s.ca)
}

func officeCommands() []*cobra.Command {
	return []*cobra.Command{casesCommand(), approveCommand(), returnCommand(), issueCommand(), documentCommand(), accountCommand(), auditCommand()}
}

func casesCommand() *cobra.Command {
	var s server
	var asJSON bool
	var state string
	c := &cobra.Command{
		Use:   "cases",
		Short: "List the cases, oldest first",
		Args:  cobra.NoArgs,
		RunE: work(func(cmd *cobra.Command, _ []string) error {
			d, err := s.desk()
			if err != nil {
				return err
			}
			all, err := d.Cases(cmd.Context(), state)
			if err != nil {
				return err
			}
			if asJSON {
				e := json.NewEncoder(cmd.OutOrStdout())
				e.SetIndent("", "  ")
				return e.Encode(central.CaseList{Cases: all})
			}
			return table(cmd.OutOrStdout(), all)
		}),
	}
	s.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print the API's case list as JSON")
	c.Flags().StringVar(&state, "state", "", "only received, approved, returned or issued")
	return c
}

func table(w io.Writer, all []central.Case) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "CASE\tSTATE\tPROCEDURE\tREASON\tHOLDER\tUPDATED\tDOCUMENTS")
	for _, c := range all {
		var kinds []string
		for _, d := range append(append([]central.Document{}, c.Documents...), c.FromCA...) {
			kinds = append(kinds, d.Kind)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", c.ID, c.State, c.Procedure, c.Reason, c.Holder,
			c.UpdatedAt.Format(time.RFC3339), strings.Join(kinds, ","))
	}
	return t.Flush()
}

func approveCommand() *cobra.Command {
	return caseCommand("approve CASE", "Approve a received case", (*desk.Desk).Approve)
}

func issueCommand() *cobra.Command {
	return caseCommand("issue CASE", "Let the demonstration CA make the certificate of an approved case", (*desk.Desk).Issue)
}

func returnCommand() *cobra.Command {
	var why string
	c := caseCommand("return CASE --why TEXT", "Send a received case back to its holder",
		func(d *desk.Desk, ctx context.Context, id string) (central.Case, error) {
			return d.Return(ctx, id, why)
		})
	c.Flags().StringVar(&why, "why", "", "what the holder has to correct")
	must(c, "why")
	return c
}

// find gives the one case whose ID begins so, and the desk that knows it.
func (s *server) find(ctx context.Context, begin string) (*desk.Desk, central.Case, error) {
	d, err := s.desk()
	if err != nil {
		return nil, central.Case{}, err
	}
	found, err := d.Find(ctx, begin)
	return d, found, err
}

// caseCommand is a command that moves the one case whose ID begins with its argument.
func caseCommand(use, short string, move func(*desk.Desk, context.Context, string) (central.Case, error)) *cobra.Command {
	var s server
	c := &cobra.Command{
		Use:   use,
		Short: short,
		Long:  short + ".\n\nCASE is the ID of the case or the beginning of it, as long as only one case begins so.",
		Args:  cobra.ExactArgs(1),
		RunE: work(func(cmd *cobra.Command, args []string) error {
			d, found, err := s.find(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			after, err := move(d, cmd.Context(), found.ID)
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), after.ID, after.State)
			return nil
		}),
	}
	s.flags(c)
	return c
}

func documentCommand() *cobra.Command {
	var s server
	var out, name string
	c := &cobra.Command{
		Use:   "document CASE KIND --out FILE",
		Short: "Save a document of a case to a new file",
		Args:  cobra.ExactArgs(2),
		RunE: work(func(cmd *cobra.Command, args []string) error {
			d, found, err := s.find(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			wanted, err := desk.Pick(found, args[1], name)
			if err != nil {
				return err
			}
			data, err := d.Document(cmd.Context(), wanted)
			if err != nil {
				return err
			}
			return desk.Save(out, data)
		}),
	}
	s.flags(c)
	c.Flags().StringVar(&out, "out", "", "new file; one that is there already is never overwritten")
	c.Flags().StringVar(&name, "name", "", "file name of the document, when the case has several of this kind")
	must(c, "out")
	return c
}
