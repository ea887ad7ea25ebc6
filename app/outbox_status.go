package app

import (
	"time"

	"rekey/store"
)

// Outbox is what still has to reach the office.
type Outbox struct {
	Waiting    int
	Oldest     time.Time
	Next       time.Time // when the first of it is tried again by itself; zero: nothing waits for time
	LastError  string    // Kind of the last failure, "" when the last try went through
	Detail     string    // of the last failure, in words
	Reached    time.Time // when an exchange last went through, to some minutes; zero: not known
	Configured bool      // a central API is set
	Items      []Unsent  // in order
}

// Unsent is one thing of the outbox.
type Unsent struct {
	Kind      string    `json:"kind"` // case, addition, holder, certificate, card, photo, receipt, revocation
	Case      string    `json:"case,omitempty"`
	Since     time.Time `json:"since"`
	Attempts  int       `json:"attempts"`
	Next      time.Time `json:"next,omitzero"`        // not before; zero: at once, or when the person wants it
	LastError string    `json:"last_error,omitempty"` // Kind of its last failure
	Refused   string    `json:"refused,omitempty"`    // what the office said: not sent again by itself
}

func (it item) unsent() Unsent {
	return Unsent{Kind: it.Kind, Case: it.Case, Since: it.Since, Attempts: it.Attempts, LastError: string(it.LastKind), Refused: it.Refused}
}

// outbox reads what waits.
func (a *App) outbox() (Outbox, error) {
	var box Outbox
	var state rest
	var lines [][]item
	now := a.now()
	err := a.store.View(func(tx *store.Tx) error {
		state, _ = store.Get[rest](tx, store.Settings, settingRest)
		box.Configured = a.address(tx) != ""
		all, err := waiting(tx)
		for _, it := range asPapers(all) {
			u := it.unsent()
			if it.Refused == "" {
				u.Next = later(it.until(now), state.until(now))
			}
			box.Items = append(box.Items, u)
			if box.Oldest.IsZero() || it.Since.Before(box.Oldest) {
				box.Oldest = it.Since
			}
		}
		if err == nil {
			lines, err = inLines(tx, false)
		}
		return err
	})
	box.LastError, box.Detail, box.Reached = string(state.Kind), state.Detail, state.Reached
	box.Waiting = len(box.Items)
	box.Next = later(firstOf(lines, now), state.until(now))
	if len(lines) == 0 {
		box.Next = time.Time{}
	}
	return box, failed("read outbox", err)
}

// asPapers leaves one thing for each paper, as the person has handed it in: a receipt goes out twice, as a document and, behind that, as a
// payment.
func asPapers(all []item) (papers []item) {
	first := map[string]int{} // the document, by the ID of the receipt that it may be
	for _, it := range all {
		at, behind := first[it.About]
		switch {
		case it.Kind == sendReceipt && it.Refused == "" && behind:
			papers[at].Kind = sendReceipt
			continue
		case it.Kind == sendAddition && it.Refused == "":
			first[receiptID(it.Case, it.About)] = len(papers)
		}
		papers = append(papers, it)
	}
	return papers
}

// Outbox tells what has not reached the office yet, and why.
func (a *App) Outbox() (Outbox, error) { return a.outbox() }

// untilNext is how long nothing is due; longestWait at the most.
func (a *App) untilNext() time.Duration {
	lines, err := a.lines(false)
	if err != nil || len(lines) == 0 {
		return longestWait
	}
	now := a.now()
	next := later(firstOf(lines, now), a.rest().until(now))
	return max(leastPause, min(next.Sub(now), longestWait))
}

// firstOf is when the first line is due.
func firstOf(lines [][]item, now time.Time) (first time.Time) {
	for i, line := range lines {
		if at := line[0].until(now); i == 0 || at.Before(first) {
			first = at
		}
	}
	return first
}
