package api

import (
	"testing"

	"rekey/app/central"
	"rekey/assets"
	"rekey/cmd/rekey-central/officetest"
)

// row is one operation: how to ask for it with a key, and what the callers get, in the order nobody, unknown key, stranger as
// holder, clerk, order-maker and document-handler, owner, officer.
type row struct {
	route string
	ask   func(key string) reply
	want  []int
}

// operations are all of the contract, on the things of a scene.
func (b *bench) operations(s scene) []row {
	get := func(path string) func(string) reply {
		return func(key string) reply { return b.ask(key, "GET", path, nil) }
	}
	send := func(method, path string, body func() any) func(string) reply {
		return func(key string) reply {
			return b.json(key, method, path, body(), "Idempotency-Key", officetest.ID(b.t))
		}
	}
	put := func(path string, body any) func(string) reply {
		return send("PUT", path, func() any { return body })
	}
	post := func(path string, body any) func(string) reply {
		return send("POST", path, func() any { return body })
	}
	bare := func(path string) func(string) reply {
		return func(key string) reply { return b.ask(key, "POST", path, nil) }
	}
	bytes := []byte("sent by whoever may")
	doc := "/v1/documents/" + s.document.SHA256
	fresh := "/v1/documents/" + entry("scan", bytes).SHA256
	part := func(key string) reply {
		return b.ask(key, "PATCH", "/v1/documents/"+sumOf("of "+key), []byte("of"), "Upload-Offset", "0", "Upload-Length", "100")
	}
	no := central.Return{Why: "illegible"}
	yes := []int{200, 200, 200, 200, 200, 200, 200, 200}
	return []row{
		{"GET /v1/health", get("/v1/health"), yes},
		{"GET /demo/ca.pem", get("/demo/ca.pem"), yes},
		{"GET /demo/ca.crl", get("/demo/ca.crl"), yes},
		{"GET /v1/metrics", get("/v1/metrics"), []int{401, 401, 403, 403, 403, 403, 403, 200}},
		{"GET /v1/me", get("/v1/me"), []int{401, 401, 200, 200, 200, 200, 200, 200}},
		{"POST /v1/keys", post("/v1/keys", central.KeyBinding{SHA256: sumOf("key")}), []int{401, 401, 403, 403, 403, 403, 403, 403}}, // by certificate only
		{"PUT /v1/documents/{sha256}", func(key string) reply { return b.ask(key, "PUT", fresh, bytes) }, []int{401, 401, 201, 200, 200, 200, 200, 403}},
		{"PATCH /v1/documents/{sha256}", part, []int{401, 401, 204, 204, 204, 204, 204, 403}},
		{"GET /v1/documents/{sha256}", get(doc), []int{401, 401, 404, 404, 404, 404, 200, 200}},
		{"HEAD /v1/documents/{sha256}", func(key string) reply { return b.ask(key, "HEAD", doc, nil) }, []int{401, 401, 404, 404, 404, 404, 200, 200}},
		{"POST /v1/cases", send("POST", "/v1/cases", func() any { return submission(b.t, "generic") }), []int{401, 401, 201, 201, 201, 403, 201, 403}},
		{"POST /v1/cases/{id}/documents", post("/v1/cases/"+s.plain.ID+"/documents", central.Addition{Documents: []central.Document{s.document}}), []int{401, 401, 404, 404, 404, 404, 200, 403}},
		{"GET /v1/cases", get("/v1/cases"), []int{401, 401, 200, 200, 200, 200, 200, 200}},
		{"GET /v1/cases/{id}", get("/v1/cases/" + s.plain.ID), []int{401, 401, 404, 404, 404, 404, 200, 200}},
		{"POST /v1/cases/{id}/approve", bare("/v1/cases/" + s.approve.ID + "/approve"), []int{401, 401, 403, 403, 403, 403, 403, 200}},
		{"POST /v1/cases/{id}/return", post("/v1/cases/"+s.sendBack.ID+"/return", no), []int{401, 401, 403, 403, 403, 403, 403, 200}},
		{"POST /v1/cases/{id}/issue", bare("/v1/cases/" + s.issue.ID + "/issue"), []int{401, 401, 403, 403, 403, 403, 403, 200}},
		{"GET /v1/changes", get("/v1/changes"), []int{401, 401, 200, 200, 200, 200, 200, 403}},
		{"GET /v1/overrides", get("/v1/overrides"), []int{401, 401, 200, 200, 200, 200, 200, 200}},
		{"GET /v1/procedures", get("/v1/procedures"), []int{401, 401, 200, 200, 200, 200, 200, 200}},
		{"GET /v1/procedures/{id}", get("/v1/procedures/tr-kamusm-nes"), []int{401, 401, 200, 200, 200, 200, 200, 200}},
		{"GET /v1/calendars", get("/v1/calendars"), []int{401, 401, 200, 200, 200, 200, 200, 200}},
		{"GET /v1/calendars/{country}", get("/v1/calendars/TR"), []int{401, 401, 200, 200, 200, 200, 200, 200}},
		{"GET /v1/holders", get("/v1/holders"), []int{401, 401, 200, 200, 200, 200, 200, 200}},
		{"GET /v1/holders/{id}", get("/v1/holders/" + s.holder), []int{401, 401, 404, 404, 404, 404, 200, 200}},
		{"PUT /v1/holders/{id}", put("/v1/holders/"+sumOf("another"), holderOf(sumOf("another"))), []int{401, 401, 201, 201, 403, 403, 201, 409}}, // three owners: the officer has to say which
		{"GET /v1/certificates", get("/v1/certificates"), []int{401, 401, 200, 200, 200, 200, 200, 200}},
		{"GET /v1/certificates/{fingerprint}", get("/v1/certificates/" + s.fingerprint), []int{401, 401, 404, 404, 404, 404, 200, 200}},
		{"PUT /v1/certificates/{fingerprint}", put("/v1/certificates/"+sumOf("c"), certificateOf(sumOf("c"), s.holder)), []int{401, 401, 201, 201, 403, 403, 201, 403}},
		{"GET /v1/cards", get("/v1/cards"), []int{401, 401, 200, 200, 200, 200, 200, 200}},
		{"GET /v1/cards/{id}", get("/v1/cards/" + s.card), []int{401, 401, 404, 404, 404, 404, 200, 200}},
		{"PUT /v1/cards/{id}", put("/v1/cards/"+sumOf("d"), cardOf(sumOf("d"))), []int{401, 401, 201, 201, 403, 403, 201, 403}},
		{"GET /v1/photos/{holder}", get("/v1/photos/" + s.holder), []int{401, 401, 404, 404, 403, 404, 200, 200}},
		{"PUT /v1/photos/{holder}", put("/v1/photos/"+s.holder, photoOf(s.holder, s.document)), []int{401, 401, 422, 422, 403, 422, 200, 403}}, // a foreign document is missing
		{"GET /v1/receipts", get("/v1/receipts"), []int{401, 401, 200, 200, 200, 200, 200, 200}},
		{"GET /v1/receipts/{id}", get("/v1/receipts/" + s.receipt), []int{401, 401, 404, 404, 404, 404, 200, 200}},
		{"POST /v1/receipts", send("POST", "/v1/receipts", func() any { return receiptOf(officetest.ID(b.t), s.plain.ID, s.document) }), []int{401, 401, 422, 422, 422, 422, 201, 403}},
		{"POST /v1/receipts/{id}/accept", bare("/v1/receipts/" + s.accept + "/accept"), []int{401, 401, 403, 403, 403, 403, 403, 200}},
		{"POST /v1/receipts/{id}/decline", post("/v1/receipts/"+s.decline+"/decline", no), []int{401, 401, 403, 403, 403, 403, 403, 200}},
		{"GET /v1/revocations", get("/v1/revocations"), []int{401, 401, 200, 200, 200, 200, 200, 200}},
		{"GET /v1/revocations/{id}", get("/v1/revocations/" + s.wish), []int{401, 401, 404, 404, 404, 404, 200, 200}},
		{"POST /v1/revocations", send("POST", "/v1/revocations", func() any { return wishOf(officetest.ID(b.t), s.fingerprint) }), []int{401, 401, 422, 422, 403, 403, 201, 403}},
		{"POST /v1/revocations/{id}/accept", bare("/v1/revocations/" + s.revoke + "/accept"), []int{401, 401, 403, 403, 403, 403, 403, 200}},
		{"POST /v1/revocations/{id}/decline", post("/v1/revocations/"+s.keepGood+"/decline", no), []int{401, 401, 403, 403, 403, 403, 403, 200}},
		{"GET /v1/reports/cases", get("/v1/reports/cases?by=state"), []int{401, 401, 403, 200, 200, 403, 200, 200}},
		{"GET /v1/reports/expiring", get("/v1/reports/expiring"), []int{401, 401, 403, 200, 200, 403, 200, 200}},
		{"GET /v1/audit", get("/v1/audit"), []int{401, 401, 403, 403, 403, 403, 403, 200}},
	}
}

// No operation of the contract is forgotten.
func TestOperations(t *testing.T) {
	b := start(t, t.TempDir())
	seen := map[string]bool{}
	for _, row := range b.operations(scene{document: entry("scan", []byte("x"))}) {
		seen[row.route] = true
	}
	operations, err := readContract(assets.Files, contractFile)
	if err != nil {
		t.Fatal(err)
	}
	for pattern := range operations {
		if !seen[pattern] {
			t.Errorf("%s is not in the table", pattern)
		}
	}
}
