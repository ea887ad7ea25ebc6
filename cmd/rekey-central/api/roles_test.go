package api

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/assets"
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

// scene is one owner's things at the office, each in the state in which its row of the matrix wants it.
type scene struct {
	clerk                                            string // who owns them all: the clerk of an organisation
	holder, card, fingerprint                        string
	document                                         central.Document
	plain, approve, sendBack, issue                  central.Submission
	receipt, accept, decline, wish, revoke, keepGood string
}

func (b *bench) scene() scene {
	t := b.t
	t.Helper()
	s := scene{clerk: b.newcomer(central.RoleClerk, "Clinic"), holder: sumOf("holder"), card: sumOf("card"), fingerprint: sumOf("certificate")}
	s.document = b.document(s.clerk, central.DocRequest, pkcs10(t))
	for _, c := range []*central.Submission{&s.plain, &s.approve, &s.sendBack, &s.issue} {
		*c = submission(t, "generic", s.document)
		b.want(201, b.submit(s.clerk, c.ID, *c))
	}
	b.want(200, b.move("approve", s.issue.ID))
	b.want(201, b.json(s.clerk, "PUT", "/v1/holders/"+s.holder, holderOf(s.holder)))
	b.want(201, b.json(s.clerk, "PUT", "/v1/cards/"+s.card, cardOf(s.card)))
	b.want(201, b.json(s.clerk, "PUT", "/v1/certificates/"+s.fingerprint, certificateOf(s.fingerprint, s.holder)))
	b.want(201, b.json(s.clerk, "PUT", "/v1/photos/"+s.holder, photoOf(s.holder, s.document)))
	for _, id := range []*string{&s.receipt, &s.accept, &s.decline} {
		*id = newID(t)
		b.want(201, b.json(s.clerk, "POST", "/v1/receipts", receiptOf(*id, s.plain.ID, s.document)))
	}
	for _, id := range []*string{&s.wish, &s.revoke, &s.keepGood} {
		*id = newID(t)
		b.want(201, b.json(s.clerk, "POST", "/v1/revocations", wishOf(*id, s.fingerprint)))
	}
	return s
}

func holderOf(id string) central.Holder {
	return central.Holder{ID: id, Name: "Ayşe Örnek", Kind: "doctor", Country: "TR", Fields: map[string]string{"phone": "05000000000"}}
}

func cardOf(id string) central.Card {
	return central.Card{ID: id, Serial: "0123456789", Label: "card", SeenAt: time.Now().UTC()}
}

func certificateOf(fingerprint, holder string) central.Certificate {
	now := time.Now().UTC().Truncate(time.Second)
	return central.Certificate{Fingerprint: fingerprint, Holder: holder, Serial: "0a", NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(0, 0, 30), Current: true}
}

func photoOf(holder string, d central.Document) central.Photo {
	return central.Photo{Holder: holder, Type: "image/png", SHA256: d.SHA256, Size: d.Size, TakenAt: time.Now().UTC()}
}

func receiptOf(id, caseID string, d central.Document) central.Receipt {
	return central.Receipt{ID: id, Case: caseID, SHA256: d.SHA256, Amount: "250.00", Currency: "TRY", PaidOn: "2026-11-20", CreatedAt: time.Now().UTC()}
}

func wishOf(id, fingerprint string) central.Revocation {
	return central.Revocation{ID: id, Fingerprint: fingerprint, Reason: "keyCompromise", CreatedAt: time.Now().UTC()}
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
	get := func(path string) func(string) reply {
		return func(key string) reply { return b.ask(key, "GET", path, nil) }
	}
	send := func(method, path string, body func() any) func(string) reply {
		return func(key string) reply { return b.json(key, method, path, body(), "Idempotency-Key", newID(t)) }
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
	table := []struct {
		route string
		ask   func(string) reply
		want  []int // nobody, unknown, holder, clerk, order-maker, document-handler, owner, officer
	}{
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
		{"POST /v1/cases", send("POST", "/v1/cases", func() any { return submission(t, "generic") }), []int{401, 401, 201, 201, 201, 403, 201, 403}},
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
		{"POST /v1/receipts", send("POST", "/v1/receipts", func() any { return receiptOf(newID(t), s.plain.ID, s.document) }), []int{401, 401, 422, 422, 422, 422, 201, 403}},
		{"POST /v1/receipts/{id}/accept", bare("/v1/receipts/" + s.accept + "/accept"), []int{401, 401, 403, 403, 403, 403, 403, 200}},
		{"POST /v1/receipts/{id}/decline", post("/v1/receipts/"+s.decline+"/decline", no), []int{401, 401, 403, 403, 403, 403, 403, 200}},
		{"GET /v1/revocations", get("/v1/revocations"), []int{401, 401, 200, 200, 200, 200, 200, 200}},
		{"GET /v1/revocations/{id}", get("/v1/revocations/" + s.wish), []int{401, 401, 404, 404, 404, 404, 200, 200}},
		{"POST /v1/revocations", send("POST", "/v1/revocations", func() any { return wishOf(newID(t), s.fingerprint) }), []int{401, 401, 422, 422, 403, 403, 201, 403}},
		{"POST /v1/revocations/{id}/accept", bare("/v1/revocations/" + s.revoke + "/accept"), []int{401, 401, 403, 403, 403, 403, 403, 200}},
		{"POST /v1/revocations/{id}/decline", post("/v1/revocations/"+s.keepGood+"/decline", no), []int{401, 401, 403, 403, 403, 403, 403, 200}},
		{"GET /v1/reports/cases", get("/v1/reports/cases?by=state"), []int{401, 401, 403, 200, 200, 403, 200, 200}},
		{"GET /v1/reports/expiring", get("/v1/reports/expiring"), []int{401, 401, 403, 200, 200, 403, 200, 200}},
		{"GET /v1/audit", get("/v1/audit"), []int{401, 401, 403, 403, 403, 403, 403, 200}},
	}
	seen := map[string]bool{}
	for _, row := range table {
		seen[row.route] = true
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
