package main

import (
	"bytes"

	"github.com/spf13/cobra"

	"rekey/app"
	"rekey/token"
)

// Output of "rekey readers --json".
type readersOutput struct {
	Modules  []moduleOutput  `json:"modules"`
	Readers  []readerOutput  `json:"readers"`
	Problems []problemOutput `json:"problems"`
}

type moduleOutput struct {
	Path  string `json:"path"`
	Error string `json:"error,omitempty"`
}

type readerOutput struct {
	Name   string      `json:"name"`
	Module string      `json:"module"`
	Card   *cardOutput `json:"card"`
}

type cardOutput struct {
	Serial       string `json:"serial"`
	Label        string `json:"label"`
	Manufacturer string `json:"manufacturer"`
	Model        string `json:"model"`
	Blank        bool   `json:"blank"`
	PINMin       int    `json:"pin_min"`
	PINMax       int    `json:"pin_max"`
	PINPad       bool   `json:"pin_pad"`
	PINCountLow  bool   `json:"pin_count_low"`
	PINFinalTry  bool   `json:"pin_final_try"`
	PINLocked    bool   `json:"pin_locked"`
}

type problemOutput struct {
	Layer  string `json:"layer"`
	Kind   string `json:"kind"`
	What   string `json:"what"`
	Do     string `json:"do"`
	Module string `json:"module,omitempty"`
	Reader string `json:"reader,omitempty"`
	Detail string `json:"detail,omitempty"`
}

func (c *command) readersCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "readers",
		Short: "List modules, readers and cards, and what is missing or broken",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(func(a *app.App) error {
				view, err := a.Look(cmd.Context())
				if err != nil {
					return err
				}
				out, err := c.readersOutput(view)
				if err != nil {
					return err
				}
				return c.print(out, func() { c.sayReaders(out) })
			})
		},
	}
}

func (c *command) readersOutput(view app.View) (readersOutput, error) {
	out := readersOutput{Modules: []moduleOutput{}, Readers: []readerOutput{}, Problems: []problemOutput{}}
	for _, m := range view.Snapshot.Modules {
		out.Modules = append(out.Modules, moduleOutput{Path: m.Path, Error: m.Err})
	}
	for _, r := range view.Snapshot.Readers {
		out.Readers = append(out.Readers, readerOutput{Name: r.Name, Module: r.Module, Card: cardOutputOf(r.Card)})
	}
	texts, err := c.texts()
	if err != nil {
		return out, err
	}
	for _, f := range view.Findings {
		out.Problems = append(out.Problems, problemOutput{
			Layer: f.Layer, Kind: f.Kind, Module: f.Module, Reader: f.Reader, Detail: f.Detail,
			What: texts.T("finding." + f.Kind + ".what"), Do: texts.T("finding." + f.Kind + ".do"),
		})
	}
	return out, nil
}

func cardOutputOf(card *token.Card) *cardOutput {
	if card == nil {
		return nil
	}
	return &cardOutput{
		Serial: card.Serial, Label: card.Label, Manufacturer: card.Manufacturer, Model: card.Model, Blank: card.Blank,
		PINMin: card.PIN.Min, PINMax: card.PIN.Max, PINPad: card.PIN.Pad, PINCountLow: card.PIN.CountLow, PINFinalTry: card.PIN.FinalTry, PINLocked: card.PIN.Locked,
	}
}

func (c *command) sayReaders(out readersOutput) {
	for _, m := range out.Modules {
		state := "loaded"
		if m.Error != "" {
			state = m.Error
		}
		c.say("module  %s: %s", m.Path, state)
	}
	for _, r := range out.Readers {
		switch {
		case r.Card == nil:
			c.say("reader  %s: empty", r.Name)
		case r.Card.Blank:
			c.say("reader  %s: a blank card", r.Name)
		default:
			c.say("reader  %s: card %q, serial number %s, %s", r.Name, r.Card.Label, r.Card.Serial, r.Card.Manufacturer)
			c.sayPIN(r.Card)
		}
	}
	for _, p := range out.Problems {
		c.say("%s", joinSpace(p.What, p.Do))
		if detail := joinSpace(p.Module, p.Reader, p.Detail); detail != "" {
			c.say("        (%s)", detail)
		}
	}
}

func (c *command) sayPIN(card *cardOutput) {
	switch {
	case card.PINLocked:
		c.say("        PIN: locked")
	case card.PINFinalTry:
		c.say("        PIN: one try left, a wrong one locks the card")
	case card.PINCountLow:
		c.say("        PIN: a wrong one was given before")
	}
}

func joinSpace(parts ...string) string {
	var b bytes.Buffer
	for _, p := range parts {
		if p != "" && b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p)
	}
	return b.String()
}
