package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rekey/app"
	"rekey/app/report"
	"rekey/token"
	"rekey/ui/i18n"
)

// Output of "rekey readers --json".
type readersOutput struct {
	Modules  []moduleOutput  `json:"modules"`
	Readers  []readerOutput  `json:"readers"`
	Problems []problemOutput `json:"problems"`

	Found        bool          `json:"found"`         // a certificate for signing can be used
	FirstFailing string        `json:"first_failing"` // a layer, "" when none fails
	Layers       []layerOutput `json:"layers"`
}

type layerOutput struct {
	Layer string        `json:"layer"`
	State string        `json:"state"` // ok, failed, unknown
	Kind  string        `json:"kind,omitempty"`
	What  string        `json:"what,omitempty"`
	Do    string        `json:"do,omitempty"`
	Facts []report.Fact `json:"facts"`
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
	var support bool
	cmd := &cobra.Command{
		Use:   "readers",
		Short: "List modules, readers and cards, and what is missing or broken",
		Long: "List modules, readers and cards, and walk from the system's service up to the certificates to find what is missing or broken.\n" +
			"With --report it prints a report for support, which holds no names, no numbers of persons, no PINs and only masked serial numbers.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(func(a *app.App) error {
				view, err := a.Look(cmd.Context())
				if err != nil {
					return err
				}
				diagnosis := a.Diagnose(view)
				if support {
					return c.print(diagnosis, func() { fmt.Fprint(c.out, report.Text(diagnosis)) })
				}
				out, err := c.readersOutput(view, diagnosis)
				if err != nil {
					return err
				}
				return c.print(out, func() { c.sayReaders(out) })
			})
		},
	}
	cmd.Flags().BoolVar(&support, "report", false, "print a report for support with nothing personal in it")
	return cmd
}

func (c *command) readersOutput(view app.View, diagnosis report.Report) (readersOutput, error) {
	out := readersOutput{Modules: []moduleOutput{}, Readers: []readerOutput{}, Problems: []problemOutput{}, Found: diagnosis.Found, FirstFailing: diagnosis.FirstFailing}
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
			What: findingText(texts, f.Kind, "what"), Do: findingText(texts, f.Kind, "do"),
		})
	}
	for _, l := range diagnosis.Layers {
		step := layerOutput{Layer: l.Layer, State: l.State, Kind: l.Kind, Facts: l.Facts}
		if l.Kind != "" {
			step.What, step.Do = findingText(texts, l.Kind, "what"), findingText(texts, l.Kind, "do")
		}
		out.Layers = append(out.Layers, step)
	}
	return out, nil
}

// findingText is one of the two sentences for a finding; a kind without words of its own has those of a card error.
func findingText(texts *i18n.Printer, kind, part string) string {
	if key := "finding." + kind + "." + part; texts.Has(key) {
		return texts.T(key)
	}
	return texts.T("error." + string(app.CardError) + "." + part)
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
	c.sayLayers(out)
}

// sayLayers prints the walk: each layer, and what is wrong in it.
func (c *command) sayLayers(out readersOutput) {
	for _, l := range out.Layers {
		var seen []string
		for _, f := range l.Facts {
			seen = append(seen, f.Name+" "+f.Value)
		}
		c.say("%s", strings.TrimRight(fmt.Sprintf("%-13s %-8s %s", l.Layer, l.State, strings.Join(seen, ", ")), " "))
		for _, p := range out.Problems {
			if p.Layer != l.Layer {
				continue
			}
			c.say("        %s", sentences(p.What, p.Do))
			if detail := joinSpace(p.Module, p.Reader, p.Detail); detail != "" {
				c.say("        (%s)", detail)
			}
		}
	}
	if out.FirstFailing != "" && !out.Found {
		c.say("the first layer that fails: %s", out.FirstFailing)
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

// sentences joins what is a heading in the window and what stands below it.
func sentences(what, do string) string {
	if what == "" || do == "" || strings.ContainsAny(what[len(what)-1:], ".!?:") {
		return joinSpace(what, do)
	}
	return what + ". " + do
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
