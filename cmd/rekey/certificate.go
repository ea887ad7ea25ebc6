package main

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rekey/app"
	"rekey/app/register"
)

func (c *command) certificateCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "certificate", Short: "Look closely at one certificate", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	var chain, listFiles []string
	show := &cobra.Command{
		Use:   "show FILE|FINGERPRINT",
		Short: "Show everything that a certificate says",
		Long: "Show everything that a certificate says: one in a file (PEM, DER, base64 or a PKCS#7 bundle), or one on a card by its\n" +
			"SHA-256 or SHA-1 fingerprint. A broken certificate is shown with what is wrong and whatever could still be read.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var pool []register.Certificate
			for _, file := range chain {
				more, err := readCertificates(file)
				if err != nil {
					return err
				}
				pool = append(pool, more...)
			}
			lists, err := readLists(listFiles)
			if err != nil {
				return err
			}
			if found, err := readCertificates(args[0]); err == nil || !isFingerprint(args[0]) {
				if err != nil {
					return err
				}
				var shown []certificateDetails
				for _, x := range found {
					shown = append(shown, detailsOf(x, append(pool, found...), lists, time.Now()))
				}
				return c.showCertificates(shown)
			}
			return c.with(func(a *app.App) error {
				view, err := a.Look(cmd.Context())
				if err != nil {
					return err
				}
				shown, err := onCards(view, args[0], pool, lists)
				if err != nil {
					return err
				}
				return c.showCertificates(shown)
			})
		},
	}
	show.Flags().StringArrayVar(&chain, "chain", nil, "file with certificates of issuers; may be given again")
	show.Flags().StringArrayVar(&listFiles, "crl", nil, "file with an issuer's revocation list (PEM or DER); may be given again")
	wrapArgs(show)
	cmd.AddCommand(show)
	return cmd
}

var hexDigits = regexp.MustCompile(`^([0-9a-f]{64}|[0-9a-f]{40})$`)

// plain is a fingerprint without the blanks and colons that people and programs write into it.
func plain(fingerprint string) string {
	return strings.NewReplacer(":", "", " ", "").Replace(strings.ToLower(fingerprint))
}

func isFingerprint(s string) bool { return hexDigits.MatchString(plain(s)) }

// largestFile is how much of a file is read; a bundle of many certificates has some hundred kB.
const largestFile = 16 << 20

func readCertificates(path string) ([]register.Certificate, error) {
	const op = "read certificate"
	data, err := readSmall(op, path)
	if err != nil {
		return nil, err
	}
	found, err := register.Bundle(data)
	if err != nil {
		return nil, &app.Error{Op: op, Kind: app.BadInput, Err: fmt.Errorf("%s: %w", path, err)}
	}
	return found, nil
}

func readLists(files []string) (lists []*x509.RevocationList, err error) {
	const op = "read revocation list"
	for _, path := range files {
		data, err := readSmall(op, path)
		if err != nil {
			return nil, err
		}
		if block, _ := pem.Decode(data); block != nil {
			data = block.Bytes
		}
		l, err := x509.ParseRevocationList(data)
		if err != nil {
			return nil, &app.Error{Op: op, Kind: app.BadInput, Err: fmt.Errorf("%s: %w", path, err)}
		}
		lists = append(lists, l)
	}
	return lists, nil
}

func readSmall(op, path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, &app.Error{Op: op, Kind: app.NotFound, Err: err}
	}
	if !info.Mode().IsRegular() || info.Size() > largestFile {
		return nil, &app.Error{Op: op, Kind: app.BadInput, Err: fmt.Errorf("%s is no file of at most 16 MB", path)}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, &app.Error{Op: op, Kind: app.BadInput, Err: err}
	}
	return data, nil
}

// onCards finds a certificate by its fingerprint; one that is on two cards comes twice.
func onCards(view app.View, fingerprint string, pool []register.Certificate, lists []*x509.RevocationList) ([]certificateDetails, error) {
	for _, e := range view.Entries {
		pool = append(pool, e.Certificate)
	}
	var shown []certificateDetails
	for _, e := range view.Entries {
		if want := plain(fingerprint); e.Fingerprint != want && e.SHA1 != want {
			continue
		}
		d := detailsOf(e.Certificate, pool, lists, view.At)
		d.KeyOnCard, d.State, d.Card, d.CardLabel, d.Reader = e.KeyOnCard, e.State, e.CardSerial, e.CardLabel, e.Reader
		shown = append(shown, d)
	}
	if len(shown) == 0 {
		return nil, &app.Error{Op: "show certificate", Kind: app.NotFound, Err: errors.New("no card has a certificate with this fingerprint")}
	}
	return shown, nil
}

func (c *command) showCertificates(shown []certificateDetails) error {
	return c.print(shown, func() {
		for i, d := range shown {
			if i > 0 {
				c.say("")
			}
			c.sayDetails(d)
		}
	})
}

// sayDetails prints the sections and the chain.
func (c *command) sayDetails(d certificateDetails) {
	for _, s := range d.sections {
		c.say("%s", s.Title)
		for _, r := range s.Rows {
			name := r.Name
			if r.OID != "" && r.OID != name {
				name += " (" + r.OID + ")"
			}
			if r.Critical {
				name += ", critical"
			}
			c.say("  %s", name+": "+strings.ReplaceAll(wrapped(r.Value), "\n", "\n      "))
		}
	}
	c.say("Chain")
	for i, l := range d.Chain {
		c.say("  %d. %s", i+1, l.Subject)
		c.say("      %s", l.Text)
		if l.Revocation != nil {
			c.say("      %s", l.Revocation.Text)
		}
	}
	if d.Card != "" {
		c.say("Card")
		c.say("  %s, serial number %s, reader %s; key on the card: %s; state: %s", d.CardLabel, d.Card, d.Reader, d.KeyOnCard, d.State)
	}
}

// wrapped breaks long hex into lines.
func wrapped(value string) string {
	const width = 64
	if len(value) <= width || strings.Trim(strings.TrimSuffix(value, "…"), "0123456789abcdef") != "" {
		return value
	}
	var lines []string
	for len(value) > width {
		lines, value = append(lines, value[:width]), value[width:]
	}
	return "\n" + strings.Join(append(lines, value), "\n")
}
