package api

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/office"
	"rekey/cmd/rekey-central/registry"
)

// handlerFor is the API without a network; answer holds it against the contract.
type handlerFor struct {
	http.Handler
	judge judge
}

func newHandler(f *testing.F) handlerFor {
	f.Helper()
	dir := f.TempDir()
	store, err := office.Open(f.Context(), office.Config{Dir: dir})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = store.Close() })
	authority, err := ca.OpenOrInit(dir)
	if err != nil {
		f.Fatal(err)
	}
	h, err := New(Config{Office: store, Registry: registry.New(store), Accounts: accounts.New(accounts.Config{DB: store.DB(), OfficerKey: strings.Repeat("0", 64), Anyone: true}),
		Trail: accounts.Trail{DB: store.DB()}, Data: dir, Authority: authority, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		f.Fatal(err)
	}
	return handlerFor{h, newJudge(f)}
}

// answer wants every request to be answered as the contract says: no failure of ours, and every no a problem document.
func (h handlerFor) answer(t *testing.T, r *http.Request) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	res, body := w.Result(), w.Body.Bytes()
	if res.StatusCode >= 500 {
		t.Fatalf("%s %s: %d %s", r.Method, r.URL, res.StatusCode, body)
	}
	var p central.Problem
	if res.StatusCode >= 400 && r.Method != "HEAD" && (json.Unmarshal(body, &p) != nil || p.Status != res.StatusCode || p.Detail == "") {
		t.Fatalf("%s %s: %d is no problem: %s", r.Method, r.URL, res.StatusCode, body)
	}
	if err := h.judge.answer(r, res, body); err != nil {
		t.Fatalf("%s %s: the contract has no such answer: %d %s: %v", r.Method, r.URL, res.StatusCode, body, err)
	}
}

// targets are the operations that take JSON.
func targets() []string {
	id, sum := "0195f0c0-0000-7000-8000-000000000000", strings.Repeat("a", 64)
	return []string{"POST /v1/cases", "POST /v1/cases/" + id + "/documents", "PUT /v1/holders/" + sum, "PUT /v1/certificates/" + sum,
		"PUT /v1/cards/" + sum, "PUT /v1/photos/" + sum, "POST /v1/receipts", "POST /v1/revocations"}
}

func FuzzJSON(f *testing.F) {
	id, sum := "0195f0c0-0000-7000-8000-000000000000", strings.Repeat("a", 64)
	for i, body := range []string{
		`{"id":"` + id + `","procedure":"generic","reason":"renewal","route":"paper","holder":"x","details":{"a":"b"},"rows":[{}],"documents":null,"created_at":"2026-01-01T00:00:00Z"}`,
		`{"documents":[{"kind":"scan","name":"x","sha256":"` + sum + `","size":1}]}`,
		`{"id":"` + sum + `","name":"x","fields":{"":""},"office":null,"version":-1}`,
		`{"fingerprint":"` + sum + `","holder":"` + sum + `","not_before":"0001-01-01T00:00:00Z","not_after":"9999-12-31T23:59:59Z","current":true}`,
		`{"id":"` + sum + `","serial":"1","seen_at":"2026-01-01T00:00:00+14:00"}`, `{"holder":"` + sum + `","type":"image/png","size":1e3}`,
		`{"id":"` + id + `","case":"` + id + `","amount":"1.","paid_on":"2026-02-30"}`, `{"reason":"keyCompromise","revoked_at":null}`,
		`null`, `[]`, `{"id":{"id":{}}}`, "{\"id\":\"\xff\"}", `{"created_at":"0000-00-00T00:00:00Z"}`,
	} {
		f.Add(i%len(targets()), []byte(body))
	}
	h := newHandler(f)
	f.Fuzz(func(t *testing.T, target int, body []byte) {
		all := targets()
		method, path, _ := strings.Cut(all[((target%len(all))+len(all))%len(all)], " ")
		r := httptest.NewRequest(method, path, strings.NewReader(string(body)))
		r.Header.Set("Authorization", "Bearer "+ownerKey)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", sumOf(string(body)))
		h.answer(t, r)
	})
}

func FuzzHeaders(f *testing.F) {
	f.Add("Bearer "+ownerKey, "key", `"1"`, "0", "4", "application/octet-stream", "limit=1&after=x")
	f.Add("bearer  x", "", `W/"1"`, "-1", "99999999999999999999", "application/json; charset=\"", "by=state,detail:&days=0")
	f.Add("Basic "+ownerKey, "\x7f", "*", "0x1", "", "", "%zz&state=&state=lost&wait=31")
	h := newHandler(f)
	paths := []string{"GET /v1/cases", "POST /v1/cases", "PATCH /v1/documents/" + strings.Repeat("b", 64), "HEAD /v1/documents/" + strings.Repeat("b", 64), "GET /v1/changes",
		"GET /v1/holders", "PUT /v1/holders/" + strings.Repeat("b", 64), "GET /v1/reports/cases", "GET /v1/reports/expiring", "GET /v1/audit", "GET /v1/overrides", "GET /v1/me"}
	f.Fuzz(func(t *testing.T, authorization, idempotency, match, offset, length, media, query string) {
		if strings.Contains(query, "wait") {
			query = strings.ReplaceAll(query, "wait", "wai") // nobody waits here
		}
		for _, one := range paths {
			method, path, _ := strings.Cut(one, " ")
			r := httptest.NewRequest(method, path, strings.NewReader("body"))
			r.URL = &url.URL{Path: path, RawQuery: query}
			r.Header = http.Header{"Authorization": {authorization}, "Idempotency-Key": {idempotency}, "If-Match": {match}, "If-None-Match": {match},
				"Upload-Offset": {offset}, "Upload-Length": {length}, "Content-Type": {media}}
			r.RemoteAddr = "192.0.2.1:1"
			h.answer(t, r)
		}
	})
}
