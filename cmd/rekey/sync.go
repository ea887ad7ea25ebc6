package main

import (
	"cmp"
	"time"

	"github.com/spf13/cobra"

	"rekey/app"
)

// Output of "rekey sync --json".
type syncOutput struct {
	Sent    int `json:"sent"`
	Pulled  int `json:"pulled"`
	Waiting int `json:"waiting"`
}

// Output of "rekey sync --status --json".
type outboxOutput struct {
	Configured bool         `json:"configured"`
	Waiting    int          `json:"waiting"`
	Oldest     *time.Time   `json:"oldest,omitempty"`
	AgeSeconds int64        `json:"age_seconds"` // of the oldest
	Next       *time.Time   `json:"next,omitempty"`
	LastError  string       `json:"last_error,omitempty"` // kind
	What       string       `json:"what,omitempty"`       // the same in words
	Do         string       `json:"do,omitempty"`
	Detail     string       `json:"detail,omitempty"`
	Items      []app.Unsent `json:"items"`
}

func (c *command) syncCommand() *cobra.Command {
	var status bool
	cmd := &cobra.Command{
		Use:   "sync",
		Short: "Send what waits and fetch what is new, or tell what waits and why",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(func(a *app.App) error {
				if status {
					return c.outboxStatus(a)
				}
				r, err := a.Sync(cmd.Context())
				err = cmp.Or(err, c.print(syncOutput{r.Sent, r.Pulled, r.Waiting}, func() {
					c.say("sent %d, fetched %d, waiting %d", r.Sent, r.Pulled, r.Waiting)
				}))
				if err == nil && r.Waiting > 0 {
					err = errUnsent
				}
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&status, "status", false, "only tell what waits, since when, when it is tried again, and the last error")
	return cmd
}

// outboxStatus tells without sending anything.
func (c *command) outboxStatus(a *app.App) error {
	box, err := a.Outbox()
	if err != nil {
		return err
	}
	out := outboxOutput{Configured: box.Configured, Waiting: box.Waiting, LastError: box.LastError, Detail: box.Detail, Items: append([]app.Unsent{}, box.Items...)}
	if !box.Oldest.IsZero() {
		out.Oldest, out.AgeSeconds = &box.Oldest, int64(time.Since(box.Oldest)/time.Second)
	}
	if !box.Next.IsZero() {
		out.Next = &box.Next
	}
	out.What, out.Do = c.words(box.LastError)
	return c.print(out, func() { c.sayOutbox(out) })
}

// words gives the two sentences for a kind of error in the user's language.
func (c *command) words(kind string) (what, do string) {
	texts, err := c.texts()
	if kind == "" || err != nil {
		return "", ""
	}
	return texts.T("error." + kind + ".what"), texts.T("error." + kind + ".do")
}

const minutes = "2006-01-02 15:04"

func (c *command) sayOutbox(out outboxOutput) {
	if !out.Configured {
		c.say("no central API is set")
	}
	if out.Waiting == 0 {
		c.say("nothing waits")
	} else {
		c.say("waiting: %d, the oldest since %s (%s)", out.Waiting, out.Oldest.Local().Format(minutes), (time.Duration(out.AgeSeconds) * time.Second).String())
	}
	if out.Next != nil {
		c.say("next try: %s", due(*out.Next))
	}
	if out.LastError != "" {
		c.say("last error: %s", out.What)
		c.say("            %s", out.Do)
		c.say("            (%s)", out.Detail)
	}
	for _, it := range out.Items {
		line := unsentText(it)
		c.say("  %s, since %s, tries: %d", line, it.Since.Local().Format(minutes), it.Attempts)
		what, do := c.words(it.LastError)
		switch {
		case it.Refused != "":
			c.say("      refused: %s", it.Refused)
			c.say("      Not sent again by itself; \"rekey sync\" tries once more.")
		case it.LastError != "":
			c.say("      %s %s", what, do)
			c.say("      next try: %s", due(it.Next))
		}
	}
}

// unsentText names a thing of the outbox.
func unsentText(it app.Unsent) string {
	switch {
	case it.Case == "":
		return it.Kind
	case it.Kind == "case":
		return "case " + it.Case
	}
	return it.Kind + " of case " + it.Case
}

func due(at time.Time) string {
	if !at.After(time.Now()) {
		return "at once"
	}
	return at.Local().Format("2006-01-02 15:04:05")
}
