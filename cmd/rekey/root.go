package main

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rekey/app"
	"rekey/assets"
)

// flags are the global ones.
type flags struct {
	store, central, lang, documents string
	modules                         []string
	json, pinStdin, noKeyring, warm bool
	uiMap                           string
}

// command is what a sub-command works with.
type command struct {
	flags
	in       io.Reader
	out, err io.Writer
}

func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	c := &command{in: in, out: out, err: errOut}
	root := c.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	return c.report(root.ExecuteContext(ctx))
}

func (c *command) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "rekey",
		Short:         "Renew the electronic signature on a smart card",
		Long:          "Rekey renews the electronic signature on a smart card.\nWithout a command it opens the window.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return c.window() },
	}
	f := root.PersistentFlags()
	f.StringVar(&c.store, "store", "", "folder of the store (default: rekey in the user's configuration folder)")
	f.StringVar(&c.central, "central", "", "address of the central API (default: the one of the settings)")
	f.StringArrayVar(&c.modules, "module", nil, "PKCS#11 module; may be given again; replaces the search")
	f.StringVar(&c.lang, "lang", "", "language: tr, ru, vi, fa or en (default: the one of the settings, or of the system)")
	f.StringVar(&c.documents, "documents", "", "folder for documents (default: Rekey in the home folder)")
	f.BoolVar(&c.json, "json", false, "print JSON")
	f.BoolVar(&c.pinStdin, "pin-stdin", false, "read each PIN as a line of the standard input")
	f.BoolVar(&c.noKeyring, "no-keyring", false, "keep the store's key in a file beside it, not in the system's keyring")
	f.StringVar(&c.uiMap, "ui-map", "", "write what the window shows into this file (for tests)")
	_ = f.MarkHidden("ui-map")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(c.readersCommand(), c.certificatesCommand(), c.renewCommand(), c.casesCommand(), c.chooseCommand(),
		c.syncCommand(), c.enrolCommand(), c.formCommand(), c.checkCommand(), c.proceduresCommand(), c.procedureCommand(),
		c.certificateCommand(), c.signCommand(), c.verifyCommand(), c.attorneyCommand(),
		c.pinCommand(), c.settingsCommand(), c.modulesCommand(), c.storeCommand(), c.eraseCommand(), c.attachCommand(), helperCommand())
	for _, sub := range root.Commands() {
		wrapArgs(sub)
	}
	wrapArgs(root)
	return root
}

// wrapArgs makes a wrong number of arguments a usage error.
func wrapArgs(cmd *cobra.Command) {
	check := cmd.Args
	if check == nil {
		return
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}

// open opens the use cases.
func (c *command) open() (*app.App, error) {
	if err := c.places(); err != nil {
		return nil, err
	}
	cards, err := c.cards()
	if err != nil {
		return nil, err
	}
	a, err := app.Open(app.Options{StoreDir: c.store, Documents: c.documents, Central: c.central, Cards: cards, Assets: assets.Files, Keyring: !c.noKeyring, Warm: c.warm})
	if err != nil {
		cards.Close()
		return nil, err
	}
	if c.lang == "" {
		c.lang = a.Setting(app.SettingLang)
	}
	return a, nil
}

// places fills in the folders that no flag has named.
func (c *command) places() error {
	dir, err := c.storeDir()
	if err != nil {
		return err
	}
	c.store = dir
	if c.documents == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return err
		}
		c.documents = filepath.Join(home, "Rekey")
	}
	return nil
}

// with opens the use cases for one sub-command.
func (c *command) with(f func(a *app.App) error) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	defer a.Close()
	return f(a)
}
