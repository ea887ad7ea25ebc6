// Command rekey-central is the reference central API: the registration office's server for
// the demo, the tests and a small office, with the office's commands beside it.
//
// It keeps the contract of assets/openapi/central.yaml: one folder of data, or a PostgreSQL that several servers share; plain
// HTTP on a loopback address, TLS elsewhere; accounts with roles, by keys and certificates; and a demonstration certification
// authority that is no real one. Exit status: 0 done, 1 failed, 2 wrong usage.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"rekey/cmd/rekey-central/ca"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// Exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := commands()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	fmt.Fprintln(stderr, "rekey-central:", err)
	var failed *failure
	if errors.As(err, &failed) {
		return exitFailed
	}
	return exitUsage
}

// failure marks what went wrong in the work itself; every other error comes from the
// command line.
type failure struct{ err error }

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// work makes a cobra action whose errors are failures, not wrong usage.
func work(do func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		err := do(cmd, args)
		if err == nil || ca.KindOf(err) == ca.KindProfile { // an order that cannot be: wrong usage
			return err
		}
		return &failure{err}
	}
}

func commands() *cobra.Command {
	root := &cobra.Command{
		Use:           "rekey-central",
		Short:         "Reference central API of a registration office",
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(serveCommand(), authorityCommand(), overridesCommand())
	root.AddCommand(officeCommands()...)
	return root
}
