package api

import (
	"strings"
	"testing"

	"rekey/app/central"
)

// Every route against every caller. The owner's moves on the case come last, so that the
// states stay as the table wants them.
func TestWhoMay(t *testing.T) {
	b := start(t, t.TempDir())
	approve, sendBack, issue := b.received("generic"), b.received("generic"), b.received("generic")
	b.want(200, b.move("approve", issue.ID))
	fresh := []byte("sent by whoever may")
	s := submission(t, "generic")
	post := func(path string, body any) func(string) reply {
		return func(key string) reply { return b.json(key, "POST", path, body, "Idempotency-Key", "k") }
	}
	get := func(path string) func(string) reply {
		return func(key string) reply { return b.ask(key, "GET", path, nil) }
	}
	doc := "/v1/documents/" + approve.Documents[0].SHA256
	table := []struct {
		route                            string
		ask                              func(string) reply
		nobody, short, other, owner, off int
	}{
		{"GET /v1/health", get("/v1/health"), 200, 200, 200, 200, 200},
		{"GET /demo/ca.pem", get("/demo/ca.pem"), 200, 200, 200, 200, 200},
		{"GET /demo/ca.crl", get("/demo/ca.crl"), 200, 200, 200, 200, 200},
		{"PUT /v1/documents/{sha256}", func(key string) reply {
			return b.ask(key, "PUT", "/v1/documents/"+entry("scan", fresh).SHA256, fresh)
		}, 401, 401, 201, 200, 403},
		{"GET /v1/documents/{sha256}", get(doc), 401, 401, 404, 200, 200},
		{"HEAD /v1/documents/{sha256}", func(key string) reply { return b.ask(key, "HEAD", doc, nil) }, 401, 401, 404, 200, 200},
		{"POST /v1/cases", post("/v1/cases", s), 401, 401, 201, 409, 403},
		{"GET /v1/cases", get("/v1/cases"), 401, 401, 403, 403, 200},
		{"GET /v1/cases/{id}", get("/v1/cases/" + approve.ID), 401, 401, 404, 200, 200},
		{"POST /v1/cases/{id}/approve", post("/v1/cases/"+approve.ID+"/approve", nil), 401, 401, 403, 403, 200},
		{"POST /v1/cases/{id}/return", post("/v1/cases/"+sendBack.ID+"/return", central.Return{Why: "x"}), 401, 401, 403, 403, 200},
		{"POST /v1/cases/{id}/issue", post("/v1/cases/"+issue.ID+"/issue", nil), 401, 401, 403, 403, 200},
		{"GET /v1/changes", get("/v1/changes"), 401, 401, 200, 200, 403},
		{"GET /v1/overrides", get("/v1/overrides"), 401, 401, 200, 200, 200},
	}
	seen := map[string]bool{}
	for _, row := range table {
		seen[row.route] = true
		callers := []struct {
			name, key string
			want      int
		}{
			{"nobody", "", row.nobody}, {"short key", "short", row.short}, {"another client", otherKey, row.other},
			{"owner", ownerKey, row.owner}, {"officer", b.officer, row.off},
		}
		for _, c := range callers {
			r := row.ask(c.key)
			if r.status != c.want {
				t.Errorf("%s as %s: got %d %s, want %d", row.route, c.name, r.status, r.body, c.want)
			}
			if r.status >= 400 && !strings.HasPrefix(row.route, "HEAD") {
				r.problem(t)
			}
			if r.status == 401 && r.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s: 401 without WWW-Authenticate", row.route)
			}
		}
	}
	for _, r := range Routes() {
		if !seen[r.Method+" "+r.Path] {
			t.Errorf("%s %s is not in the table", r.Method, r.Path)
		}
	}
}

// A key proves nothing by being nearly right, nor by standing in a strange header.
func TestStrangeKeys(t *testing.T) {
	b := start(t, t.TempDir())
	for _, header := range []string{"", "Bearer", "Bearer ", "Basic " + ownerKey, ownerKey, "Bearer " + strings.Repeat("k", 31),
		"Bearer " + strings.Repeat("k", 513), "Bearer " + ownerKey + " x"} {
		if r := b.ask("", "GET", "/v1/changes", nil, "Authorization", header); r.status != 401 {
			t.Errorf("%q: got %d, want 401", header, r.status)
		}
	}
	if r := b.ask(b.officer[:63]+"x", "GET", "/v1/cases", nil); r.status != 403 {
		t.Errorf("nearly the officer's key: got %d, want 403", r.status)
	}
}

// Knowing the hash of a document is not having it: another client can neither read it nor
// name it in a case of its own.
func TestForeignDocument(t *testing.T) {
	b := start(t, t.TempDir())
	d := b.document(ownerKey, "scan", []byte("the owner's paper"))
	thief := submission(t, "generic", d)
	p := b.want(422, b.submit(otherKey, "k1", thief)).problem(t)
	if len(p.Missing) != 1 || p.Missing[0] != d.SHA256 {
		t.Errorf("missing: %v", p.Missing)
	}
	b.want(404, b.ask(otherKey, "GET", "/v1/documents/"+d.SHA256, nil))
	b.document(otherKey, "scan", []byte("the owner's paper")) // it has the bytes itself
	b.want(201, b.submit(otherKey, "k1", thief))
}

func TestUnknownPathsAndMethods(t *testing.T) {
	b := start(t, t.TempDir())
	b.want(404, b.ask(ownerKey, "GET", "/v2/cases", nil))
	r := b.want(405, b.ask(ownerKey, "DELETE", "/v1/cases/"+newID(t), nil))
	if r.header.Get("Allow") != "GET" {
		t.Errorf("Allow: %q", r.header.Get("Allow"))
	}
	b.want(404, b.ask(b.officer, "GET", "/v1/cases/no-uuid", nil))
	b.want(404, b.ask(b.officer, "POST", "/v1/cases/"+newID(t)+"/approve", nil))
}

func TestLoopbackOnly(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:80", "example.org:80", "127.0.0.1", ""} {
		if l, err := Listen(addr); err == nil {
			l.Close()
			t.Errorf("%q was accepted", addr)
		}
	}
	for _, addr := range []string{"127.0.0.1:0", "localhost:0"} {
		l, err := Listen(addr)
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
	}
}
