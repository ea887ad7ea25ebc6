package app

import (
	"time"

	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/token"
)

// View is everything that the start page and the card page show. It is read at one moment.
type View struct {
	At       time.Time
	Snapshot token.Snapshot
	Findings []Finding        // what is missing or broken, first failing layer first; empty: all is well
	Entries  []register.Entry // every certificate on every card
	Holders  []Holder         // one for each person or organisation, the most urgent first
	Outbox   Outbox
	Store    StoreState
	Revoked  map[string]bool // fingerprints of certificates in Entries that the office has revoked
}

// StoreState is what is worth knowing of the store itself.
type StoreState struct {
	Keyring   bool     // its key is in the system's keyring; else in a file beside it
	KeyNote   string   // why it is not in the keyring although that was asked for
	Tightened []string // files that others could read before this start
	Backup    string   // why there is no backup of today, "" when there is one or it is being made
	Trouble   Kind     // of Backup
}

// Finding is one thing that is missing or broken: a stable word for the translation files, and facts for it.
type Finding struct {
	Layer  string // service, reader, card, module, load, certificates, filter
	Kind   string // translation key finding.<Kind>.what and finding.<Kind>.do
	Module string
	Reader string
	Detail string // technical, for the details
}

// Holder is one person or organisation with the certificates that belong together.
type Holder struct {
	Key       string
	Name      string
	Current   register.Entry
	New       *register.Entry      // on the card, later validity; nil: none yet
	Procedure *procedure.Procedure // by the current certificate
	DaysLeft  int
	Due       bool        // renewal is due by the procedure's reminder
	Case      *cases.Case // the open case, if any
}

// Draft is the wizard between two pages. It is on disk after each change.
type Draft struct {
	ID           string              `json:"id"` // becomes the case ID
	Procedure    string              `json:"procedure"`
	Reason       string              `json:"reason"`
	Route        string              `json:"route"`
	CardSerial   string              `json:"card"`
	Fingerprint  string              `json:"certificate"`
	KeyAlgorithm string              `json:"key_algorithm"`
	Details      map[string]string   `json:"details"`
	From         string              `json:"from,omitempty"`   // what Details was filled in from at the beginning: FromCertificate …, "" nothing
	Rows         []map[string]string `json:"rows,omitempty"`   // the table, where the reason has one
	Row          map[string]string   `json:"row,omitempty"`    // the row of the table that is open, as it is typed
	RowAt        int                 `json:"row_at,omitempty"` // its place, from 0; len(Rows) for one to be added
	Mends        bool                `json:"mends,omitempty"`  // a returned case is corrected: ID is its ID
	Page         int                 `json:"page"`
	UpdatedAt    time.Time           `json:"updated_at"`
}

// Plan tells before the start what will happen.
type Plan struct {
	Steps      []cases.Step
	PINEntries int // how many times the PIN will be asked for
	Copies     int // of the application form
	Fee        *procedure.Fee
	Keys       []string // kinds of key that the card can make for this procedure, best first
	Warnings   []string // translation keys plan.<word>
	Blocked    string   // translation key blocked.<word>; "" when it can start
}

// FieldCheck is the answer to one field of the form.
type FieldCheck struct {
	Normal   string            // as it will be kept
	Args     map[string]string // values for the text of the rule
	Rule     string            // failed rule: translation key rule.<Rule>; "" when fine
	Text     string            // English text of the failed rule, when there is no translation
	Warnings []string          // translation keys rule.<word>
}

// PINQuestion is what the person must know before typing a PIN.
type PINQuestion struct {
	Card      token.Card
	Reason    string // translation key pin.<Reason>: make-key, e-sign, choose
	Entry, Of int    // entry 1 of 2
}

// Progress names the step that is being worked on or was just done.
type Progress struct {
	What string // procedure word: make-key, request, form, e-sign, send, install …
	Done bool
	Note string // technical, may be empty
}

// SyncResult is what one exchange with the office brought.
type SyncResult struct {
	Sent    int
	Pulled  int
	Waiting int
}
