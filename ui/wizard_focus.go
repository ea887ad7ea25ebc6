package ui

import "rekey/ui/control"

// firstFocus is the control that the page starts with.
func (z *wizard) firstFocus() string {
	switch {
	case z.proc == nil:
		return ""
	case z.draft.Page == wizardStart:
		return "wizard.reason." + z.draft.Reason
	case z.draft.Page == wizardRoute:
		return z.firstChosen()
	case z.draft.Page != wizardDetails:
		return ""
	}
	for _, f := range z.asks() {
		if !f.Fixed && z.draft.Details[f.ID] == "" && f.Required {
			return "field." + f.ID
		}
	}
	return ""
}

// firstChosen is the first option of the page that is marked: the card or the key where the holder makes one, else the way of sending.
func (z *wizard) firstChosen() string {
	for _, c := range controls(z.w.win.Canvas()) {
		if o, ok := c.Control.(*control.Option); ok && o.Chosen() {
			return c.ID()
		}
	}
	return ""
}
