package cases

import (
	"fmt"
	"slices"

	"rekey/app/procedure"
)

// MayMark says whether a person may mark a step as done now: nil, or why not. It is the one rule for the window, the command line and the
// store: the step is a person's, and nothing that holds it up is open before it.
func (c *Case) MayMark(stepID string) error {
	i := slices.IndexFunc(c.Steps, func(s Step) bool { return s.ID == stepID })
	switch {
	case i < 0:
		return fmt.Errorf("the case has no step %q", stepID)
	case c.Cancelled:
		return fmt.Errorf("the case was given up")
	case c.Steps[i].State == Done:
		return fmt.Errorf("step %q is done already", stepID)
	case !byHand(c.Steps[i]):
		return fmt.Errorf("step %q is not for the holder to tick off", stepID)
	case c.FormFollows(stepID):
		return fmt.Errorf("step %q is done by attaching: what is attached goes into the form", stepID)
	}
	for _, before := range c.Steps[:i] {
		if before.State != Done && holdsUp(before, c.Steps[i]) {
			return fmt.Errorf("step %q comes after %q, which is not done yet", stepID, before.ID)
		}
	}
	return nil
}

// MayReopen says whether a mark may be taken back: nil, or why not. That nothing has followed is for the caller to know: the events tell.
func (c *Case) MayReopen(stepID string) error {
	i := slices.IndexFunc(c.Steps, func(s Step) bool { return s.ID == stepID })
	if i < 0 || c.Cancelled || c.Steps[i].State != Done || !byHand(c.Steps[i]) {
		return fmt.Errorf("%w: step %q was not marked by hand", ErrOrder, stepID)
	}
	return nil
}

// holdsUp says whether an open step keeps a later one from being done by hand. What Rekey sends goes by itself beside what people do on
// paper. Paying needs only the form, and paper is printed and signed whether it was paid or not; but it is not handed in before.
// The office's and the authority's word holds up everything.
func holdsUp(before, s Step) bool {
	switch {
	case others(before.Who), before.What == procedure.Form:
		return true
	case before.What == procedure.Send, s.What == procedure.Pay:
		return false
	case before.What == procedure.Pay:
		return s.What != procedure.Print && s.What != procedure.SignPaper
	}
	return true
}

// byHand says whether a step is the holder's to tick off. What is waited for has come when the holder says so.
func byHand(s Step) bool {
	if s.What == procedure.Await {
		return true
	}
	return !Machine(s.What) && !others(s.Who) && s.What != procedure.Fill && s.What != procedure.Choose
}

// others are those whose acts the holder only hears of.
func others(who string) bool { return who == "office" || who == "authority" }

// FormFollows says that a document is attached in this step that goes into a form which is still to be made.
func (c *Case) FormFollows(stepID string) bool {
	i := slices.IndexFunc(c.Steps, func(s Step) bool { return s.ID == stepID })
	return i >= 0 && c.Steps[i].What == procedure.Attach &&
		slices.ContainsFunc(c.Steps[i+1:], func(s Step) bool { return s.What == procedure.Form && s.State != Done })
}

// Waits says whether nothing that comes after this open step can be done before somebody has acted. issued: the certificate is there.
func (c *Case) Waits(s Step, issued bool) bool {
	switch s.What {
	case procedure.Approve, procedure.Decide, procedure.Issue, procedure.Receive, procedure.Await, procedure.Revoke, procedure.Choose:
		return true
	case procedure.Install:
		return !issued
	}
	return c.FormFollows(s.ID)
}

// Ahead lists what Rekey itself can do now, in order. issued: the certificate is there.
func (c *Case) Ahead(issued bool) (whats []string) {
	for _, s := range c.Steps {
		switch {
		case c.Cancelled || s.State != Done && c.Waits(s, issued):
			return whats
		case s.State != Done && Machine(s.What):
			whats = append(whats, s.What)
		}
	}
	return whats
}
