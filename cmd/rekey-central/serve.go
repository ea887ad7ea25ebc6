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
	"rekey/cmd/rekey-central/desk"
	"rekey/cmd/rekey-central/listen"
	"rekey/cmd/rekey-central/office"
)

// Paths and fall-backs for the revocation list in certificates.
const (
	pathCRL     = "/demo/ca.crl"
	fallbackCRL = "http://127.0.0.1" + pathCRL
)

// databaseVariable is the environment's word for --database, so that a password need not stand on a command line.
const databaseVariable = "REKEY_DATABASE"

// Whom the server admits.
const (
	admitAnyone = "anyone" // an unknown key becomes a holder's account
	admitKnown  = "known"
)

type serveFlags struct {
	listen, data, database string
	tls                    bool
	cert, key              string
	names                  []string
	clientCA, admit        string
	rate                   float64
}

const serveHelp = `Serve the API until SIGINT or SIGTERM. The first line that it prints is the address, when it is ready.

On a loopback address it speaks plain HTTP; on every other, and with --tls, it speaks TLS: with --tls-cert and --tls-key, or
with a private authority that is made once in DIR/tls. Its pin is printed on the second line: clients give it (base64 of
the SHA-256 of the authority's public key) or the file DIR/tls/ca.pem, and need no other trust. --name says by which names
they reach the server.

Who may: on a plain loopback address, and with --admit anyone, an unknown key of 32 characters or more becomes a holder's
account at its first use. Otherwise (--admit known) accounts are made with "rekey-central account add" or on the officer's
pages. --client-ca FILE also admits whoever proves a certificate of one of the authorities in FILE: the account belongs to
the certificate's subject, so name only authorities that give a subject to one person.

The data are in DIR, which one server uses at a time; or, with --database postgres://… (or the variable ` + databaseVariable + `,
which keeps the password off the command line), in a PostgreSQL that several servers may share. Each server has a DIR of its
own all the same: DIR/ca and DIR/office.key must be the same files or copies of them, or each would have its own demonstration CA
and officer's key; so should DIR/overrides be, and DIR/tls, for one pin.

The officer's pages for the browser are at /officer/ below the address; the key is in DIR/` + office.OfficerKeyFile + `.
What the office has to say about fees and windows: see "rekey-central overrides --help".`

func serveCommand() *cobra.Command {
	var f serveFlags
	var where listen.Config
	c := &cobra.Command{
		Use:   "serve --listen ADDR --data DIR",
		Short: "Serve the API and the officer's pages until SIGINT or SIGTERM",
		Long:  serveHelp,
		Args:  cobra.NoArgs,
		PreRunE: func(*cobra.Command, []string) (err error) {
			where, err = f.check()
			return err
		},
		RunE: work(func(cmd *cobra.Command, _ []string) error {
			return serve(cmd.Context(), f, where, cmd.OutOrStdout(), cmd.ErrOrStderr())
		}),
	}
	c.Flags().StringVar(&f.listen, "listen", "127.0.0.1:0", "IP:PORT, or :PORT for all addresses; port 0 picks a free one")
	c.Flags().StringVar(&f.data, "data", "", "folder of the office's data; made when it is not there")
	databaseFlag(c, &f.database)
	c.Flags().BoolVar(&f.tls, "tls", false, "speak TLS on a loopback address too")
	c.Flags().StringVar(&f.cert, "tls-cert", "", "own certificate with its chain (PEM); a new file counts without a restart")
	c.Flags().StringVar(&f.key, "tls-key", "", "its key (PEM)")
	c.Flags().StringArrayVar(&f.names, "name", nil, "host name or IP address by which clients know the server; may be given several times, the first is told")
	c.Flags().StringVar(&f.clientCA, "client-ca", "", "authorities of client certificates (PEM)")
	c.Flags().StringVar(&f.admit, "admit", "", "anyone or known (default: anyone on a plain loopback address, else known)")
	c.Flags().Float64Var(&f.rate, "rate", 1000, "requests a second of one account, twice as many at once: against programs that run wild; 0: without bound")
	must(c, "data")
	return c
}

func databaseFlag(c *cobra.Command, to *string) {
	c.Flags().StringVar(to, "database", "", "PostgreSQL instead of files: postgres://… (or the variable "+databaseVariable+")")
}

// databaseOr is the flag, else the environment's word.
func databaseOr(flag string) string {
	if flag != "" {
		return flag
	}
	return os.Getenv(databaseVariable)
}

// check finds what the command line got wrong, and says where to listen.
func (f *serveFlags) check() (listen.Config, error) {
	where := listen.Config{Address: f.listen, Data: f.data, TLS: f.tls, Cert: f.cert, Key: f.key, Names: f.names}
	if f.admit != "" && f.admit != admitAnyone && f.admit != admitKnown {
		return where, fmt.Errorf("--admit: want %s or %s, not %q", admitAnyone, admitKnown, f.admit)
	}
	if f.rate < 0 {
		return where, errors.New("--rate: want 0 or more")
	}
	if f.clientCA != "" {
		var err error
		if where.ClientCAs, err = listen.Certificates(f.clientCA); err != nil {
			return where, &failure{err}
		}
	}
	return where, where.Check()
}

func serve(ctx context.Context, f serveFlags, where listen.Config, stdout, stderr io.Writer) error {
	store, err := office.Open(ctx, office.Config{Dir: f.data, Database: databaseOr(f.database)})
	if err != nil {
		return err
	}
	defer store.Close()
	where.Log = slog.New(slog.NewTextHandler(stderr, nil))
	l, err := listen.Open(where)
	if err != nil {
		return err
	}
	handler, err := handler(ctx, store, l, f, where)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	address := filepath.Join(f.data, desk.AddressFile)
	if err := office.WriteWhole(address, []byte(l.Local+"\n")); err != nil {
		return errors.Join(err, l.Close())
	}
	defer os.Remove(address)
	fmt.Fprintln(stdout, "listening on", l.Base)
	if l.Pin != "" {
		fmt.Fprintln(stdout, "pin", l.Pin)
	}
	return l.Serve(ctx, handler)
}

// must marks a flag as required; it can fail only when the flag does not exist.
func must(c *cobra.Command, flag string) {
	if err := c.MarkFlagRequired(flag); err != nil {
		panic(err)
	}
}
