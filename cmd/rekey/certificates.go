package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"rekey/app"
	"rekey/app/register"
	"rekey/app/report"
)

// Output of "rekey certificates --json": a list of these.
type certificateOutput struct {
	Holder       string    `json:"holder"`
	Organisation string    `json:"organisation,omitempty"`
	Issuer       string    `json:"issuer"`
	Serial       string    `json:"serial"`
	Fingerprint  string    `json:"fingerprint_sha256"`
	ValidFrom    time.Time `json:"valid_from"`
	ValidUntil   time.Time `json:"valid_until"`
	DaysLeft     int       `json:"days_left"`
	Purpose      string    `json:"purpose"`
	Qualified    bool      `json:"qualified"`
	Key          string    `json:"key"`
	KeyOnCard    string    `json:"key_on_card"`
	State        string    `json:"state"`
	Revoked      bool      `json:"revoked,omitempty"` // by the office, as far as it has said so
	Card         string    `json:"card"`
	CardLabel    string    `json:"card_label"`
	Reader       string    `json:"reader"`
	Procedure    string    `json:"procedure"`
	Problem      string    `json:"problem,omitempty"`
}

func (c *command) certificatesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "certificates",
		Short: "List each certificate on each card",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(func(a *app.App) error {
				view, err := a.Look(cmd.Context())
				if err != nil {
					return err
				}
				list := []certificateOutput{}
				for _, e := range view.Entries {
					out := certificateOutputOf(e, a.ProcedureOf(e.Certificate), view.At)
					out.Revoked = view.Revoked[e.Fingerprint]
					list = append(list, out)
				}
				if err := c.print(list, func() { c.sayCertificates(list) }); err != nil || len(list) > 0 {
					return err
				}
				return c.nothingFound(view, a.Diagnose(view))
			})
		},
	}
}

// nothingFound never stands alone: it names the layer that failed and the way out.
func (c *command) nothingFound(view app.View, diagnosis report.Report) error {
	out, err := c.readersOutput(view, diagnosis)
	if err != nil {
		return err
	}
	if !c.json {
		c.sayLayers(out)
	}
	failed := &app.Error{Op: "list certificates", Kind: app.NoCard}
	if len(view.Findings) > 0 {
		failed.Err = errors.New(view.Findings[0].String())
	}
	return failed
}

func certificateOutputOf(e register.Entry, procedure string, at time.Time) certificateOutput {
	return certificateOutput{
		Holder: e.HolderName, Organisation: e.Organisation, Issuer: e.IssuerName, Serial: e.Serial, Fingerprint: e.Fingerprint,
		ValidFrom: e.NotBefore, ValidUntil: e.NotAfter, DaysLeft: e.DaysLeft(at), Purpose: e.Purpose, Qualified: e.Qualified,
		Key: e.KeyAlgorithm, KeyOnCard: e.KeyOnCard, State: e.State, Card: e.CardSerial, CardLabel: e.CardLabel, Reader: e.Reader,
		Procedure: procedure, Problem: e.Problem,
	}
}

func (c *command) sayCertificates(list []certificateOutput) {
	for i, x := range list {
		if i > 0 {
			c.say("")
		}
		if x.Problem != "" {
			c.say("broken certificate on card %s: %s", x.Card, x.Problem)
		}
		state := x.State
		if x.Revoked {
			state += ", revoked"
		}
		c.say("%s  [%s]", x.Holder, state)
		if x.Organisation != "" && x.Organisation != x.Holder {
			c.say("  organisation  %s", x.Organisation)
		}
		c.say("  issuer        %s", x.Issuer)
		c.say("  serial        %s", x.Serial)
		c.say("  SHA-256       %s", x.Fingerprint)
		c.say("  valid         %s to %s, %d days left", x.ValidFrom.Local().Format(time.DateOnly), x.ValidUntil.Local().Format(time.DateOnly), x.DaysLeft)
		c.say("  for           %s, qualified: %t", x.Purpose, x.Qualified)
		c.say("  key           %s, on the card: %s", x.Key, x.KeyOnCard)
		c.say("  card          %s, serial number %s", x.CardLabel, x.Card)
		c.say("  procedure     %s", x.Procedure)
	}
}
