package accounts

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"rekey/cmd/rekey-central/data"
)

func fuzzed(f *testing.F) data.DB {
	f.Helper()
	db, err := data.OpenBolt(filepath.Join(f.TempDir(), "test.db"))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	return db
}

// An order is refused with a sentence, or it becomes an account that is as it was ordered.
func FuzzOrder(f *testing.F) {
	f.Add("holder", "", "Can Örnek", "")
	f.Add("clerk", "Clinic/1", "\x00", "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n")
	f.Add("officer", " ", strings.Repeat("ş", maxText+1), "-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----")
	f.Add("document-handler", "\u202eorg", "a\nb", "\xff")
	b := New(Config{DB: fuzzed(f)})
	f.Fuzz(func(t *testing.T, role, organisation, name, certificate string) {
		made, err := b.Add(t.Context(), Order{Role: role, Organisation: organisation, Name: name, Certificate: certificate})
		var refused *Error
		if err != nil {
			if !errors.As(err, &refused) || refused.Detail == "" || refused.Status != http.StatusUnprocessableEntity && refused.Status != http.StatusConflict {
				t.Fatal(err)
			}
			return
		}
		a := made.Account
		if a.Role != role || a.Name != strings.TrimSpace(name) || a.Organisation != strings.TrimSpace(organisation) || strings.Contains(a.Organisation, "/") || (made.Key == "") != (strings.TrimSpace(certificate) != "") {
			t.Fatalf("%+v", made)
		}
		if got, err := b.Account(t.Context(), a.ID); err != nil || got.Name != a.Name {
			t.Fatalf("%+v %v", got, err)
		}
	})
}

// A header lets nobody in who has not a whole key; whoever it lets in has the account of exactly that key.
func FuzzAuthorization(f *testing.F) {
	for _, header := range []string{"Bearer " + strings.Repeat("k", 32), "bearer  " + strings.Repeat("k", 32), "Bearer " + strings.Repeat("k", maxKey+1), "Bearer\t" + strings.Repeat("k", 40),
		"Bearer " + strings.Repeat("ş", 32), "Basic " + strings.Repeat("k", 32), "Bearer", ""} {
		f.Add(header)
	}
	b := New(Config{DB: fuzzed(f), OfficerKey: strings.Repeat("0", 64), Anyone: true})
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Authorization"] = []string{header}
		who, err := b.Admit(r)
		var refused *Error
		if err != nil {
			if !errors.As(err, &refused) {
				t.Fatal(err)
			}
			return
		}
		scheme, key, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "bearer") || len(key) < minKey || len(key) > maxKey || strings.ContainsAny(key, " \t\r\n\x00") || who.Owner != who.Account && !who.Officer() {
			t.Fatalf("%q became %+v", header, who)
		}
	})
}

// Where a request comes from is told for every address there may be, and one IPv6 network counts as one.
func FuzzAddress(f *testing.F) {
	for _, address := range []string{"192.0.2.1:1", "[2001:db8::1]:1", "[fe80::1%eth0]:1", "[::ffff:192.0.2.1]:1", "", ":", "x:1", "[::1"} {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = address
		if got := addressOf(r); len(got) > 64 || strings.Contains(got, "%") {
			t.Fatalf("%q: %q", address, got)
		}
	})
}
