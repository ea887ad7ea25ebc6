package central

import "time"

// Roles of a caller. Append only.
const (
	RoleHolder          = "holder"           // its own signature
	RoleClerk           = "clerk"            // the paper work of an organisation
	RoleOrderMaker      = "order-maker"      // orders and pays for an organisation
	RoleDocumentHandler = "document-handler" // brings an organisation's documents: scans, receipts, photos
	RoleOfficer         = "officer"          // the registration office
)

// Roles are all of them.
var Roles = []string{RoleHolder, RoleClerk, RoleOrderMaker, RoleDocumentHandler, RoleOfficer}

// Me is who the server takes the caller for (GET /v1/me).
type Me struct {
	Account      string `json:"account"`
	Role         string `json:"role"`
	Organisation string `json:"organisation,omitempty"`
	Name         string `json:"name,omitempty"`
}

// KeyBinding hands in a bearer key by its SHA-256 (POST /v1/keys): who has proved a certificate may use that key afterwards.
type KeyBinding struct {
	SHA256 string `json:"sha256"` // lower-case hex
}

// Stamp is what every resource carries; the server sets it. Version is also the ETag, in quotation marks.
type Stamp struct {
	Version   int64     `json:"version"`
	UpdatedAt time.Time `json:"updated_at"`
	Owner     string    `json:"owner,omitempty"` // to whom it belongs; told to the officer only
}

// Holder is a person or an organisation at the office. Fields is the holder's own part, Office the office's: neither writes
// the other's.
type Holder struct {
	ID      string            `json:"id"`   // SHA-256 of the holder key, lower-case hex
	Name    string            `json:"name"` // one line
	Kind    string            `json:"kind,omitempty"`
	Country string            `json:"country,omitempty"` // ISO 3166-1, two letters
	Fields  map[string]string `json:"fields,omitempty"`  // contact and other details
	Office  map[string]string `json:"office,omitempty"`  // what the office knows: number, province, branch …
	Stamp
}

// Certificate is one that a holder uses, by the SHA-256 of its DER.
type Certificate struct {
	Fingerprint string     `json:"fingerprint"`
	Holder      string     `json:"holder"` // ID of the holder
	Issuer      string     `json:"issuer,omitempty"`
	Serial      string     `json:"serial,omitempty"` // of the certificate, hex
	Card        string     `json:"card,omitempty"`   // serial of the card
	Case        string     `json:"case,omitempty"`
	NotBefore   time.Time  `json:"not_before"`
	NotAfter    time.Time  `json:"not_after"`
	Current     bool       `json:"current"`              // chosen by the holder
	Document    string     `json:"document,omitempty"`   // SHA-256 of its bytes, sent before
	RevokedAt   *time.Time `json:"revoked_at,omitempty"` // by the office
	Stamp
}

// Card is a card that a holder uses.
type Card struct {
	ID     string    `json:"id"` // SHA-256 of the serial number, lower-case hex
	Serial string    `json:"serial"`
	Label  string    `json:"label,omitempty"`
	Model  string    `json:"model,omitempty"`
	Holder string    `json:"holder,omitempty"`
	SeenAt time.Time `json:"seen_at"`
	Stamp
}

// Photo is a holder's picture, whose bytes have been sent as a document.
type Photo struct {
	Holder  string    `json:"holder"`
	Type    string    `json:"type"` // image/jpeg, image/png
	SHA256  string    `json:"sha256"`
	Size    int64     `json:"size"` // bytes
	TakenAt time.Time `json:"taken_at"`
	Stamp
}

// States of a receipt and of a wish to revoke. Append only.
const (
	Waiting  = "waiting"
	Accepted = "accepted"
	Declined = "declined"
)

// Receipt says that a case was paid; its paper has been sent as a document.
type Receipt struct {
	ID        string    `json:"id"` // UUIDv7, made by the client
	Case      string    `json:"case"`
	SHA256    string    `json:"sha256"`
	Amount    string    `json:"amount,omitempty"` // decimal with a point
	Currency  string    `json:"currency,omitempty"`
	PaidOn    string    `json:"paid_on,omitempty"` // YYYY-MM-DD
	State     string    `json:"state"`             // waiting, accepted, declined: the office's word
	Why       string    `json:"why,omitempty"`     // of declined
	CreatedAt time.Time `json:"created_at"`
	Stamp
}

// Revocation is the wish to have a certificate revoked, and what the office said.
type Revocation struct {
	ID          string     `json:"id"` // UUIDv7, made by the client
	Fingerprint string     `json:"fingerprint"`
	Reason      string     `json:"reason"` // RFC 5280: keyCompromise, affiliationChanged, superseded, cessationOfOperation, unspecified
	State       string     `json:"state"`
	Why         string     `json:"why,omitempty"`
	RevokedAt   *time.Time `json:"revoked_at,omitempty"`
	CreatedAt   time.Time  `json:"created_at"`
	Stamp
}

// Page is one page of a list; Next is absent on the last.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// Addition is the body of POST /v1/cases/{id}/documents: further documents of a case, sent before.
type Addition struct {
	Documents []Document `json:"documents"`
}

// Report counts cases by one or more of state, procedure, reason, route, month and a detail of the form.
type Report struct {
	By    []string    `json:"by"`
	Lines []ReportRow `json:"lines"`
	At    time.Time   `json:"at"`
}

// ReportRow is one line: the values in the order of By.
type ReportRow struct {
	Values []string `json:"values"`
	Cases  int64    `json:"cases"`
}

// AuditEntry is one thing that somebody did. It names no holder.
type AuditEntry struct {
	Number  int64     `json:"number"`
	At      time.Time `json:"at"`
	Account string    `json:"account"`
	Role    string    `json:"role"`
	Did     string    `json:"did"`             // operation of the contract, or login, addAccount, disableAccount, enableAccount
	About   string    `json:"about,omitempty"` // its ID
	Outcome int       `json:"outcome"`         // HTTP status
}
