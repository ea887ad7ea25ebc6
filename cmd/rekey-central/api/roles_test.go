package api

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
)

// newcomer adds an account of a role and gives its key.
func (b *bench) newcomer(role, organisation string) string {
	b.t.Helper()
	made, err := b.book.Add(b.t.Context(), accounts.Order{Role: role, Organisation: organisation})
	if err != nil {
		b.t.Fatal(err)
	}
	return made.Key
}

func sumOf(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:])
}

// Every operation against every caller: nobody, an unknown key, a stranger of each role who owns nothing here, the clerk who owns
// all of it, and the officer. The officer comes last, so that the states stay as the rows want them.
func TestWhoMay(t *testing.T) {
	b := startWith(t, t.TempDir(), func(c *accounts.Config) { c.Anyone = false })
	s := b.scene()
	callers := []struct{ name, key string }{
		{"nobody", ""}, {"unknown key", otherKey},
		{"holder", b.newcomer(central.RoleHolder, "")}, {"clerk", b.newcomer(central.RoleClerk, "Elsewhere")},
		{"order-maker", b.newcomer(central.RoleOrderMaker, "Works")}, {"document-handler", b.newcomer(central.RoleDocumentHandler, "Post")},
		{"owner", s.clerk}, {"officer", b.officer},
	}
	for _, row := range b.operations(s) {
		for i, c := range callers {
			r := row.ask(c.key)
			if r.status != row.want[i] {
				t.Errorf("%s as %s: got %d %s, want %d", row.route, c.name, r.status, r.body, row.want[i])
			}
			if r.status >= 400 && !strings.HasPrefix(row.route, "HEAD") {
				r.problem(t)
			}
			if r.status == 401 && r.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s: 401 without WWW-Authenticate", row.route)
			}
		}
	}
}
