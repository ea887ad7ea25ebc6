package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/desk"
)

const maxRequest = 64 << 10 // bytes of a request file

func authorityCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "ca",
		Short: "The demonstration certification authority (not a real one)",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(initCommand(), certifyCommand())
	return c
}

func initCommand() *cobra.Command {
	var data, key string
	var signer []string
	c := &cobra.Command{
		Use:   "init --data DIR",
		Short: "Make the demonstration CA's key and certificate; never overwrites",
		Args:  cobra.NoArgs,
		RunE: work(func(cmd *cobra.Command, _ []string) error {
			var err error
			if len(signer) > 0 {
				_, err = ca.InitOutside(data, signer)
			} else {
				_, err = ca.Init(data, ca.KeyType(key))
			}
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), filepath.Join(data, "ca", "ca.pem"))
			return nil
		}),
	}
	c.Flags().StringVar(&data, "data", "", "folder of the office's data")
	c.Flags().StringVar(&key, "key", string(ca.KeyEC), "key of the CA: ec (P-256) or rsa (3072)")
	c.Flags().StringArrayVar(&signer, "signer", nil, "program that signs with a key outside, on a card or in an HSM; once more for each of its arguments")
	must(c, "data")
	return c
}

type certifyFlags struct {
	data, profile, request, out, crl string
	days, ago                        int
	renewal                          bool
}

func certifyCommand() *cobra.Command {
	var f certifyFlags
	c := &cobra.Command{
		Use:   "certify --data DIR --profile tr-nes|ru-head|generic --request FILE.p10 --out FILE.pem",
		Short: "Sign a PKCS#10 request that a card made, without a case",
		Args:  cobra.NoArgs,
		RunE:  work(func(cmd *cobra.Command, _ []string) error { return certify(f, cmd.Flags().Changed("days")) }),
	}
	c.Flags().StringVar(&f.data, "data", "", "folder of the office's data")
	c.Flags().StringVar(&f.profile, "profile", "generic", "tr-nes, ru-head or generic")
	c.Flags().StringVar(&f.request, "request", "", "PEM PKCS#10 file")
	c.Flags().StringVar(&f.out, "out", "", "new file for the certificate (PEM)")
	c.Flags().IntVar(&f.days, "days", 0, "the certificate ends so many days from now (default: by profile)")
	c.Flags().IntVar(&f.ago, "from-days-ago", 0, "the certificate begins so many days ago")
	c.Flags().StringVar(&f.crl, "crl-url", "", "address of the revocation list (default: the running server's)")
	c.Flags().BoolVar(&f.renewal, "renewal", false, "say that the holder was identified by the signature in force")
	must(c, "data")
	must(c, "request")
	must(c, "out")
	return c
}

func certify(f certifyFlags, withEnd bool) error {
	request, err := readSmall(f.request)
	if err != nil {
		return err
	}
	authority, err := ca.OpenOrInit(f.data)
	if err != nil {
		return err
	}
	now := time.Now()
	order := ca.Order{Request: request, Profile: f.profile, From: now.AddDate(0, 0, -f.ago), Renewal: f.renewal, CRL: f.crl}
	if withEnd {
		order.Until = now.AddDate(0, 0, f.days)
	}
	if order.CRL == "" {
		order.CRL = crlOf(f.data)
	}
	certificate, err := authority.Certify(order)
	if err != nil {
		return err
	}
	return desk.Save(f.out, certificate)
}

func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxRequest {
		return nil, fmt.Errorf("%s has more than %d bytes", path, maxRequest)
	}
	return os.ReadFile(path)
}

// crlOf is the address of the running server's list, or one that only looks right.
func crlOf(data string) string {
	base, err := os.ReadFile(filepath.Join(data, desk.AddressFile))
	if err != nil {
		return fallbackCRL
	}
	return strings.TrimSpace(string(base)) + pathCRL
}
