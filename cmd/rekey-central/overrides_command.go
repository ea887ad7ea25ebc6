package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"rekey/cmd/rekey-central/overrides"
)

// overrideExample is in the help; a test parses it.
const overrideExample = `procedure: tr-kamusm-nes          # which procedure, by its id
as_of: 2026-01-01                 # the day from which this is known
source: letter of the office      # who says so; it is shown beside the fact
fees:                             # each replaces the fee of the same reason and kind of holder
  - {reason: renewal, holder_kind: family-physician, amount: "100.00", currency: TRY}
windows: {reminder_days: 30}      # days before the end of the certificate
copies:                           # how many copies of a form
  - {form: application, route: paper, copies: 2}
contacts:
  - {id: office, label: {en: Registration office}, value: office@example.org}
`

func overridesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "overrides",
		Short: "What the office tells the clients about procedures: fees, accounts, windows, copies, contacts",
		Long: "Files in DIR/overrides whose names end in .yaml, .yml or .json are served to the clients (GET /v1/overrides),\n" +
			"in order of their names, without a restart. One file is about one procedure. All together have at most 1 MiB.\n\n" +
			"An example, DIR/overrides/2026-tr.yaml:\n\n" + overrideExample +
			"\nFurther keys: payment and payments (by reason), calendars.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(checkOverridesCommand())
	return c
}

func checkOverridesCommand() *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "check --data DIR",
		Short: "List the overrides that would be served and what is wrong with the others",
		Long: "List the overrides that would be served and what is wrong with the others. Exit status 1 when something is wrong.\n" +
			"The server need not run. \"rekey-central overrides --help\" shows an example of a file.",
		Args: cobra.NoArgs,
		RunE: work(func(cmd *cobra.Command, _ []string) error { return checkOverrides(cmd.OutOrStdout(), data) }),
	}
	c.Flags().StringVar(&data, "data", "", "folder of the office's data")
	must(c, "data")
	return c
}

func checkOverrides(w io.Writer, data string) error {
	if _, err := os.Stat(data); err != nil { // a mistyped folder is not an empty one
		return err
	}
	files, err := overrides.Read(data)
	if err != nil {
		return err
	}
	wrong := 0
	for _, f := range files {
		if f.Err != nil {
			wrong++
			fmt.Fprintln(w, "wrong  ", f.Err)
			continue
		}
		fmt.Fprintf(w, "served  %s: %s as of %s, source: %s\n", f.Name, f.Override.Procedure, f.Override.AsOf.Format(time.DateOnly), f.Override.Source)
	}
	if len(files) == 0 {
		fmt.Fprintln(w, "no overrides in", filepath.Join(data, overrides.Folder))
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d files are wrong and would be left out", wrong, len(files))
	}
	return nil
}
