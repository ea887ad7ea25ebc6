package api

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/officetest"
)

// document sends bytes as the client of the key and gives their entry.
func (b *bench) document(key, kind string, data []byte) central.Document {
	b.t.Helper()
	d := entry(kind, data)
	if r := b.ask(key, "PUT", "/v1/documents/"+d.SHA256, data); r.status != 201 && r.status != 200 {
		b.t.Fatalf("PUT: %d %s", r.status, r.body)
	}
	return d
}

func entry(kind string, data []byte) central.Document {
	hash := sha256.Sum256(data)
	return central.Document{Kind: kind, Name: kind + ".bin", SHA256: hex.EncodeToString(hash[:]), Size: int64(len(data))}
}

func submission(t *testing.T, procedure string, documents ...central.Document) central.Submission {
	return central.Submission{
		ID: officetest.ID(t), Procedure: procedure, Reason: "renewal", Route: "e-signed", Holder: "Ayşe Örnek",
		Details: map[string]string{"phone": "05000000000"}, Documents: documents, CreatedAt: time.Now().UTC(),
	}
}

func (b *bench) submit(key, idempotency string, s central.Submission) reply {
	return b.json(key, "POST", "/v1/cases", s, "Idempotency-Key", idempotency)
}

// received hands in a case with a PKCS#10 request.
func (b *bench) received(procedure string) central.Submission {
	b.t.Helper()
	s := submission(b.t, procedure, b.document(ownerKey, central.DocRequest, officetest.Request(b.t)))
	b.want(201, b.submit(ownerKey, s.ID, s))
	return s
}

func (b *bench) move(verb, id string) reply {
	if verb == "return" {
		return b.json(b.officer, "POST", "/v1/cases/"+id+"/"+verb, central.Return{Why: "the stamp is missing"})
	}
	return b.ask(b.officer, "POST", "/v1/cases/"+id+"/"+verb, nil)
}

func (b *bench) changes(key, query string) central.Changes {
	b.t.Helper()
	return read[central.Changes](b.t, b.want(200, b.ask(key, "GET", "/v1/changes"+query, nil)))
}

// The log tells what was asked, never by whom or about whom.
func TestLogHoldsNobody(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.received("ru-vipnet-tfoms")
	b.ask(ownerKey, "GET", "/v1/cases/"+s.ID, nil)
	b.bad().ask("short", "GET", "/v1/cases/"+s.ID+"?name=Ayşe", nil)
	b.bad().ask(ownerKey, "GET", "/nowhere/Ayşe", nil)
	log := b.log.String()
	for _, secret := range []string{s.ID, s.Documents[0].SHA256, "rnek", "Ay", ownerKey, "127.0.0.1", "nowhere"} {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log:\n%s", secret, log)
		}
	}
	if !strings.Contains(log, `path="GET /v1/cases/{id}" status=200`) {
		t.Error(log)
	}
}
