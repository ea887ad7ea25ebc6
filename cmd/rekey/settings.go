package main

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"rekey/app"
)

// settings that can be changed on the command line, by the name that stands there.
var settings = []struct{ name, key, about string }{
	{"central", app.SettingCentral, "address of the central API"},
	{"central-ca", app.SettingCA, "PEM file of the only authorities that are trusted for it"},
	{"central-pin", app.SettingPin, "base64 SHA-256 of a public key that must be in its chain"},
	{"central-key", app.SettingKey, "key of an account that the office has made for you: read from the standard input, never shown"},
	{"proxy", app.SettingProxy, "none, or http, https or socks5 URL (default: the environment's)"},
	{"tsa", app.SettingTSA, "address of a time-stamping authority (RFC 3161)"},
}

func (c *command) settingsCommand() *cobra.Command {
	var names []string
	long := "Show the settings, one of them, or change one. An empty value takes a setting away, - is read from the standard input.\n"
	for _, s := range settings {
		names = append(names, s.name)
		long += fmt.Sprintf("\n  %-12s %s", s.name, s.about)
	}
	return &cobra.Command{
		Use:   "settings [NAME [VALUE]]",
		Short: "Show or change the settings: " + strings.Join(names, ", "),
		Long:  long,
		Args:  cobra.MaximumNArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 && !slices.Contains(names, args[0]) {
				return usageError{fmt.Errorf("there is no setting %q; there are %s", args[0], strings.Join(names, ", "))}
			}
			return c.with(func(a *app.App) error {
				if len(args) == 2 {
					value, err := c.settingValue(args[0], args[1])
					if err == nil {
						err = configure(a, args[0], value)
					}
					if err != nil {
						return err
					}
				}
				shown := map[string]string{}
				for _, s := range settings {
					if len(args) == 0 || s.name == args[0] {
						shown[s.name] = shownSetting(s.key, a.Setting(s.key))
					}
				}
				return c.print(shown, func() {
					for _, s := range settings {
						if value, ok := shown[s.name]; ok {
							c.say("%-12s %s", s.name, value)
						}
					}
				})
			})
		},
	}
}

// settingValue reads a value "-" from the terminal, without echo, or from the standard input. A key is taken in no other way: what
// stands on the command line is seen by others and kept by the shell.
func (c *command) settingValue(name, given string) (string, error) {
	if name == "central-key" && given != "-" && given != "" {
		return "", usageError{errors.New("a key does not belong on the command line; use: rekey settings central-key -")}
	}
	if given != "-" {
		return given, nil
	}
	if terminal, ok := c.in.(*os.File); ok && term.IsTerminal(int(terminal.Fd())) {
		fmt.Fprintf(c.err, "%s: ", name)
		typed, err := term.ReadPassword(int(terminal.Fd()))
		fmt.Fprintln(c.err)
		return strings.TrimSpace(string(typed)), err
	}
	data, err := io.ReadAll(io.LimitReader(c.in, longestSetting))
	return strings.TrimSpace(string(data)), err
}

// longestSetting is in bytes.
const longestSetting = 64 << 10

// configure keeps a setting; of a file its content, so that the file may go.
func configure(a *app.App, name, value string) error {
	for _, s := range settings {
		if s.name != name {
			continue
		}
		if s.key == app.SettingCA && value != "" {
			data, err := os.ReadFile(value)
			if err != nil {
				return &app.Error{Op: "read authorities", Kind: app.NotFound, Err: err}
			}
			value = string(data)
		}
		return a.Configure(s.key, value)
	}
	return errors.New("no such setting")
}

// shownSetting hides keys and the password of a proxy, and names authorities by their fingerprints.
func shownSetting(key, value string) string {
	switch {
	case key == app.SettingKey && value != "":
		return "…"
	case key == app.SettingProxy && strings.Contains(value, "@"):
		scheme, rest, _ := strings.Cut(value, "://")
		return scheme + "://…@" + rest[strings.LastIndex(rest, "@")+1:]
	case key == app.SettingCA:
		var all []string
		for rest := []byte(value); ; {
			var block *pem.Block
			if block, rest = pem.Decode(rest); block == nil {
				return strings.Join(all, ", ")
			}
			if cert, err := x509.ParseCertificate(block.Bytes); err == nil {
				sum := sha256.Sum256(block.Bytes)
				all = append(all, cert.Subject.CommonName+" (SHA-256 "+hex.EncodeToString(sum[:8])+"…)")
			}
		}
	}
	return value
}
