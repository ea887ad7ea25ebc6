package accounts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

const (
	maxText        = 200 // characters of a name
	maxCredentials = 20  // of one account
	keyBytes       = 32
)

// Order says which account to make.
type Order struct {
	Role         string `json:"role"`
	Organisation string `json:"organisation,omitempty"`
	Name         string `json:"name,omitempty"`
	Certificate  string `json:"certificate,omitempty"` // PEM: its subject signs in, and there is no key
}

// Made is a new account. Key is its bearer key: it is given out here and never again.
type Made struct {
	Account Account `json:"account"`
	Key     string  `json:"key,omitempty"`
}

// Add makes an account. 422: the order is not acceptable; 409: another account has the certificate.
func (b *Book) Add(ctx context.Context, o Order) (Made, error) {
	a := Account{Role: o.Role, Organisation: strings.TrimSpace(o.Organisation), Name: strings.TrimSpace(o.Name)}
	if err := a.check(); err != nil {
		return Made{}, err
	}
	if text := strings.TrimSpace(o.Certificate); text != "" {
		certificate, err := parse(text)
		if err != nil {
			return Made{}, err
		}
		made, err := b.create(ctx, CertificateCredential(certificate), a)
		return Made{Account: made}, err
	}
	raw := make([]byte, keyBytes)
	if _, err := rand.Read(raw); err != nil {
		return Made{}, err
	}
	key := hex.EncodeToString(raw)
	made, err := b.create(ctx, keyCredential(sha256.Sum256([]byte(key))), a)
	return Made{made, key}, err
}

// parse reads the first certificate of a PEM text: that of the person, with those above it behind.
func parse(text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, &Error{Status: http.StatusUnprocessableEntity, Detail: "certificate: want one in PEM"}
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil || len(c.RawSubject) <= 2 {
		return nil, &Error{Status: http.StatusUnprocessableEntity, Detail: "certificate: it cannot be read, or names no subject"}
	}
	return c, nil
}

// create is open for a credential that must be new.
func (b *Book) create(ctx context.Context, credential string, a Account) (Account, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Account{}, err
	}
	a.ID = id.String()
	made, err := b.open(ctx, credential, a)
	if err == nil && made.ID != a.ID {
		err = &Error{Status: http.StatusConflict, Detail: "another account has this certificate: " + made.ID}
	}
	return made, err
}

// open gives the account of a credential and makes it from a when there is none yet.
func (b *Book) open(ctx context.Context, credential string, a Account) (made Account, err error) {
	if a.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return Account{}, err
		}
		a.ID = id.String()
	}
	a.CreatedAt, a.Credentials = b.Now().UTC().Truncate(time.Millisecond), []string{credential}
	err = b.DB.Update(ctx, func(tx data.Tx) error {
		if err := tx.Lock("credential/" + credential); err != nil {
			return err
		}
		var found bool
		if made, found, err = lookUp(tx, credential); err != nil || found {
			return err
		}
		made = a
		return put(tx, a, credential)
	})
	return made, err
}

func put(tx data.Tx, a Account, credential string) error {
	if err := data.PutJSON(tx, data.Accounts, []byte(a.ID), a); err != nil {
		return err
	}
	return tx.Put(data.Credentials, []byte(credential), []byte(a.ID))
}

// Bind lets the caller's account sign in with a bearer key too, by its SHA-256 (lower-case hex). Binding it again is
// no error. 409: the key is another account's, or the account has too many; 422: not a SHA-256.
func (b *Book) Bind(ctx context.Context, who office.Caller, sum string) error {
	hash, err := hex.DecodeString(sum)
	if err != nil || len(hash) != sha256.Size || sum != strings.ToLower(sum) {
		return &Error{Status: http.StatusUnprocessableEntity, Detail: "sha256: want 64 lower-case hex digits"}
	}
	if who.Account == OfficerID || [sha256.Size]byte(hash) == b.officer {
		return &Error{Status: http.StatusForbidden, Detail: "the officer's key belongs to the office's folder and is bound to no account"}
	}
	credential := keyCredential([sha256.Size]byte(hash))
	return b.DB.Update(ctx, func(tx data.Tx) error {
		for _, name := range []string{"account/" + who.Account, "credential/" + credential} {
			if err := tx.Lock(name); err != nil {
				return err
			}
		}
		a, err := get(tx, who.Account)
		if err != nil || slices.Contains(a.Credentials, credential) {
			return err
		}
		_, taken, err := lookUp(tx, credential)
		switch {
		case err != nil:
			return err
		case taken:
			return &Error{Status: http.StatusConflict, Detail: "this key is another account's; make a new one"}
		case len(a.Credentials) >= maxCredentials:
			return &Error{Status: http.StatusConflict, Detail: fmt.Sprintf("the account has %d keys and certificates already; ask the office for a new account", len(a.Credentials))}
		}
		a.Credentials = append(a.Credentials, credential)
		return put(tx, a, credential)
	})
}

// Disable shuts an account out, whatever it signs in with. It stays in the book: what it handed in is its own. 404.
func (b *Book) Disable(ctx context.Context, id string) (Account, error) { return b.shut(ctx, id, true) }

// Enable lets a disabled account in again, with what it signed in with before. 404.
func (b *Book) Enable(ctx context.Context, id string) (Account, error) { return b.shut(ctx, id, false) }

func (b *Book) shut(ctx context.Context, id string, out bool) (a Account, err error) {
	err = b.DB.Update(ctx, func(tx data.Tx) error {
		if err := tx.Lock("account/" + id); err != nil {
			return err
		}
		if a, err = get(tx, id); err != nil || a.Disabled == out {
			return err
		}
		a.Disabled = out
		return data.PutJSON(tx, data.Accounts, []byte(id), a)
	})
	return a, err
}

// List gives at most limit accounts in order of their IDs: next is the after of the next page, empty on the last.
func (b *Book) List(ctx context.Context, after string, limit int) (page central.Page[Account], err error) {
	var from []byte
	if after != "" {
		from = []byte(after + "\x00")
	}
	err = b.DB.View(ctx, func(tx data.Tx) error {
		page = central.Page[Account]{Items: []Account{}}
		return scan(tx, data.Accounts, from, limit, &page, func(a Account) string { return a.ID })
	})
	return page, err
}

func (a Account) check() error {
	invalid := func(detail string) error {
		return &Error{Status: http.StatusUnprocessableEntity, Detail: detail}
	}
	shared := strings.HasPrefix(a.caller().Owner, orgPrefix)
	switch {
	case !slices.Contains(central.Roles, a.Role):
		return invalid("role: want one of " + strings.Join(central.Roles, ", "))
	case shared && a.Organisation == "":
		return invalid("organisation: a " + a.Role + " works for one; name it")
	case !shared && a.Organisation != "":
		return invalid("organisation: a " + a.Role + " has none")
	case strings.Contains(a.Organisation, "/"): // owners are parts of keys that "/" divides
		return invalid("organisation: want no \"/\" in it")
	case clean(a.Organisation) != a.Organisation || clean(a.Name) != a.Name:
		return invalid(fmt.Sprintf("name and organisation: want one line of at most %d characters", maxText))
	}
	return nil
}

// clean makes one line of at most maxText characters.
func clean(s string) string {
	s = strings.Map(func(c rune) rune {
		if !unicode.IsGraphic(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, ""))
	if utf8.RuneCountInString(s) > maxText {
		s = string([]rune(s)[:maxText])
	}
	return s
}
