package store

import "time"

// Typed is a bucket whose values are all of one type.
type Typed[T any] struct{ bucket Bucket }

// Of gives a bucket the type of its values: the packages that own the types declare theirs with it.
func Of[T any](b Bucket) Typed[T] { return Typed[T]{b} }

// Put keeps v under key.
func (t Typed[T]) Put(tx *Tx, key string, v T) error { return Put(tx, t.bucket, key, v) }

// Get reads the value of key. Errors: NotFound, Damaged.
func (t Typed[T]) Get(tx *Tx, key string) (T, error) { return Get[T](tx, t.bucket, key) }

// Each calls f for every value whose key starts with prefix, in the order of the keys.
func (t Typed[T]) Each(tx *Tx, prefix string, f func(key string, v T) error) error {
	return Each(tx, t.bucket, prefix, f)
}

// Delete removes a value; it is no error when there is none.
func (t Typed[T]) Delete(tx *Tx, key string) error { return tx.Delete(t.bucket, key) }

// The register's own types.
var (
	CardValues   = Of[Card](Cards)
	HolderValues = Of[Holder](Holders)
	PhotoValues  = Of[Photo](Photos)
)

// Certificate is one line of the register. Its bytes are a document.
type Certificate struct {
	Fingerprint string    `json:"fingerprint"` // SHA-256, lower-case hex
	HolderKey   string    `json:"holder_key"`
	Holder      string    `json:"holder"` // name to show
	Issuer      string    `json:"issuer,omitempty"`
	Serial      string    `json:"serial,omitempty"`
	Card        string    `json:"card,omitempty"`    // serial of the card, "" when on none
	Purpose     string    `json:"purpose,omitempty"` // signing, encryption, authentication
	NotBefore   time.Time `json:"not_before"`
	NotAfter    time.Time `json:"not_after"`
	Document    string    `json:"document,omitempty"` // SHA-256 of the DER
	Case        string    `json:"case,omitempty"`     // that brought it, "" when none did
	RevokedAt   time.Time `json:"revoked_at,omitzero"`
	Queued      string    `json:"queued,omitempty"` // digest of what was last put into the outbox for the central API
}

// Card is a card that was seen in a reader.
type Card struct {
	Serial    string    `json:"serial"`
	Label     string    `json:"label,omitempty"`
	Model     string    `json:"model,omitempty"`
	HolderKey string    `json:"holder_key,omitempty"`
	SeenAt    time.Time `json:"seen_at,omitzero"`
	Queued    string    `json:"queued,omitempty"` // as of a certificate
}

// Holder is a person or an organisation.
type Holder struct {
	Key     string            `json:"key"`
	Name    string            `json:"name"`
	Kind    string            `json:"kind,omitempty"` // as the procedures name it
	Country string            `json:"country,omitempty"`
	Details map[string]string `json:"details,omitempty"` // how to reach the holder, of the last case
	Office  map[string]string `json:"office,omitempty"`  // what the office says about the holder
	Updated time.Time         `json:"updated_at,omitzero"`
	Queued  string            `json:"queued,omitempty"` // as of a certificate
}

// Photo is a holder's picture. Its bytes are a document.
type Photo struct {
	HolderKey string    `json:"holder_key"`
	Type      string    `json:"type"`   // image/jpeg, image/png
	Document  string    `json:"sha256"` // of the bytes
	Size      int64     `json:"size"`   // bytes
	TakenAt   time.Time `json:"taken_at,omitzero"`
	Queued    string    `json:"queued,omitempty"` // as of a certificate
}
