package api

import (
	"rekey/cmd/rekey-central/officetest"
	"strings"
	"testing"
)

// A key proves nothing by being nearly right, nor by standing in a strange header.
func TestStrangeKeys(t *testing.T) {
	b := start(t, t.TempDir())
	for _, header := range []string{"", "Bearer", "Bearer ", "Basic " + ownerKey, ownerKey, "Bearer " + strings.Repeat("k", 31),
		"Bearer " + strings.Repeat("k", 513), "Bearer " + ownerKey + " x"} {
		if r := b.ask("", "GET", "/v1/changes", nil, "Authorization", header); r.status != 401 {
			t.Errorf("%q: got %d, want 401", header, r.status)
		}
	}
	if r := b.ask(b.officer[:63]+"x", "GET", "/v1/audit", nil); r.status != 403 {
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
	b.want(404, b.bad().ask(ownerKey, "GET", "/v2/cases", nil))
	r := b.want(405, b.bad().ask(ownerKey, "DELETE", "/v1/cases/"+officetest.ID(t), nil))
	if r.header.Get("Allow") != "GET" {
		t.Errorf("Allow: %q", r.header.Get("Allow"))
	}
	b.want(404, b.bad().ask(b.officer, "GET", "/v1/cases/no-uuid", nil))
	b.want(404, b.ask(b.officer, "POST", "/v1/cases/"+officetest.ID(t)+"/approve", nil))
}
