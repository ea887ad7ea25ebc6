// Package cases is the course of one renewal: a case, its steps and its events.
//
// It is pure: Apply takes a case and an event and gives the case after it and the effects that
// the caller has to carry out (in the same store transaction). The events are only ever appended; the case
// can be made again from them.
//
// It never touches a card, a file or the network, and knows no window.
package cases

import (
	"time"

	"rekey/app/procedure"
)

// Case is one walk of one holder through one procedure for one reason.
type Case struct {
	ID           string              `json:"id"` // UUIDv7
	Procedure    string              `json:"procedure"`
	Reason       string              `json:"reason"`
	Route        string              `json:"route"`
	Holder       string              `json:"holder"`     // name to show
	HolderKey    string              `json:"holder_key"` // register.HolderKey
	CardSerial   string              `json:"card"`
	Current      string              `json:"current"` // SHA-256 fingerprint of the certificate to be renewed
	Details      map[string]string   `json:"details"`
	Rows         []map[string]string `json:"rows,omitempty"` // the table, where the reason has one
	Steps        []Step              `json:"steps"`
	KeyAlgorithm string              `json:"key_algorithm,omitempty"`
	KeyID        []byte              `json:"key_id,omitempty"` // CKA_ID of the new pair: on disk before the card makes it
	SPKI         []byte              `json:"spki,omitempty"`   // of the new pair
	New          string              `json:"new,omitempty"`    // fingerprint of the new certificate
	Documents    []Document          `json:"documents"`
	Office       string              `json:"office,omitempty"`    // last word of the office: received, approved, returned, issued
	Why          string              `json:"why,omitempty"`       // of a return
	Version      int64               `json:"version,omitempty"`   // of the office's copy, as far as is known here; 0: not known
	Conflicts    []Conflict          `json:"conflicts,omitempty"` // oldest first
	Notes        []Note              `json:"notes,omitempty"`     // what is worth knowing, oldest first
	Cancelled    bool                `json:"cancelled,omitempty"` // given up before the office had it
	CreatedAt    time.Time           `json:"created_at"`
	UpdatedAt    time.Time           `json:"updated_at"`
	Events       int                 `json:"events"` // how many have been applied
}

// Step is one act and how far it is.
type Step struct {
	ID          string    `json:"id"`
	Who         string    `json:"who"`
	What        string    `json:"what"`
	State       StepState `json:"state"`
	At          time.Time `json:"at,omitzero"`               // when it was done
	Due         time.Time `json:"due,omitzero"`              // last day, when a deadline runs
	Unconfirmed bool      `json:"due_unconfirmed,omitempty"` // no calendar confirms the working days that were counted
}

// StepState is how far a step is. Append only.
type StepState string

// States of a step.
const (
	Pending StepState = "pending"
	Done    StepState = "done"
	Failed  StepState = "failed" // returned by the office: to be done again
)

// Document is a file of the case; its bytes are in the store under SHA256.
type Document struct {
	Kind   string    `json:"kind"` // central.Doc…, or "payment", "payment-text"
	Name   string    `json:"name"`
	SHA256 string    `json:"sha256"`
	Size   int64     `json:"size"` // bytes
	At     time.Time `json:"at"`
}

// Conflict is a moment at which the office's copy had gone on while something was on its way to it.
type Conflict struct {
	At     time.Time `json:"at"`
	Office string    `json:"office"` // state that the office's copy had
	Why    string    `json:"why,omitempty"`
	Again  bool      `json:"again"` // what we had was sent again; else the office's copy holds
}

// Document finds the newest document of a kind.
func (c *Case) Document(kind string) (Document, bool) {
	for i := len(c.Documents) - 1; i >= 0; i-- {
		if c.Documents[i].Kind == kind {
			return c.Documents[i], true
		}
	}
	return Document{}, false
}

// Step finds the first step of a kind.
func (c *Case) Step(what string) (Step, bool) {
	for _, s := range c.Steps {
		if s.What == what {
			return s, true
		}
	}
	return Step{}, false
}

// Has says whether a step of this kind is there and not done.
func (c *Case) Has(what string) bool {
	for _, s := range c.Steps {
		if s.What == what && s.State != Done {
			return true
		}
	}
	return false
}

// Next is the first step that is not done, or nil when all are.
func (c *Case) Next() *Step {
	for i := range c.Steps {
		if c.Steps[i].State != Done {
			return &c.Steps[i]
		}
	}
	return nil
}

// Returned says that the office has sent the case back and waits for a corrected one.
func (c *Case) Returned() bool { return c.Office == "returned" }

// Closed says that nothing is left to do.
func (c *Case) Closed() bool { return c.Cancelled || c.Next() == nil }

// AtOffice says that the office has been given the case, in this form or an earlier one.
func (c *Case) AtOffice() bool {
	s, ok := c.Step(procedure.Send)
	return ok && s.State == Done || c.Office != "" || c.Version > 0
}

// Machine says whether Rekey does a step of this kind itself.
func Machine(what string) bool {
	switch what {
	case procedure.MakeKey, procedure.Request, procedure.SignRequest, procedure.Form, procedure.ESign, procedure.Send, procedure.Install:
		return true
	}
	return false
}

// Steps lays the steps of a route out for a holder of this kind.
func Steps(route procedure.Route, holderKind string) []Step {
	var steps []Step
	for _, s := range route.Steps {
		if s.For(holderKind) {
			steps = append(steps, Step{ID: s.ID, Who: s.Who, What: s.What, State: Pending})
		}
	}
	return steps
}
