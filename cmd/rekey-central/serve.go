package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"rekey/cmd/rekey-central/api"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/desk"
	"rekey/cmd/rekey-central/office"
	"rekey/cmd/rekey-central/page"
)

// Paths and fall-backs for the revocation list in certificates.
const (
	pathCRL     = "/demo/ca.crl"
	fallbackCRL = "http://127.0.0.1" + pathCRL
)

func serveCommand() *cobra.Command {
	var listen, data string
	c := &cobra.Command{
		Use:   "serve --listen ADDR --data DIR",
		Short: "Serve the API and the officer's pages on a loopback address until SIGINT or SIGTERM",
		Long: "Serve the API on a loopback address until SIGINT or SIGTERM. It prints the address when it is ready.\n\n" +
			"The officer's pages for the browser are at /officer/ below that address; the key is in DIR/" + office.OfficerKeyFile + ".\n" +
			"What the office has to say about fees and windows: see \"rekey-central overrides --help\".",
		Args:    cobra.NoArgs,
		PreRunE: func(*cobra.Command, []string) error { return api.CheckAddress(listen) },
		RunE: work(func(cmd *cobra.Command, _ []string) error {
			return serve(cmd.Context(), listen, data, cmd.OutOrStdout(), cmd.ErrOrStderr())
		}),
	}
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "loopback address; port 0 picks a free one")
	c.Flags().StringVar(&data, "data", "", "folder of the office's data; made when it is not there")
	must(c, "data")
	return c
}

func serve(ctx context.Context, listen, data string, stdout, stderr io.Writer) error {
	store, err := office.Open(data)
	if err != nil {
		return err
	}
	defer store.Close()
	authority, err := ca.OpenOrInit(data)
	if err != nil {
		return err
	}
	key, err := office.OfficerKey(data)
	if err != nil {
		return err
	}
	l, err := api.Listen(listen)
	if err != nil {
		return err
	}
	base := "http://" + l.Addr().String()
	log := slog.New(slog.NewTextHandler(stderr, nil))
	handler := api.New(api.Config{
		Office: store, Data: data, Authority: authority, OfficerKey: key, CRL: base + pathCRL, Log: log, Stopping: ctx.Done(),
		Page: page.New(page.Config{Office: store, Issuer: api.Issuer(authority, base+pathCRL), OfficerKey: key, Log: log}),
	})
	address := filepath.Join(data, desk.AddressFile)
	if err := office.WriteWhole(address, []byte(base+"\n")); err != nil {
		return errors.Join(err, l.Close())
	}
	defer os.Remove(address)
	fmt.Fprintln(stdout, "listening on", base)
	return api.Serve(ctx, l, handler)
}

// must marks a flag as required; it can fail only when the flag does not exist.
func must(c *cobra.Command, flag string) {
	if err := c.MarkFlagRequired(flag); err != nil {
		panic(err)
	}
}
