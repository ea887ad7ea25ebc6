package main

import (
	"os"

	"github.com/spf13/cobra"

	"rekey/token"
	"rekey/token/pkcs11"
)

// helperCommand is the child process in which a vendor's module runs.
func helperCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "token-helper MODULE",
		Short:  "Serve one PKCS#11 module over standard input and output (used by Rekey itself)",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return token.Serve(pkcs11.Load, args[0], os.Stdin, os.Stdout)
		},
	}
}
