package accounts

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

func TestAddRefuses(t *testing.T) {
	b := book(t, Config{})
	for _, row := range []struct {
		order Order
		says  string
	}{
		{Order{Role: "boss"}, "role: want one of"},
		{Order{}, "role: want one of"},
		{Order{Role: central.RoleClerk, Organisation: "  "}, "works for one"},
		{Order{Role: central.RoleHolder, Organisation: "Clinic"}, "has none"},
		{Order{Role: central.RoleOfficer, Organisation: "Clinic"}, "has none"},
		{Order{Role: central.RoleClerk, Organisation: "Clinic/1"}, `no "/"`},
		{Order{Role: central.RoleHolder, Name: "a\nb"}, "one line"},
		{Order{Role: central.RoleHolder, Name: strings.Repeat("ş", maxText+1)}, "one line"},
		{Order{Role: central.RoleHolder, Certificate: "rubbish"}, "PEM"},
		{Order{Role: central.RoleHolder, Certificate: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}, "cannot be read"},
		{Order{Role: central.RoleClerk, Organisation: strings.Repeat("x", maxText+1)}, "one line"},
	} {
		_, err := b.Add(ctx, row.order)
		refused(t, err, http.StatusUnprocessableEntity, row.says)
	}
	if page, err := b.List(ctx, "", 10); err != nil || len(page.Items) != 0 {
		t.Errorf("%+v %v", page, err)
	}
}

// What could sign in is not in the database.
func TestKeysAreNotKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "central.db")
	b := book(t, Config{DB: databaseAt(t, path), Anyone: true})
	made, err := b.Add(ctx, Order{Role: central.RoleHolder, Name: "Ayşe Örnek"})
	if err != nil {
		t.Fatal(err)
	}
	admit(t, b, made.Key)
	admit(t, b, oneKey)
	kept, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(kept, []byte("Ayşe Örnek")) {
		t.Fatalf("%d bytes, %v", len(kept), err)
	}
	for _, secret := range []string{made.Key, oneKey, officerKey} {
		if bytes.Contains(kept, []byte(secret)) {
			t.Errorf("%s is in the database", secret)
		}
	}
}

func TestBind(t *testing.T) {
	each(t, func(t *testing.T, db data.DB) {
		b := book(t, Config{DB: db, Anyone: true})
		made, err := b.Add(ctx, Order{Role: central.RoleHolder})
		if err != nil {
			t.Fatal(err)
		}
		who := made.Account.caller()
		other := admit(t, b, otherKey)
		for range 2 { // again is no error
			if err := b.Bind(ctx, who, hashOf(oneKey)); err != nil {
				t.Error(err)
			}
		}
		if got := admit(t, b, oneKey); got != who {
			t.Errorf("%+v", got)
		}
		refused(t, b.Bind(ctx, who, hashOf(otherKey)), http.StatusConflict, "another account")
		refused(t, b.Bind(ctx, other, hashOf(oneKey)), http.StatusConflict, "another account")
		refused(t, b.Bind(ctx, who, hashOf(officerKey)), http.StatusForbidden, "officer's key")
		refused(t, b.Bind(ctx, office.Caller{Account: OfficerID}, hashOf("x")), http.StatusForbidden, "officer's key")
		for _, sum := range []string{"", "ab", strings.ToUpper(hashOf("x")), hashOf("x") + "00", strings.Repeat("g", 64)} {
			refused(t, b.Bind(ctx, who, sum), http.StatusUnprocessableEntity, "64")
		}
		for i := 2; i < maxCredentials; i++ {
			if err := b.Bind(ctx, who, hashOf(fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
		}
		refused(t, b.Bind(ctx, who, hashOf("one more")), http.StatusConflict, "already")
		if a, err := b.Account(ctx, who.Account); err != nil || len(a.Credentials) != maxCredentials {
			t.Errorf("%d %v", len(a.Credentials), err)
		}
	})
}

// Pages hold every account once.
func TestList(t *testing.T) {
	each(t, func(t *testing.T, db data.DB) {
		b := book(t, Config{DB: db})
		want := map[string]bool{}
		for range 7 {
			a, err := b.Add(ctx, Order{Role: central.RoleHolder})
			if err != nil {
				t.Fatal(err)
			}
			want[a.Account.ID] = true
		}
		sizes, after := []int{}, ""
		for {
			page, err := b.List(ctx, after, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range page.Items {
				if !want[a.ID] {
					t.Errorf("%s: unknown, or twice", a.ID)
				}
				delete(want, a.ID)
			}
			sizes = append(sizes, len(page.Items))
			if after = page.Next; after == "" {
				break
			}
		}
		if fmt.Sprint(sizes) != "[3 3 1]" || len(want) != 0 {
			t.Errorf("%v, %d are missing", sizes, len(want))
		}
	})
}

// Whoever is let in again comes with what it had before; once more changes nothing.
func TestEnable(t *testing.T) {
	each(t, func(t *testing.T, db data.DB) {
		b := New(Config{DB: db})
		made, err := b.Add(ctx, Order{Role: central.RoleHolder})
		if err != nil {
			t.Fatal(err)
		}
		for _, out := range []bool{true, false, false, true, true, false} {
			change := map[bool]func(context.Context, string) (Account, error){true: b.Disable, false: b.Enable}[out]
			if a, err := change(ctx, made.Account.ID); err != nil || a.Disabled != out || len(a.Credentials) != 1 {
				t.Fatalf("%+v %v", a, err)
			}
			if _, err := b.Check(ctx, made.Account.ID); (err != nil) != out {
				t.Errorf("out %v: %v", out, err)
			}
		}
		_, err = b.Enable(ctx, "nobody")
		refused(t, err, http.StatusNotFound, "no such account")
	})
}

// What is older than two years goes, from the front; the numbers go on. An entry holds no text of somebody's invention.
func TestTrailForgets(t *testing.T) {
	each(t, func(t *testing.T, db data.DB) {
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		trail, last := Trail{db, func() time.Time { return now }}, int64(0)
		record := func(n int) {
			for range n {
				last++
				if err := trail.Record(ctx, office.Caller{Account: "a1", Role: central.RoleClerk}, "submit", "Ayşe", 200); err != nil {
					t.Fatal(err)
				}
			}
		}
		record(pruneMost + 20)
		now = now.AddDate(keepYears, 0, -1)
		record(3 * pruneEvery)
		first := func() central.AuditEntry {
			page, err := trail.List(ctx, "", 1)
			if err != nil || len(page.Items) != 1 {
				t.Fatalf("%+v %v", page, err)
			}
			return page.Items[0]
		}
		if e := first(); e.Number != 1 || e.About != "" {
			t.Errorf("too early, or a name: %+v", e)
		}
		now = now.AddDate(0, 0, 2)
		record(2 * pruneEvery)
		if e := first(); e.Number != pruneMost+20+1 {
			t.Errorf("got %+v", e)
		}
		if n, err := trail.Last(ctx); err != nil || n != last {
			t.Errorf("%d, want %d: %v", n, last, err)
		}
	})
}

func TestTrail(t *testing.T) {
	each(t, func(t *testing.T, db data.DB) {
		trail := Trail{DB: db}
		for i := range 5 {
			if err := trail.Record(ctx, office.Caller{Account: "a1", Role: central.RoleClerk}, "submitCase", fmt.Sprint("ca5e-", i), 200+i); err != nil {
				t.Fatal(err)
			}
		}
		first, err := trail.List(ctx, "", 3)
		if err != nil || len(first.Items) != 3 || first.Next != "3" {
			t.Fatalf("%+v %v", first, err)
		}
		rest, err := trail.List(ctx, first.Next, 3)
		if err != nil || len(rest.Items) != 2 || rest.Next != "" {
			t.Fatalf("%+v %v", rest, err)
		}
		for i, e := range append(first.Items, rest.Items...) {
			want := central.AuditEntry{Number: int64(i + 1), At: e.At, Account: "a1", Role: central.RoleClerk, Did: "submitCase", About: fmt.Sprint("ca5e-", i), Outcome: 200 + i}
			if e != want || e.At.IsZero() {
				t.Errorf("%+v, want %+v", e, want)
			}
		}
		if n, err := trail.Last(ctx); err != nil || n != 5 {
			t.Errorf("%d %v", n, err)
		}
		for _, after := range []string{"x", "-1", "1e9"} {
			_, err := trail.List(ctx, after, 3)
			refused(t, err, http.StatusBadRequest, "cursor")
		}
	})
}
