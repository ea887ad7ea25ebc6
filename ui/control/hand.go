package control

import "time"

// quick is how soon a second press follows in a double click, or while Return is held down.
const quick = 400 * time.Millisecond

// Hand is who presses the controls of a window. It tells a press that is meant from the second half of a double click or of a Return
// pressed twice: that one never acts on another page than the first, and never presses a page's main button again. What
// counts is the time between the two presses alone, so who wants the next page can have it however young this one is.
type Hand struct {
	Now  func() time.Time // nil: the clock
	last time.Time
	page string // that was pressed on
	id   string // that was pressed
}

// HeldBy says who presses the control, and on which page it stands.
func (c *core) HeldBy(h *Hand, page string) { c.hand, c.page = h, page }

// means says whether a press is meant.
func (h *Hand) means(c *core) bool {
	if h == nil {
		return true
	}
	clock := h.Now
	if clock == nil {
		clock = time.Now
	}
	now := clock()
	soon := now.Sub(h.last) < quick
	h.last = now
	if soon && (c.page != h.page || c.main && c.id == h.id) {
		return false
	}
	h.page, h.id = c.page, c.id
	return true
}
