package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"rekey/app"
	"rekey/app/procedure"
)

// Output of "rekey procedures --json".
type procedureOutput struct {
	ID          string          `json:"id"`
	Country     string          `json:"country"`
	Language    string          `json:"language"`
	Title       string          `json:"title"`
	Authority   string          `json:"authority"`
	Reminder    int             `json:"reminder_days"`
	HolderKinds []labelOutput   `json:"holder_kinds"`
	Forms       []formRefOutput `json:"forms"`
	Reasons     []reasonOutput  `json:"reasons"`
	Fees        []feeOutput     `json:"fees"`
}

type labelOutput struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

type formRefOutput struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Official bool   `json:"official"`
}

type reasonOutput struct {
	ID       string        `json:"id"`
	Label    string        `json:"label"`
	Note     string        `json:"note,omitempty"`
	Guidance bool          `json:"guidance"`
	Official bool          `json:"official"`
	Routes   []routeOutput `json:"routes"`
}

type routeOutput struct {
	ID               string                `json:"id"`
	Label            string                `json:"label"`
	ValidCertificate bool                  `json:"valid_certificate"`
	Forms            []string              `json:"forms"`
	Copies           int                   `json:"copies"`
	Steps            []procedureStepOutput `json:"steps"`
}

type procedureStepOutput struct {
	ID      string   `json:"id"`
	Who     string   `json:"who"`
	What    string   `json:"what"`
	OnlyFor []string `json:"only_for,omitempty"`
}

type feeOutput struct {
	Reason     string `json:"reason"`
	HolderKind string `json:"holder_kind"`
	Amount     string `json:"amount"`
	Currency   string `json:"currency"`
	AsOf       string `json:"as_of"`
	Source     string `json:"source"`
}

func (c *command) proceduresCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "procedures",
		Short: "List the procedures with their reasons, routes, holder kinds and steps",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return c.with(func(a *app.App) error {
				all := a.Procedures()
				out := make([]procedureOutput, len(all))
				for i, p := range all {
					out[i] = procedureRow(p, c.lang)
				}
				return c.print(out, func() {
					for i, p := range out {
						if i > 0 {
							c.say("")
						}
						c.sayProcedure(p)
					}
				})
			})
		},
	}
}

func (c *command) procedureCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "procedure",
		Short: "Work on procedure files",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return usageError{errors.New("what to do: check FILE")} },
	}
	check := &cobra.Command{
		Use:   "check FILE",
		Short: "Check a procedure file; what is wrong is printed as file:line: reason",
		Args:  cobra.ExactArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return c.checkProcedure(args[0]) },
	}
	wrapArgs(check)
	cmd.AddCommand(check)
	return cmd
}

// Output of "rekey procedure check --json".
type procedureCheckOutput struct {
	File     string             `json:"file"`
	OK       bool               `json:"ok"`
	Problems procedure.Problems `json:"problems"`
}

func (c *command) checkProcedure(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return &app.Error{Op: "check procedure", Kind: app.BadInput, Err: err}
	}
	_, err = procedure.Parse(path, data)
	out := procedureCheckOutput{File: path, OK: err == nil, Problems: procedure.Problems{}}
	errors.As(err, &out.Problems)
	if printErr := c.print(out, func() {
		if out.OK {
			c.say("%s: ok", path)
		}
		for _, p := range out.Problems {
			c.say("%s", p)
		}
	}); printErr != nil {
		return printErr
	}
	if err != nil {
		return &app.Error{Op: "check procedure", Kind: app.BadInput, Err: fmt.Errorf("%s is not as it should be; each line above says where", path)}
	}
	return nil
}

func procedureRow(p *procedure.Procedure, lang string) procedureOutput {
	out := procedureOutput{ID: p.ID, Country: p.Country, Language: p.Language, Title: p.Title.In(lang), Authority: p.Authority.In(lang),
		Reminder: p.Reminder, HolderKinds: []labelOutput{}, Forms: []formRefOutput{}, Reasons: []reasonOutput{}, Fees: []feeOutput{}}
	for _, k := range p.HolderKinds {
		out.HolderKinds = append(out.HolderKinds, labelOutput{k.ID, k.Label.In(lang)})
	}
	for _, f := range p.Forms {
		out.Forms = append(out.Forms, formRefOutput{f.ID, f.Title.In(p.Language), f.Official()})
	}
	for _, f := range p.Fees {
		out.Fees = append(out.Fees, feeOutput{f.Reason, f.HolderKind, f.Amount, f.Currency, f.AsOf.Format("2006-01-02"), f.Source})
	}
	for _, r := range p.Reasons {
		row := reasonOutput{ID: r.ID, Label: r.Label.In(lang), Note: r.Note.In(lang), Guidance: r.Guidance, Official: r.Official(), Routes: []routeOutput{}}
		for _, route := range r.Routes {
			x := routeOutput{ID: route.ID, Label: route.Label.In(lang), ValidCertificate: route.ValidCertificate, Forms: append([]string{}, route.Forms()...), Copies: route.Copies}
			for _, s := range route.Steps {
				x.Steps = append(x.Steps, procedureStepOutput{s.ID, s.Who, s.What, s.OnlyFor})
			}
			row.Routes = append(row.Routes, x)
		}
		out.Reasons = append(out.Reasons, row)
	}
	return out
}

func (c *command) sayProcedure(p procedureOutput) {
	c.say("%s: %s", p.ID, p.Title)
	c.say("  authority: %s", p.Authority)
	for _, k := range p.HolderKinds {
		c.say("  holder: %s (%s)", k.ID, k.Label)
	}
	for _, r := range p.Reasons {
		c.say("  reason %s: %s", r.ID, r.Label)
		if r.Guidance {
			c.say("    %s", r.Note)
		}
		for _, route := range r.Routes {
			line := fmt.Sprintf("    route %s: %s", route.ID, route.Label)
			if len(route.Forms) > 0 {
				line += fmt.Sprintf(" (forms %v, copies %d)", route.Forms, route.Copies)
			}
			c.say("%s", line)
			for _, s := range route.Steps {
				c.say("      %s: %s", s.Who, s.What)
			}
		}
	}
	for _, f := range p.Fees {
		c.say("  fee %s %s: %s %s as of %s (%s)", f.Reason, f.HolderKind, f.Amount, f.Currency, f.AsOf, f.Source)
	}
}
