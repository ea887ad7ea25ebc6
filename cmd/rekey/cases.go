package main

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rekey/app"
	"rekey/app/cases"
)

// Output of "rekey cases --json": a list of these, or one.
type caseOutput struct {
	ID        string           `json:"id"`
	Procedure string           `json:"procedure"`
	Reason    string           `json:"reason"`
	Route     string           `json:"route"`
	Holder    string           `json:"holder"`
	Card      string           `json:"card"`
	Current   string           `json:"current_sha256"`
	New       string           `json:"new_sha256,omitempty"`
	Office    string           `json:"office,omitempty"`
	Why       string           `json:"why,omitempty"`
	Closed    bool             `json:"closed"`
	Conflicts []cases.Conflict `json:"conflicts,omitempty"`
	Notes     []cases.Note     `json:"notes,omitempty"`
	CreatedAt time.Time        `json:"created_at"`
	Steps     []stepOutput     `json:"steps"`
	Documents []documentOutput `json:"documents"`
}

type stepOutput struct {
	ID    string     `json:"id"`
	Who   string     `json:"who"`
	What  string     `json:"what"`
	State string     `json:"state"`
	At    *time.Time `json:"at,omitempty"`
	Due   string     `json:"due,omitempty"` // last day, YYYY-MM-DD
	Note  string     `json:"note,omitempty"`
}

type documentOutput struct {
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

func (c *command) casesCommand() *cobra.Command {
	var done string
	var cancel bool
	var count []string
	cmd := &cobra.Command{
		Use:   "cases [ID]",
		Short: "List the cases, or show one with its steps, documents and deadlines",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(func(a *app.App) error {
				if len(count) > 0 {
					return c.countCases(a, count)
				}
				if len(args) == 0 {
					return c.listCases(a)
				}
				course, err := a.Case(args[0])
				if err == nil && done != "" {
					course, err = a.StepDone(course.ID, done)
				}
				if err == nil && cancel {
					course, err = a.Cancel(course.ID)
				}
				if err != nil {
					return err
				}
				out := caseOutputOf(a, course)
				return c.print(out, func() { c.sayCase(out) })
			})
		},
	}
	cmd.Flags().StringVar(&done, "done", "", "record that this step was done on paper")
	cmd.Flags().BoolVar(&cancel, "cancel", false, "give the case up; only before the office has it")
	cmd.Flags().StringSliceVar(&count, "count", nil, "count the cases by these fields, such as province,branch")
	return cmd
}

// Output of "rekey cases --count --json": a list of these.
type countOutput struct {
	Values map[string]string `json:"values"`
	Cases  int               `json:"cases"`
	Closed int               `json:"closed"`
}

// countCases gives the figures by some fields of the details, the largest first.
func (c *command) countCases(a *app.App, fields []string) error {
	all, err := a.Cases()
	if err != nil {
		return err
	}
	byKey := map[string]*countOutput{}
	for _, x := range all {
		if x.Cancelled {
			continue
		}
		values, key := map[string]string{}, ""
		for _, f := range fields {
			values[f] = x.Details[f]
			key += x.Details[f] + "\x00"
		}
		if byKey[key] == nil {
			byKey[key] = &countOutput{Values: values}
		}
		byKey[key].Cases++
		if x.Closed() {
			byKey[key].Closed++
		}
	}
	list := []countOutput{}
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		list = append(list, *byKey[key])
	}
	slices.SortStableFunc(list, func(x, y countOutput) int { return y.Cases - x.Cases })
	return c.print(list, func() {
		for _, x := range list {
			var words []string
			for _, f := range fields {
				words = append(words, f+": "+x.Values[f])
			}
			c.say("%5d cases, %d closed  %s", x.Cases, x.Closed, strings.Join(words, ", "))
		}
	})
}

func (c *command) listCases(a *app.App) error {
	all, err := a.Cases()
	if err != nil {
		return err
	}
	list := []caseOutput{}
	for _, x := range all {
		list = append(list, caseOutputOf(a, x))
	}
	return c.print(list, func() {
		for _, x := range list {
			next := "closed"
			for _, s := range x.Steps {
				if s.State != string(cases.Done) {
					next = "next: " + s.Who + " " + s.What
					break
				}
			}
			c.say("%s  %s  %s  %s  %s", x.ID, x.CreatedAt.Local().Format(time.DateOnly), x.Procedure, x.Holder, next)
		}
	})
}

func caseOutputOf(a *app.App, x cases.Case) caseOutput {
	out := caseOutput{
		ID: x.ID, Procedure: x.Procedure, Reason: x.Reason, Route: x.Route, Holder: x.Holder, Card: x.CardSerial, Current: x.Current,
		New: x.New, Office: x.Office, Why: x.Why, Closed: x.Closed(), Conflicts: x.Conflicts, Notes: x.Notes, CreatedAt: x.CreatedAt, Steps: []stepOutput{}, Documents: []documentOutput{},
	}
	for _, s := range x.Steps {
		step := stepOutput{ID: s.ID, Who: s.Who, What: s.What, State: string(s.State), Note: a.StepNote(x, s.ID)}
		if !s.At.IsZero() {
			step.At = &s.At
		}
		if !s.Due.IsZero() {
			step.Due = s.Due.Format(time.DateOnly)
		}
		out.Steps = append(out.Steps, step)
	}
	for _, d := range x.Documents {
		out.Documents = append(out.Documents, documentOutput{Kind: d.Kind, Name: d.Name, SHA256: d.SHA256, Size: d.Size})
	}
	return out
}

func (c *command) sayCase(x caseOutput) {
	c.say("%s: %s, %s, %s, route %s", x.ID, x.Holder, x.Procedure, x.Reason, x.Route)
	if x.Office != "" {
		c.say("  office: %s %s", c.word("office."+x.Office, x.Office), x.Why)
	} else if x.Why != "" {
		c.say("  %s", x.Why)
	}
	for _, k := range x.Conflicts {
		state := c.word("office."+k.Office, k.Office)
		what := "the office had gone on (" + state + "); its word holds, ours is kept in the case"
		if k.Again {
			what = "the office's copy had changed (" + state + "); ours was sent again on top of it"
		}
		c.say("  conflict %s: %s", k.At.Local().Format(minutes), what)
	}
	for _, note := range x.Notes {
		c.say("  %s", c.noteText(note))
	}
	for _, s := range x.Steps {
		line := "  [" + s.State + "] " + s.Who + ": " + s.What
		if s.ID != s.What {
			line += " (" + s.ID + ")"
		}
		if s.Due != "" && s.State != string(cases.Done) {
			line += ", by " + s.Due
		}
		c.say("%s", line)
		if s.Note != "" && s.State != string(cases.Done) {
			c.say("            %s", s.Note)
		}
	}
	for _, d := range x.Documents {
		c.say("  document %-22s %s %s", d.Name, d.SHA256[:16], d.Kind)
	}
}

// noteText is a note in the user's language; what the office or a cause says stays as it is.
func (c *command) noteText(n cases.Note) string {
	switch {
	case n.What == "":
		return n.Why
	case n.Why == "":
		return c.word("note."+n.What, n.What)
	}
	return c.word("note."+n.What, n.What) + ": " + n.Why
}

// word is a text in the user's language, or the bare word where there is none: of a newer office, perhaps.
func (c *command) word(key, bare string) string {
	texts, err := c.texts()
	if err != nil || !texts.Has(key) {
		return bare
	}
	return texts.T(key)
}
