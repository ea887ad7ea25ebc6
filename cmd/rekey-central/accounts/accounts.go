// Package accounts says who asks: by a client certificate that was proved in the TLS handshake, or by a bearer key
// (RFC 6750). It keeps the accounts, their roles and credentials, bounds how often one may ask, and keeps the list of
// who did what.
//
// It promises: a key is kept and compared as its SHA-256 only; a certificate that is presented and does not hold is
// refused with the reason, never passed over for a key; whoever is disabled stays outside whatever is presented; memory
// is bounded whatever callers do; the audit list names accounts and never a holder.
package accounts

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

// OfficerID is the account of whoever has the key in the office's folder. It has no record.
const OfficerID = "officer"

// orgPrefix begins the owner of what an organisation's people hand in.
const orgPrefix = "org/"

// Account is somebody whom the office knows.
type Account struct {
	ID           string    `json:"id"` // UUIDv7; the SHA-256 of the key (hex) for one that began with an unknown key
	Role         string    `json:"role"`
	Organisation string    `json:"organisation,omitempty"` // whose paper work: clerk, order-maker and document-handler only
	Name         string    `json:"name,omitempty"`
	CreatedAt    time.Time `json:"created_at"`
	Disabled     bool      `json:"disabled,omitempty"`
	Credentials  []string  `json:"credentials"` // kind ":" SHA-256 (hex); kinds: key, certificate
}

// caller is the account as the office sees it: people of one organisation share what they hand in.
func (a Account) caller() office.Caller {
	c := office.Caller{Account: a.ID, Owner: a.ID, Role: a.Role, Organisation: a.Organisation}
	switch a.Role {
	case central.RoleOfficer:
		c.Owner = ""
	case central.RoleClerk, central.RoleOrderMaker, central.RoleDocumentHandler:
		c.Owner = orgPrefix + a.Organisation
	}
	return c
}

// Config is what a book works with.
type Config struct {
	DB          data.DB
	OfficerKey  string
	Anyone      bool                // an unknown key becomes a holder's account (trust on first use)
	Authorities []*x509.Certificate // whose certificates are accepted; none: no certificate is
	// Revoked tells that the office's own list has this certificate; nil: there is no list.
	Revoked func(context.Context, *x509.Certificate) (bool, error)
	Rate    float64          // requests a second of one account, twice as many at once; 0: without bound
	Now     func() time.Time // nil: time.Now
}

// Book is the office's book of accounts. It is safe for concurrent use.
type Book struct {
	Config
	officer   [sha256.Size]byte
	roots     *x509.CertPool
	accounts  *limits // by account
	failures  *limits // by address
	newcomers *limits // by address
}

// New opens the book.
func New(c Config) *Book {
	if c.Now == nil {
		c.Now = time.Now
	}
	b := &Book{Config: c, officer: sha256.Sum256([]byte(c.OfficerKey)), roots: x509.NewCertPool(),
		accounts: newLimits(c.Rate, 2*c.Rate), failures: newLimits(failureRate, failureBurst), newcomers: newLimits(newcomerRate, newcomerBurst)}
	for _, a := range c.Authorities {
		b.roots.AddCert(a)
	}
	return b
}

// Error is a refusal that the caller may read.
type Error struct {
	Status int           // of HTTP: 401, 403, 404, 409, 422, 429
	Detail string        // a sentence that says what to do
	Wait   time.Duration // 429: how long to stay away
}

func (e *Error) Error() string { return e.Detail }

// StatusOf is what the audit list says of a deed that gave this error.
func StatusOf(err error) int {
	var refused *Error
	switch {
	case err == nil:
		return http.StatusOK
	case errors.As(err, &refused):
		return refused.Status
	case data.IsAway(err):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

var errDisabled = &Error{Status: http.StatusForbidden, Detail: "this account is disabled; ask the office"}

// Check gives the caller of an account as it is now. 403 when it is disabled, 404 when there is none.
func (b *Book) Check(ctx context.Context, id string) (office.Caller, error) {
	if id == OfficerID {
		return officerCaller(), nil
	}
	a, err := b.Account(ctx, id)
	if err != nil {
		return office.Caller{}, err
	}
	return a.admitted()
}

func (a Account) admitted() (office.Caller, error) {
	if a.Disabled {
		return office.Caller{}, errDisabled
	}
	return a.caller(), nil
}

// Account gives one account; 404 when there is none.
func (b *Book) Account(ctx context.Context, id string) (Account, error) {
	var a Account
	err := b.DB.View(ctx, func(tx data.Tx) (err error) {
		a, err = get(tx, id)
		return err
	})
	return a, err
}

func get(tx data.Tx, id string) (Account, error) {
	var a Account
	found, err := data.GetJSON(tx, data.Accounts, []byte(id), &a)
	if err == nil && !found {
		err = &Error{Status: http.StatusNotFound, Detail: "there is no such account"}
	}
	return a, err
}

func officerCaller() office.Caller {
	return office.Caller{Account: OfficerID, Role: central.RoleOfficer}
}

func keyCredential(hash [sha256.Size]byte) string { return "key:" + hex.EncodeToString(hash[:]) }

// CertificateCredential is the identity that a certificate proves: its subject, so that a renewed one is the same account.
func CertificateCredential(c *x509.Certificate) string {
	hash := sha256.Sum256(c.RawSubject)
	return "certificate:" + hex.EncodeToString(hash[:])
}
