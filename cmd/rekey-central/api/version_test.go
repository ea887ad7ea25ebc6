package api

import (
	"bytes"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/officetest"
)

// Two programs of one owner change the same case: the one that looked earlier is told so and nothing is lost.
func TestCaseVersions(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.received("generic")
	first := b.want(200, b.ask(ownerKey, "GET", "/v1/cases/"+s.ID, nil))
	if first.header.Get("ETag") != `"1"` {
		t.Fatalf("ETag %q", first.header.Get("ETag"))
	}
	match := func(key, tag string, s central.Submission) reply {
		return b.json(ownerKey, "POST", "/v1/cases", s, "Idempotency-Key", key, "If-Match", tag)
	}
	s.Holder = "One Program"
	won := b.want(200, match("k1", `"1"`, s))
	if won.header.Get("ETag") != `"2"` {
		t.Errorf("ETag %q", won.header.Get("ETag"))
	}
	other := s
	other.Holder = "The Other Program"
	lost := b.want(412, match("k2", `"1"`, other))
	if lost.header.Get("ETag") != `"2"` {
		t.Errorf("412 with ETag %q", lost.header.Get("ETag"))
	}
	if now := read[central.Case](t, b.ask(ownerKey, "GET", "/v1/cases/"+s.ID, nil)); now.Holder != s.Holder {
		t.Errorf("got %+v", now)
	}
	if again := b.want(200, match("k1", `"1"`, s)); !bytes.Equal(again.body, won.body) { // a lost answer
		t.Errorf("again %s", again.body)
	}
	b.want(412, match("k3", `"7"`, submission(t, "generic"))) // there is none yet
	for _, tag := range []string{"1", `W/"1"`, "*", `"0"`, `"x"`, `"1", "2"`, ""} {
		b.want(400, b.bad().json(ownerKey, "POST", "/v1/cases", other, "Idempotency-Key", "k4", "If-Match", tag))
	}
	b.want(412, b.ask(b.officer, "POST", "/v1/cases/"+s.ID+"/approve", nil, "If-Match", `"1"`))
	approved := b.want(200, b.ask(b.officer, "POST", "/v1/cases/"+s.ID+"/approve", nil, "If-Match", `"2"`))
	if approved.header.Get("ETag") != `"3"` {
		t.Errorf("ETag %q", approved.header.Get("ETag"))
	}
}

// Documents can be added without the submission, once.
func TestAddDocuments(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.standing(central.StateIssued, b.document(ownerKey, "request", officetest.Request(t)))
	scan := b.document(ownerKey, "scan", []byte("signed"))
	path := "/v1/cases/" + s.ID + "/documents"
	add := func(key string, d ...central.Document) reply {
		return b.json(ownerKey, "POST", path, central.Addition{Documents: d}, "Idempotency-Key", key)
	}
	first := b.want(200, add("a1", scan))
	if c := read[central.Case](t, first); c.State != central.StateIssued || len(c.Documents) != 2 || c.Documents[1] != scan || c.Version != 4 {
		t.Errorf("got %+v", c)
	}
	if again := b.want(200, add("a1", scan)); !bytes.Equal(again.body, first.body) {
		t.Errorf("again %s", again.body)
	}
	if c := read[central.Case](t, b.want(200, add("a2", scan))); c.Version != 4 {
		t.Errorf("got %+v", c)
	}
	gone := entry("receipt", []byte("not sent"))
	if p := b.want(422, add("a3", gone)).problem(t); len(p.Missing) != 1 || p.Missing[0] != gone.SHA256 {
		t.Errorf("got %+v", p)
	}
	b.want(409, add("a4", b.document(ownerKey, "request", officetest.Request(t))))
	b.want(422, b.bad().json(ownerKey, "POST", path, central.Addition{Documents: []central.Document{}}, "Idempotency-Key", "a5"))
	b.want(422, add("a1", scan, scan)) // the key with other content
}
