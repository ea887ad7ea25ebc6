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
			"SHA-256 or SHA-1 fingerprint. A broken certificate is shown with what is wrong and whatever could still be read.\n" +
			"The text is in the chosen language; the JSON is always in English.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r := reader{now: time.Now()}
			for _, file := range chain {
				more, err := readCertificates(file)
				if err != nil {
					return err
				}
				r.pool = append(r.pool, more...)
			}
			var err error
			if r.lists, err = readLists(listFiles); err != nil {
				return err
			}
			if found, err := readCertificates(args[0]); err == nil || !isFingerprint(args[0]) {
				if err != nil {
					return err
				}
				if r.lang, err = c.texts(); err != nil {
					return err
				}
				r.pool = append(r.pool, found...)
				var shown []certificateDetails
				for _, x := range found {
					shown = append(shown, r.detailsOf(x))
				}
				return c.showCertificates(shown, r.lang)
			}
			return c.with(func(a *app.App) error {
				view, err := a.Look(cmd.Context())
				if err != nil {
					return err
				}
				if r.lang, err = c.texts(); err != nil {
					return err
				}
				r.now = view.At
				shown, err := r.onCards(view, args[0])
				if err != nil {
					return err
				}
				return c.showCertificates(shown, r.lang)
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
func (r reader) onCards(view app.View, fingerprint string) ([]certificateDetails, error) {
	for _, e := range view.Entries {
		r.pool = append(r.pool, e.Certificate)
	}
	var shown []certificateDetails
	for _, e := range view.Entries {
		if want := plain(fingerprint); e.Fingerprint != want && e.SHA1 != want {
			continue
		}
		d := r.detailsOf(e.Certificate)
		d.KeyOnCard, d.State, d.Card, d.CardLabel, d.Reader = e.KeyOnCard, e.State, e.CardSerial, e.CardLabel, e.Reader
		d.sections = append(d.sections, register.CardSection(r.lang, e))
		shown = append(shown, d)
	}
	if len(shown) == 0 {
		return nil, &app.Error{Op: "show certificate", Kind: app.NotFound, Err: errors.New("no card has a certificate with this fingerprint")}
	}
	return shown, nil
}

func (c *command) showCertificates(shown []certificateDetails, lang register.Language) error {
	return c.print(shown, func() {
		for i, d := range shown {
			if i > 0 {
				c.say("")
			}
			fmt.Fprint(c.out, register.Text(lang, d.sections))
		}
	})
}
