package accounts

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

func hashOf(key string) string {
	hash := sha256.Sum256([]byte(key))
	return hex.EncodeToString(hash[:])
}

// A key proves nothing by being nearly right, nor by standing in a strange header.
func TestStrangeKeys(t *testing.T) {
	b := book(t, Config{Anyone: true})
	for _, header := range []string{"", "Bearer", "Bearer ", "Basic " + oneKey, oneKey, "Bearer " + strings.Repeat("k", 31),
		"Bearer " + strings.Repeat("k", 513), "Bearer " + oneKey + " x", "Bearer " + oneKey + "ı"} {
		r := with("", "192.0.2.1:1")
		r.Header.Set("Authorization", header)
		_, err := b.Admit(r)
		refused(t, err, http.StatusUnauthorized, "Authorization: Bearer KEY")
	}
	r := with(oneKey, "192.0.2.1:1")
	r.Header.Add("Authorization", "Bearer "+otherKey)
	_, err := b.Admit(r)
	refused(t, err, http.StatusUnauthorized, "")
	if c := admit(t, b, officerKey[:63]+"x"); c.Officer() {
		t.Error("nearly the officer's key")
	}
	if c := admit(t, b, officerKey); !c.Officer() || c != (office.Caller{Account: OfficerID, Role: central.RoleOfficer}) {
		t.Errorf("%+v", c)
	}
}

// Trust on first use: the account is the SHA-256 of the key, as it was before there were accounts; what began so is known
// when the server takes nobody new any more.
func TestFirstUse(t *testing.T) {
	each(t, func(t *testing.T, db data.DB) {
		b := book(t, Config{DB: db, Anyone: true})
		want := office.Caller{Account: hashOf(oneKey), Owner: hashOf(oneKey), Role: central.RoleHolder}
		var all sync.WaitGroup
		for range 20 { // at once
			all.Go(func() {
				if c, err := b.Admit(with(oneKey, "192.0.2.1:1")); err != nil || c != want {
					t.Errorf("%+v %v", c, err)
				}
			})
		}
		all.Wait()
		if _, err := b.Login(with("", "192.0.2.1:1"), otherKey); err == nil {
			t.Error("a form opened an account")
		}
		if page, err := b.List(ctx, "", 10); err != nil || len(page.Items) != 1 || page.Items[0].CreatedAt.IsZero() {
			t.Errorf("%+v %v", page, err)
		}
		closed := book(t, Config{DB: db})
		if c := admit(t, closed, oneKey); c != want {
			t.Errorf("%+v", c)
		}
		_, err := closed.Admit(with(otherKey, "192.0.2.1:1"))
		if e := refused(t, err, http.StatusUnauthorized, "ask the office for an account"); strings.Contains(e.Detail, "certificate") {
			t.Error(e.Detail)
		}
		_, err = book(t, Config{DB: db, Authorities: []*x509.Certificate{newAuthority(t, "Invented CA").cert}}).Admit(with(otherKey, "192.0.2.1:1"))
		refused(t, err, http.StatusUnauthorized, "or sign in with a client certificate")
	})
}

// Each role and to whom belongs what it hands in.
func TestRoles(t *testing.T) {
	b := book(t, Config{})
	for _, role := range central.Roles {
		a := Order{Role: role, Name: "Ayşe Örnek"}
		owner := ""
		if role != central.RoleHolder && role != central.RoleOfficer {
			a.Organisation, owner = "Clinic 1", "org/Clinic 1"
		}
		made, err := b.Add(ctx, a)
		if err != nil || len(made.Key) != 64 {
			t.Fatalf("%s: %+v %v", role, made, err)
		}
		if role == central.RoleHolder {
			owner = made.Account.ID
		}
		want := office.Caller{Account: made.Account.ID, Owner: owner, Role: role, Organisation: a.Organisation}
		if c := admit(t, b, made.Key); c != want || c.Officer() != (role == central.RoleOfficer) {
			t.Errorf("%+v, want %+v", c, want)
		}
		if c, err := b.Login(with("", "192.0.2.1:1"), made.Key); err != nil || c != want {
			t.Errorf("%+v %v", c, err)
		}
		if _, err := b.Disable(ctx, made.Account.ID); err != nil {
			t.Error(err)
		}
		_, err = b.Admit(with(made.Key, "192.0.2.1:1"))
		refused(t, err, http.StatusForbidden, "disabled")
		_, err = b.Check(ctx, made.Account.ID)
		refused(t, err, http.StatusForbidden, "disabled")
	}
	_, err := b.Disable(ctx, "nobody")
	refused(t, err, http.StatusNotFound, "")
}
