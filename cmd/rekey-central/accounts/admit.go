package accounts

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

const (
	minKey = 32 // characters of a bearer key
	maxKey = 512
)

// Admit finds out who asks: by the client certificate of the connection, else by the bearer key.
//
// Errors: *Error with 401 (and what to do), 403 (disabled, revoked), 429 with Wait (too many requests of the account, or
// too many failures or new accounts of the address); any other is the database's.
func (b *Book) Admit(r *http.Request) (office.Caller, error) {
	return b.bounded(r, func() (office.Caller, error) {
		if leaf, err := b.proved(r); leaf != nil || err != nil {
			if err != nil {
				return office.Caller{}, err
			}
			return b.byCredential(r, CertificateCredential(leaf), &Account{Role: central.RoleHolder, Name: clean(leaf.Subject.CommonName)})
		}
		key, ok := bearer(r)
		if !ok {
			return office.Caller{}, b.unknown(fmt.Sprintf("send the header Authorization: Bearer KEY, with a key of %d to %d characters", minKey, maxKey))
		}
		return b.byKey(r, key, b.Anyone)
	})
}

// Login admits by a key alone, as a form brings it. An unknown key never becomes an account this way.
func (b *Book) Login(r *http.Request, key string) (office.Caller, error) {
	return b.bounded(r, func() (office.Caller, error) { return b.byKey(r, key, false) })
}

// bounded counts the failures of the address and the requests of the account. Good credentials get in whatever others at
// the same address did: behind one address there may be a whole clinic.
func (b *Book) bounded(r *http.Request, identify func() (office.Caller, error)) (office.Caller, error) {
	caller, err := identify()
	var refused *Error
	if errors.As(err, &refused) {
		if wait := b.failures.take(addressOf(r)); wait > 0 {
			return office.Caller{}, tooMany("too many failed sign-ins from this address", wait)
		}
		return office.Caller{}, err
	}
	if err != nil {
		return office.Caller{}, err
	}
	if wait := b.accounts.take(caller.Account); wait > 0 {
		return office.Caller{}, tooMany("too many requests of this account", wait)
	}
	return caller, nil
}

func (b *Book) byKey(r *http.Request, key string, anyone bool) (office.Caller, error) {
	// Hashes have one length, so the comparison takes the same time for every key.
	hash := sha256.Sum256([]byte(key))
	if subtle.ConstantTimeCompare(hash[:], b.officer[:]) == 1 {
		return officerCaller(), nil
	}
	var first *Account
	if anyone {
		// Its ID is the hash, to which older data of the office belong.
		first = &Account{ID: hex.EncodeToString(hash[:]), Role: central.RoleHolder}
	}
	return b.byCredential(r, keyCredential(hash), first)
}

// byCredential gives the account of a credential; first is the account that it opens when it has none, nil: it opens none.
func (b *Book) byCredential(r *http.Request, credential string, first *Account) (office.Caller, error) {
	a, found, err := b.find(r.Context(), credential)
	if err != nil {
		return office.Caller{}, err
	}
	if !found && first == nil {
		return office.Caller{}, b.unknown("this key is not known here; ask the office for an account")
	}
	if !found {
		if wait := b.newcomers.take(addressOf(r)); wait > 0 {
			return office.Caller{}, tooMany("too many new accounts from this address", wait)
		}
		if a, err = b.open(r.Context(), credential, *first); err != nil {
			return office.Caller{}, err
		}
	}
	return a.admitted()
}

func (b *Book) find(ctx context.Context, credential string) (a Account, found bool, err error) {
	err = b.DB.View(ctx, func(tx data.Tx) error {
		a, found, err = lookUp(tx, credential)
		return err
	})
	return a, found, err
}

func lookUp(tx data.Tx, credential string) (Account, bool, error) {
	id, err := tx.Get(data.Credentials, []byte(credential))
	if err != nil || id == nil {
		return Account{}, false, err
	}
	a, err := get(tx, string(id))
	return a, err == nil, err
}

// unknown is 401, with the other way in when there is one.
func (b *Book) unknown(detail string) *Error {
	if len(b.Authorities) > 0 {
		detail += ", or sign in with a client certificate of an authority that this office accepts"
	}
	return &Error{Status: http.StatusUnauthorized, Detail: detail}
}

// bearer reads the key (RFC 6750 §2.1): visible ASCII characters, exactly one header.
func bearer(r *http.Request) (string, bool) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		return "", false
	}
	scheme, key, _ := strings.Cut(headers[0], " ")
	if !strings.EqualFold(scheme, "Bearer") || len(key) < minKey || len(key) > maxKey {
		return "", false
	}
	return key, !strings.ContainsFunc(key, func(c rune) bool { return c <= ' ' || c > '~' })
}
