package cases

import (
	"slices"

	"rekey/app/procedure"
)

// correctable says whether the office takes a corrected case in this state.
func correctable(state string) bool { return state == "received" || state == "returned" }

// conflicted merges what the office had with what was on its way to it. The holder's details, rows and documents stay as they are here.
// Where the office still takes a correction, ours goes again, now on top of the office's version; else the office's word holds, and what
// was on its way has come too late.
func (c *Case) conflicted(e Event) []Effect {
	again := correctable(e.Office)
	c.Conflicts = append(slices.Clone(c.Conflicts), Conflict{At: e.At, Office: e.Office, Why: e.Why, Again: again})
	c.Version = max(c.Version, e.Version)
	if again {
		return []Effect{Submit, NotifyHolder}
	}
	c.done(procedure.Send, e.At) // the office has the case; which content counts it has decided
	c.decided(e)
	return []Effect{NotifyHolder}
}
