package cases

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"rekey/app/procedure"
)

// EventKind names what happened. Append only: events are kept on disk.
type EventKind string

// Kinds of events.
const (
	Opened      EventKind = "opened"       // the case with its steps
	KeyIntended EventKind = "key-intended" // KeyID is on disk, the card is asked next
	KeyMade     EventKind = "key-made"     // SPKI
	Filed       EventKind = "filed"        // a document came to be
	StepDone    EventKind = "step-done"    // Step
	Queued      EventKind = "queued"       // handed to the outbox
	Sent        EventKind = "sent"         // the office has it
	Decided     EventKind = "decided"      // Office, Why
	Installed   EventKind = "installed"    // Fingerprint: written, read back, proved
	Chosen      EventKind = "chosen"       // Fingerprint: current from now on
	Noted       EventKind = "noted"        // something worth knowing that changes nothing: Note, Why
	Refused     EventKind = "refused"      // the central API refused for good: Why
	Cancelled   EventKind = "cancelled"    // given up by the holder, before the office had it
	Corrected   EventKind = "corrected"    // Details, Rows: the holder has mended what the office returned
	Conflicted  EventKind = "conflict"     // the office's copy had changed meanwhile: Theirs, Ours, and Office, Why, Version of theirs
	Reopened    EventKind = "reopened"     // was given up here, but the office had it all the same: it goes on
	StepUndone  EventKind = "step-undone"  // Step: the mark on it was a slip, and nothing had followed
)

// Event is one fact in the life of a case.
type Event struct {
	Case        string    `json:"case"`
	Seq         int       `json:"seq"` // 1, 2, 3 …
	At          time.Time `json:"at"`
	Kind        EventKind `json:"kind"`
	Open        *Case     `json:"open,omitempty"`
	Step        string    `json:"step,omitempty"`
	KeyID       []byte    `json:"key_id,omitempty"`
	Algorithm   string    `json:"algorithm,omitempty"`
	SPKI        []byte    `json:"spki,omitempty"`
	Document    *Document `json:"document,omitempty"`
	Office      string    `json:"office,omitempty"`
	Note        string    `json:"note,omitempty"` // of Noted: what it is about
	Why         string    `json:"why,omitempty"`
	Said        time.Time `json:"said,omitzero"` // when the office decided, by its own clock
	Fingerprint string    `json:"fingerprint,omitempty"`

	Details map[string]string   `json:"details,omitempty"`
	Rows    []map[string]string `json:"rows,omitempty"`    // of corrected: the whole table; absent in what older versions wrote
	Version int64               `json:"version,omitempty"` // of the office's copy
	Theirs  json.RawMessage     `json:"theirs,omitempty"`  // of a conflict: the case as the office had it
	Ours    json.RawMessage     `json:"ours,omitempty"`    // of a conflict: what was on its way
}

// Effect is what the caller has to do in the same transaction.
type Effect string

// Effects.
const (
	Submit       Effect = "submit"        // put the case into the outbox; when the event names a document, only that
	SetCurrent   Effect = "set-current"   // remember the holder's choice of Fingerprint
	NotifyHolder Effect = "notify-holder" // the office has said something
)

// Errors of Apply.
var (
	ErrNotOpened = errors.New("case is not opened")
	ErrOpened    = errors.New("case is already opened")
	ErrOrder     = errors.New("event does not fit the case")
)

// Apply gives the case after the event and what follows from it. The case given is not changed.
func Apply(c Case, e Event) (Case, []Effect, error) {
	if (e.Kind == Opened) == (c.ID != "") {
		if c.ID == "" {
			return c, nil, ErrNotOpened
		}
		return c, nil, ErrOpened
	}
	if e.Kind == Opened {
		if e.Open == nil || e.Open.ID == "" {
			return c, nil, fmt.Errorf("%w: opened without a case", ErrOrder)
		}
		c = *e.Open
		c.CreatedAt = e.At
		c.Events = 0
	}
	n := c
	n.Steps = slices.Clone(c.Steps)
	n.Documents = slices.Clone(c.Documents)
	n.Details = maps.Clone(c.Details)
	n.UpdatedAt, n.Events = e.At, c.Events+1
	effects, err := apply(&n, e)
	if err != nil {
		return c, nil, err
	}
	return n, effects, nil
}

func apply(n *Case, e Event) ([]Effect, error) {
	if n.Cancelled != (e.Kind == Reopened) {
		return nil, fmt.Errorf("%w: the case was cancelled, or is not", ErrOrder)
	}
	switch e.Kind {
	case Opened:
		n.done(procedure.Fill, e.At)
	case KeyIntended, KeyMade, Installed:
		return nil, n.card(e)
	case Filed:
		if e.Document == nil {
			return nil, fmt.Errorf("%w: no document", ErrOrder)
		}
		n.Documents = append(n.Documents, *e.Document)
		if e.Step != "" {
			n.done(e.Step, e.At)
		}
	case StepDone:
		if !n.done(e.Step, e.At) {
			return nil, fmt.Errorf("%w: no open step %q", ErrOrder, e.Step)
		}
	case StepUndone:
		if err := n.MayReopen(e.Step); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(n.Steps, func(s Step) bool { return s.ID == e.Step })
		n.Steps[i].State, n.Steps[i].At = Pending, time.Time{}
	case Queued:
		return []Effect{Submit}, nil
	case Sent:
		n.done(procedure.Send, e.At)
		n.Version = max(n.Version, e.Version)
		if n.Office == "" {
			n.Why = "" // a refusal that was mended
		}
	case Refused:
		n.Why = e.Why
	case Noted:
		n.note(Note{e.Note, e.Why})
	case Decided:
		n.decided(e)
		return []Effect{NotifyHolder}, nil
	case Cancelled:
		if n.AtOffice() {
			return nil, fmt.Errorf("%w: the office has the case already", ErrOrder)
		}
		n.Cancelled = true
	case Reopened:
		n.Cancelled = false
		n.done(procedure.Send, e.At)
		n.note(Note{What: NoteReopened})
	case Corrected:
		return nil, n.corrected(e)
	case Conflicted:
		return n.conflicted(e), nil
	case Chosen:
		if n.New == "" || e.Fingerprint != n.New {
			return nil, fmt.Errorf("%w: only the installed new certificate is chosen", ErrOrder)
		}
		n.done(procedure.Choose, e.At)
		return []Effect{SetCurrent}, nil
	default:
		return nil, fmt.Errorf("%w: unknown kind %q", ErrOrder, e.Kind)
	}
	return nil, nil
}

// card takes over what was done with the card. Each of it happens once.
func (c *Case) card(e Event) error {
	switch {
	case e.Kind == KeyIntended && len(c.SPKI) > 0:
		return fmt.Errorf("%w: the key is made already", ErrOrder)
	case e.Kind == KeyIntended && len(c.KeyID) > 0 && (string(c.KeyID) != string(e.KeyID) || c.KeyAlgorithm == e.Algorithm):
		return fmt.Errorf("%w: a key is already intended", ErrOrder) // only its algorithm may change, when the card has refused one
	case e.Kind == KeyIntended && len(e.KeyID) == 0:
		return fmt.Errorf("%w: a key without an identifier", ErrOrder)
	case e.Kind == KeyIntended:
		c.KeyID, c.KeyAlgorithm = e.KeyID, e.Algorithm
	case e.Kind == KeyMade && len(c.KeyID) == 0:
		return fmt.Errorf("%w: key made before its identifier was kept", ErrOrder)
	case e.Kind == KeyMade && len(e.SPKI) == 0:
		return fmt.Errorf("%w: a key without its public half", ErrOrder)
	case e.Kind == KeyMade && len(c.SPKI) > 0:
		return fmt.Errorf("%w: the key is made already", ErrOrder)
	case e.Kind == KeyMade:
		c.SPKI = e.SPKI
		c.done(procedure.MakeKey, e.At)
	case len(c.SPKI) == 0 || e.Fingerprint == "":
		return fmt.Errorf("%w: installed without a key and a certificate", ErrOrder)
	case c.New != "" && c.New != e.Fingerprint:
		return fmt.Errorf("%w: another certificate is installed already", ErrOrder)
	default:
		c.New = e.Fingerprint
		c.done(procedure.Install, e.At)
	}
	return nil
}

// corrected opens again what a mended case has to go through anew: request, form, signature, sending and the
// office's look. The key stays.
func (c *Case) corrected(e Event) error {
	if !c.Returned() {
		return fmt.Errorf("%w: only a case that the office has returned is corrected", ErrOrder)
	}
	c.Details = maps.Clone(e.Details)
	if len(e.Rows) > 0 {
		c.Rows = e.Rows
	}
	c.Office, c.Why = "", ""
	for i := range c.Steps {
		switch c.Steps[i].What {
		case procedure.Request, procedure.Form, procedure.ESign, procedure.Send, procedure.Approve:
			c.Steps[i].State, c.Steps[i].At = Pending, time.Time{}
		}
	}
	return nil
}

// decided takes over what the office says. A later state includes the earlier ones: answers may be seen late.
func (c *Case) decided(e Event) {
	c.Office, c.Why = e.Office, e.Why
	c.Version = max(c.Version, e.Version)
	switch e.Office {
	case "approved":
		c.done(procedure.Approve, e.At)
	case "issued":
		c.done(procedure.Approve, e.At)
		c.done(procedure.Issue, e.At)
	case "returned":
		for i := range c.Steps {
			if c.Steps[i].What == procedure.Approve {
				c.Steps[i].State, c.Steps[i].At = Failed, time.Time{}
			}
		}
	}
}

// done marks the first open step of this kind or ID.
func (c *Case) done(what string, at time.Time) bool {
	for i := range c.Steps {
		if s := &c.Steps[i]; (s.What == what || s.ID == what) && s.State != Done {
			s.State, s.At = Done, at
			return true
		}
	}
	return false
}
