package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/procedure"
)

// renewFlags are the flags of "rekey renew".
type renewFlags struct {
	card, certificate, procedure, reason, route, algorithm, details, out, resume, tsa string
}

// Output of "rekey renew --json".
type renewOutput struct {
	Case    caseOutput `json:"case"`
	Files   []string   `json:"files"`
	Waiting bool       `json:"waiting"` // in the outbox
}

func (c *command) renewCommand() *cobra.Command {
	var f renewFlags
	cmd := &cobra.Command{
		Use:   "renew",
		Short: "Renew a certificate: run a case as far as it can go, or resume one",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return usageError{err}
			}
			return c.with(func(a *app.App) error { return c.renew(cmd.Context(), a, f) })
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.card, "card", "", "serial number of the card")
	flags.StringVar(&f.certificate, "certificate", "", "SHA-256 fingerprint of the certificate to renew, or the first 8 digits and more")
	flags.StringVar(&f.procedure, "procedure", "", "procedure ID (default: the one that the certificate belongs to)")
	flags.StringVar(&f.reason, "reason", "renewal", "reason")
	flags.StringVar(&f.route, "route", "", "way of sending: paper, e-signed or transport")
	flags.StringVar(&f.algorithm, "algorithm", "", "key algorithm (default: the procedure's first)")
	flags.StringVar(&f.details, "details", "", "YAML file with the fields of the form; with --case: what the office wants corrected")
	flags.StringVar(&f.out, "out", "", "folder for the documents")
	flags.StringVar(&f.tsa, "tsa", "", "address of a time-stamping authority for the signature; kept for the next time")
	flags.StringVar(&f.resume, "case", "", "resume this case")
	return cmd
}

func (f renewFlags) check() error {
	switch {
	case f.resume == "" && f.certificate == "" && f.procedure == "":
		return errors.New("--certificate or --case is needed, or --procedure for a reason that needs no certificate")
	case f.resume != "" && (f.certificate != "" || f.route != "" || f.procedure != "" || f.algorithm != ""):
		return errors.New("--case resumes a case as it was begun; --certificate, --procedure, --route and --algorithm do not go with it")
	}
	return nil
}

func (c *command) renew(ctx context.Context, a *app.App, f renewFlags) error {
	if f.tsa != "" {
		if err := a.SetSetting(app.SettingTSA, f.tsa); err != nil {
			return err
		}
	}
	if note, ok := a.Guidance(f.procedure, f.reason); ok { // no case is opened for this
		return c.print(map[string]string{"guidance": note}, func() { c.say("%s", note) })
	}
	course, err := c.caseFor(ctx, a, f)
	if err != nil {
		return err
	}
	if !c.json {
		c.say("case %s", course.ID)
	}
	course, runErr := a.Run(ctx, course.ID, c.ask())
	if runErr == nil { // the office may have answered meanwhile, and more can be done
		if _, err := a.Sync(ctx); err == nil {
			course, runErr = a.Run(ctx, course.ID, c.ask())
		}
	}
	out := renewOutput{Case: caseOutputOf(a, course), Files: []string{}}
	out.Waiting = runErr == nil && course.Has(procedure.Send)
	if f.out != "" {
		files, err := a.ExportTo(course.ID, f.out)
		if err != nil && runErr == nil {
			runErr = err
		}
		out.Files = append(out.Files, files...)
	}
	if err := c.print(out, func() { c.sayCase(out.Case); c.sayFiles(out.Files) }); err != nil {
		return err
	}
	switch {
	case runErr != nil:
		return runErr
	case out.Waiting:
		return errUnsent
	}
	return nil
}

// caseFor opens a new case from the flags, or finds the one to resume.
func (c *command) caseFor(ctx context.Context, a *app.App, f renewFlags) (cases.Case, error) {
	if f.resume != "" {
		course, err := a.Case(f.resume)
		if err != nil || f.details == "" {
			return course, err
		}
		details, rows, err := readDetails(f.details)
		if err != nil {
			return course, err
		}
		return a.Correct(course.ID, details, rows...)
	}
	draft, err := a.NewDraft(ctx, f.certificate, f.procedure, f.reason)
	if err != nil {
		return cases.Case{}, err
	}
	if f.card != "" && f.certificate == "" {
		draft.CardSerial = f.card // where the key will be made
	}
	if f.card != "" && draft.CardSerial != f.card {
		return cases.Case{}, &app.Error{Op: "renew", Kind: app.NoCard, Err: fmt.Errorf("the certificate is on card %s, not on %s", draft.CardSerial, f.card)}
	}
	if f.route != "" {
		draft.Route = f.route
	}
	if f.algorithm != "" {
		draft.KeyAlgorithm = f.algorithm
	}
	if f.details != "" {
		details, rows, err := readDetails(f.details)
		if err != nil {
			return cases.Case{}, err
		}
		draft.Rows = rows
		if err := a.FillIn(&draft, details); err != nil {
			return cases.Case{}, err
		}
	}
	if err := a.SaveDraft(draft); err != nil {
		return cases.Case{}, err
	}
	c.warn(a, draft)
	return a.Start(draft)
}

// warn tells what the plan warns of; nothing stops for it.
func (c *command) warn(a *app.App, d app.Draft) {
	plan, err := a.Plan(d)
	texts, textsErr := c.texts()
	if err != nil || textsErr != nil {
		return
	}
	for _, word := range plan.Warnings {
		fmt.Fprintln(c.err, "note:", texts.T("plan."+word))
	}
}

func readDetails(path string) (details map[string]string, rows []map[string]string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, app.MaxDetails+1))
	if err != nil {
		return nil, nil, err
	}
	return app.ParseDetails(data)
}

func (c *command) sayFiles(files []string) {
	for _, path := range files {
		c.say("file: %s", path)
	}
}
