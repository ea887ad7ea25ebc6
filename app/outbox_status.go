package app

import (
	"slices"
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
	return Unsent{it.Kind, it.Case, it.Since, it.Attempts, it.NotBefore, string(it.LastKind), it.Refused}
}

// outbox reads what waits.
func (a *App) outbox() (Outbox, error) {
	var box Outbox
	var state rest
	err := a.store.View(func(tx *store.Tx) error {
		state, _ = store.Get[rest](tx, store.Settings, settingRest)
		box.Configured = a.address(tx) != ""
		all, err := waiting(tx)
		for _, it := range all {
			box.Items = append(box.Items, it.unsent())
		}
		return err
	})
	box.LastError, box.Detail = string(state.Kind), state.Detail
	for i := range box.Items {
		it := &box.Items[i]
		if it.Refused == "" {
			it.Next = later(it.Next, state.until())
			if box.Next.IsZero() || it.Next.Before(box.Next) {
				box.Next = it.Next
			}
		}
		if box.Oldest.IsZero() || it.Since.Before(box.Oldest) {
			box.Oldest = it.Since
		}
	}
	box.Waiting = len(box.Items)
	return box, failed("read outbox", err)
}

// Outbox tells what has not reached the office yet, and why.
func (a *App) Outbox() (Outbox, error) { return a.outbox() }

// untilNext is how long nothing is due; longestWait at the most.
func (a *App) untilNext() time.Duration {
	lines, err := a.lines()
	if err != nil || len(lines) == 0 {
		return longestWait
	}
	until := a.rest().until()
	next := slices.MinFunc(lines, func(x, y item) int { return x.NotBefore.Compare(y.NotBefore) }).NotBefore
	return max(leastPause, min(later(next, until).Sub(a.now()), longestWait))
}

// lines gives the first thing of each line that waits for time.
func (a *App) lines() (first []item, err error) {
	begun := map[string]bool{}
	err = a.store.View(func(tx *store.Tx) error {
		all, err := waiting(tx)
		for _, it := range all {
			if it.Refused == "" && !begun[it.line()] {
				begun[it.line()], first = true, append(first, it)
			}
		}
		return err
	})
	return first, err
}
