package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rekey/app"
	"rekey/app/esign"
	"rekey/app/register"
)

// mostPDF is the longest PDF that is read, in bytes.
const mostPDF = 100 << 20

// Output of "rekey sign --json".
type signOutput struct {
	File        string `json:"file"`
	Signer      string `json:"signer"`
	Certificate string `json:"certificate_sha256"`
	Level       string `json:"level"`
	StampError  string `json:"time_stamp_error,omitempty"`
}

func (c *command) signCommand() *cobra.Command {
	var certificate, out, tsa string
	cmd := &cobra.Command{
		Use:   "sign FILE.pdf",
		Short: "Sign a PDF with the key on the card (PAdES B-B, or B-T with --tsa)",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				out = strings.TrimSuffix(args[0], filepath.Ext(args[0])) + "-signed.pdf"
			}
			if _, err := os.Lstat(out); err == nil { // before the card signs for nothing; writing looks again
				return &app.Error{Op: "sign PDF", Kind: app.BadInput, Err: fmt.Errorf("%s is there already; nothing is overwritten", out)}
			}
			pdf, err := readAtMost(args[0], mostPDF)
			if err != nil {
				return err
			}
			return c.with(func(a *app.App) error {
				r, cert, err := a.SignFile(cmd.Context(), pdf, certificate, esign.Options{TSA: tsa}, c.ask())
				if err != nil {
					return err
				}
				return c.writeSigned(out, r, cert)
			})
		},
	}
	cmd.Flags().StringVar(&certificate, "certificate", "", "SHA-256 fingerprint of the certificate, or the first 8 digits and more (default: the only one)")
	cmd.Flags().StringVar(&out, "out", "", "the PDF to write (default: FILE-signed.pdf)")
	cmd.Flags().StringVar(&tsa, "tsa", "", "address of a time stamp authority (RFC 3161)")
	return cmd
}

func (c *command) writeSigned(path string, r esign.Result, cert register.Certificate) error {
	if err := createFile(path, r.PDF); err != nil {
		return err
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	out := signOutput{File: abs, Signer: cert.HolderName, Certificate: cert.Fingerprint, Level: r.Level}
	if r.TimestampProblem != nil {
		out.StampError = r.TimestampProblem.Error()
	}
	return c.print(out, func() {
		c.say("file: %s", out.File)
		c.say("signed by %s, %s", out.Signer, out.Level)
		if out.StampError != "" {
			c.say("no time stamp: %s; the signature stands without it", out.StampError)
		}
	})
}

// Output of "rekey verify --json".
type verifyOutput struct {
	Valid      bool              `json:"valid"` // there are signatures and all are valid
	Changed    bool              `json:"changed_after_last_signature"`
	Signatures []signatureOutput `json:"signatures"`
}

type signatureOutput struct {
	Valid       bool       `json:"valid"`
	Problem     string     `json:"problem,omitempty"`
	Signer      string     `json:"signer,omitempty"`
	Issuer      string     `json:"issuer,omitempty"`
	Certificate string     `json:"certificate_sha256,omitempty"`
	Time        *time.Time `json:"claimed_time,omitempty"`
	Level       string     `json:"level"`
	CoversWhole bool       `json:"covers_whole_document"`
	StampTime   *time.Time `json:"time_stamp,omitempty"`
	StampedBy   string     `json:"time_stamp_authority,omitempty"`
	StampError  string     `json:"time_stamp_problem,omitempty"`
}

func (c *command) verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify FILE.pdf",
		Short: "Check the signatures of a PDF: signer, time, level, changes; trust and revocation are not checked",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			pdf, err := readAtMost(args[0], mostPDF)
			if err != nil {
				return err
			}
			found, err := esign.Verify(pdf)
			if err != nil {
				return &app.Error{Op: "read", Kind: app.BadInput, Err: err}
			}
			out := verifyOutputOf(found)
			if err := c.print(out, func() { c.sayVerified(out) }); err != nil {
				return err
			}
			switch {
			case len(found) == 0:
				return &app.Error{Op: "verify PDF", Kind: app.BadInput, Err: errors.New("the PDF has no signature")}
			case !out.Valid && out.Changed:
				return &app.Error{Op: "verify PDF", Kind: app.BadInput, Err: errors.New("the PDF is not as it was signed")}
			case !out.Valid:
				return &app.Error{Op: "verify PDF", Kind: app.BadInput, Err: errors.New("a signature is not valid")}
			}
			return nil
		},
	}
}

func verifyOutputOf(found []esign.Signature) verifyOutput {
	out := verifyOutput{Valid: len(found) > 0, Changed: len(found) > 0, Signatures: []signatureOutput{}}
	for _, s := range found {
		o := signatureOutput{
			Valid: s.Valid, Problem: s.Problem, Signer: s.SignerName, Level: s.Level, CoversWhole: s.CoversWhole,
			Time: timeOrNil(s.Time), StampTime: timeOrNil(s.StampTime), StampedBy: s.StampedBy, StampError: s.StampProblem,
		}
		if s.Signer != nil {
			cert := register.Parse(s.Signer.Raw)
			o.Issuer, o.Certificate = cert.IssuerName, cert.Fingerprint
		}
		out.Signatures = append(out.Signatures, o)
		out.Valid = out.Valid && s.Valid
		out.Changed = out.Changed && !s.CoversWhole
	}
	out.Valid = out.Valid && !out.Changed
	return out
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (c *command) sayVerified(out verifyOutput) {
	for i, s := range out.Signatures {
		state := "valid"
		if !s.Valid {
			state = "NOT VALID: " + s.Problem
		}
		c.say("signature %d: %s", i+1, state)
		if s.Signer != "" {
			c.say("  signer: %s (issuer: %s)", s.Signer, s.Issuer)
			c.say("  certificate: %s", s.Certificate)
		}
		if s.Time != nil {
			c.say("  time: %s, as the signer says", s.Time.Local().Format(time.RFC3339))
		}
		if s.StampTime != nil {
			c.say("  time stamp: %s by %s", s.StampTime.Local().Format(time.RFC3339), s.StampedBy)
		} else if s.StampError != "" {
			c.say("  the time stamp does not count: %s", s.StampError)
		}
		c.say("  level: %s", s.Level)
		if s.CoversWhole {
			c.say("  covers the whole document")
		} else {
			c.say("  something was added to the document after it")
		}
	}
	if out.Changed {
		c.say("the document was changed after its last signature")
	}
	if len(out.Signatures) > 0 {
		c.say("trust in the issuers and revocation were not checked")
	}
}
