package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rekey/app"
	"rekey/app/attorney"
	"rekey/app/identity"
)

// attorneyFlags are the flags of "rekey attorney".
type attorneyFlags struct {
	signature, snils, name string
	inns                   []string
}

// Output of "rekey attorney --json".
type attorneyOutput struct {
	Good     bool              `json:"good"` // nothing failed; warnings and unknowns are for a person to judge
	Attorney attorney.Attorney `json:"attorney"`
	Findings []findingOutput   `json:"findings"`
}

type findingOutput struct {
	ID      string `json:"id"`
	State   string `json:"state"`
	Russian string `json:"ru"`
	English string `json:"en"`
}

func (c *command) attorneyCommand() *cobra.Command {
	var f attorneyFlags
	cmd := &cobra.Command{
		Use:   "attorney FILE.xml",
		Short: "Show and check a Russian machine-readable power of attorney (МЧД, EMCHD_1)",
		Args:  cobra.ExactArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return c.attorney(args[0], f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.signature, "signature", "", "the detached signature (default: FILE.xml.sig or FILE.sig when it is there)")
	flags.StringArrayVar(&f.inns, "inn", nil, "INN to compare with: 10 digits of our organisation, 12 of the card's holder; may be given again")
	flags.StringVar(&f.snils, "snils", "", "СНИЛС of the card's holder")
	flags.StringVar(&f.name, "name", "", "surname, name and patronymic of the card's holder")
	return cmd
}

func (c *command) attorney(path string, f attorneyFlags) error {
	const op = "check power of attorney"
	facts, err := f.facts()
	if err != nil {
		return usageError{err}
	}
	if facts.File, err = readAtMost(path, 5<<20); err != nil {
		return err
	}
	if facts.Signature, err = f.readSignature(path); err != nil {
		return err
	}
	a, err := attorney.Parse(facts.File)
	if err != nil {
		return &app.Error{Op: op, Kind: app.BadInput, Err: err}
	}
	findings := attorney.Check(a, facts)
	out := attorneyOutput{Good: attorney.Good(findings), Attorney: a, Findings: []findingOutput{}}
	for _, x := range findings {
		out.Findings = append(out.Findings, findingOutput{x.ID, string(x.State), x.Russian(), x.English()})
	}
	if err := c.print(out, func() { c.sayAttorney(out) }); err != nil {
		return err
	}
	if !out.Good {
		return &app.Error{Op: op, Kind: app.BadInput, Err: errors.New("the power of attorney cannot be used")}
	}
	return nil
}

// facts reads what to compare with; a number that is wrong in itself is a wrong command line.
func (f attorneyFlags) facts() (attorney.Facts, error) {
	facts := attorney.Facts{Now: time.Now(), Holder: attorney.Person{Last: f.name}}
	for _, inn := range f.inns {
		r := identity.Check("inn", inn)
		switch {
		case !r.OK:
			return facts, r.Err()
		case len(r.Normal) == 10:
			facts.INN = r.Normal
		default:
			facts.Holder.INN = r.Normal
		}
	}
	if f.snils != "" {
		r := identity.Check("snils", f.snils)
		if !r.OK {
			return facts, r.Err()
		}
		facts.Holder.SNILS = r.Normal
	}
	return facts, nil
}

// readSignature finds the file beside the power of attorney when none was named; none at all is for the check to say.
func (f attorneyFlags) readSignature(path string) ([]byte, error) {
	const most = 1 << 20
	if f.signature != "" {
		return readAtMost(f.signature, most)
	}
	for _, beside := range []string{path + ".sig", strings.TrimSuffix(path, ".xml") + ".sig"} {
		if _, err := os.Stat(beside); err == nil {
			return readAtMost(beside, most)
		}
	}
	return nil, nil
}

func (c *command) sayAttorney(out attorneyOutput) {
	a := out.Attorney
	line := func(label, value string) {
		if value != "" {
			c.say("%-16s %s", label, value)
		}
	}
	line("number", a.Number)
	line("internal number", a.Internal)
	line("grantor", strings.TrimSpace(a.Grantor.Name+", ИНН "+a.Grantor.INN+", КПП "+a.Grantor.KPP+", ОГРН "+a.Grantor.OGRN))
	for _, p := range a.Heads {
		line("head", describe(p))
	}
	for _, p := range a.Representatives {
		line("representative", describe(p))
	}
	line("powers", a.PowerText)
	for _, p := range a.Powers {
		line("power", p.Code+" "+p.Name)
		for _, l := range p.Limits {
			line("  limit", fmt.Sprintf("%s %s: %s", l.Code, l.Name, l.Value))
		}
	}
	for _, f := range out.Findings {
		text := f.English
		if c.lang == "ru" {
			text = f.Russian
		}
		c.say("[%s] %s", f.State, text)
	}
}

func describe(p attorney.Person) string {
	parts := []string{p.Name()}
	for _, x := range []struct{ label, value string }{{"", p.Position}, {"ИНН ", p.INN}, {"СНИЛС ", p.SNILS}} {
		if x.value != "" {
			parts = append(parts, x.label+x.value)
		}
	}
	return strings.Join(parts, ", ")
}
