package api

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/data/datatest"
	"rekey/cmd/rekey-central/office"
)

func TestMain(m *testing.M) { datatest.Main(m) }

// withoutRecords are the operations that need no record; the officer's key needs none either.
var withoutRecords = []string{"GET /demo/ca.pem", "GET /v1/overrides", "GET /v1/procedures", "GET /v1/procedures/{id}", "GET /v1/calendars",
	"GET /v1/calendars/{country}", "GET /v1/me", "GET /v1/metrics", "GET /v1/documents/{sha256}", "HEAD /v1/documents/{sha256}"}

// Another session of the database holds a table, and each operation is asked for. None hangs, none is told as our failure: it is
// done without that table, or it is 503 and says when to come again. Afterwards all goes on.
func TestDatabaseThatHangs(t *testing.T) {
	database := datatest.Database(t)
	b := startOn(t, office.Config{Dir: t.TempDir(), Database: database, Patience: 300 * time.Millisecond}, func(*accounts.Config) {})
	b.client = &http.Client{Timeout: time.Minute}
	s := b.scene()
	for _, tables := range []string{"records", "counters", "blobs, rekey.uploads, rekey.parts"} {
		let := hold(t, database, "rekey."+tables)
		var all sync.WaitGroup
		for _, row := range b.operations(s) {
			for i, key := range map[int]string{0: "", 6: s.clerk, 7: b.officer} {
				all.Go(func() {
					r := row.ask(key)
					away := r.status == 503 && r.header.Get("Retry-After") != "" && (strings.HasPrefix(row.route, "HEAD") || r.problem(t).Detail != "")
					needs := tables == "records" && row.want[i] < 300 && !(key != s.clerk && slices.Contains(withoutRecords, row.route)) && row.route != "GET /demo/ca.pem"
					if needs && !away || r.status >= 500 && !away || r.status == 0 {
						t.Errorf("%s, caller %d, while %s hang: %d %v %s", row.route, i, tables, r.status, r.header, r.body)
					}
				})
			}
		}
		all.Wait()
		let()
		b.want(200, b.ask("", "GET", "/v1/health", nil))
		b.want(200, b.ask(s.clerk, "GET", "/v1/cases/"+s.plain.ID, nil))
	}
}

// hold locks tables in a session of its own until it is let go.
func hold(t *testing.T, database, tables string) (let func()) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"begin", "lock table " + tables + " in access exclusive mode"} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	return func() { _ = conn.Close(t.Context()) }
}
