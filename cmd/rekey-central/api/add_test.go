package api

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/officetest"
)

// standing is a case that has come to a state, with the documents that it has.
func (b *bench) standing(state string, documents ...central.Document) central.Submission {
	b.t.Helper()
	s := submission(b.t, "generic", documents...)
	b.want(201, b.submit(ownerKey, s.ID, s))
	if state == central.StateApproved || state == central.StateIssued {
		b.want(200, b.move("approve", s.ID))
	}
	if state == central.StateIssued {
		b.want(200, b.move("issue", s.ID))
	}
	return s
}

func TestAdditions(t *testing.T) {
	b := start(t, t.TempDir())
	request := b.document(ownerKey, "request", officetest.Request(t))
	receipt := b.document(ownerKey, "receipt", []byte("paid"))
	better := b.document(ownerKey, "receipt", []byte("paid, legible"))
	for _, state := range []string{central.StateReceived, central.StateApproved, central.StateIssued} {
		s := b.standing(state, request)
		before := read[central.Case](t, b.ask(b.officer, "GET", "/v1/cases/"+s.ID, nil))
		told := len(b.changes(ownerKey, "").Changes)
		for i, d := range []central.Document{receipt, better} {
			s.Documents = append(s.Documents, d)
			first := b.want(200, b.submit(ownerKey, fmt.Sprint(s.ID, i), s))
			c := read[central.Case](t, first)
			if c.State != state || c.Version != before.Version+int64(i)+1 || !slices.Equal(c.Documents, s.Documents) || !slices.Equal(c.FromCA, before.FromCA) {
				t.Errorf("%s: got %+v", state, c)
			}
			if again := b.want(200, b.submit(ownerKey, fmt.Sprint(s.ID, i), s)); !bytes.Equal(again.body, first.body) {
				t.Errorf("%s: again %s", state, again.body)
			}
			if c = read[central.Case](t, b.want(200, b.submit(ownerKey, fmt.Sprint(s.ID, i, "other"), s))); c.Version != before.Version+int64(i)+1 {
				t.Errorf("%s: a repetition counts: %+v", state, c)
			}
		}
		if now := len(b.changes(ownerKey, "").Changes); now != told {
			t.Errorf("%s: %d changes, %d before", state, now, told)
		}
	}
}

// A client that sends its newest document of a kind only does not take the older one away.
func TestNewerDocumentKeepsTheOlder(t *testing.T) {
	b := start(t, t.TempDir())
	old, newer := b.document(ownerKey, "scan", []byte("dark")), b.document(ownerKey, "scan", []byte("light"))
	s := b.standing(central.StateApproved, old)
	s.Documents = []central.Document{newer}
	for range 2 {
		c := read[central.Case](t, b.want(200, b.submit(ownerKey, officetest.ID(t), s)))
		if !slices.Equal(c.Documents, []central.Document{old, newer}) || c.Version != 3 {
			t.Errorf("got %+v", c)
		}
	}
	s.Documents = []central.Document{old} // a late, older word
	b.want(409, b.submit(ownerKey, officetest.ID(t), s))
	s.Documents = nil
	b.want(409, b.submit(ownerKey, officetest.ID(t), s))
}

func TestNothingButAdditions(t *testing.T) {
	b := start(t, t.TempDir())
	scan := b.document(ownerKey, "scan", []byte("scan"))
	table := map[string]func(*central.Submission){
		"holder":  func(s *central.Submission) { s.Holder = "Somebody Else" },
		"details": func(s *central.Submission) { s.Details["phone"] = "05000000001" },
		"rows":    func(s *central.Submission) { s.Rows = []map[string]string{{"a": "b"}} },
		"reason":  func(s *central.Submission) { s.Reason = "lost" },
		"fewer":   func(s *central.Submission) { s.Documents = []central.Document{scan} },
		"time":    func(s *central.Submission) { s.CreatedAt = s.CreatedAt.Add(1) },
	}
	for _, state := range []string{central.StateApproved, central.StateIssued} {
		for name, spoil := range table {
			s := b.standing(state, b.document(ownerKey, "request", officetest.Request(t)))
			before := b.ask(ownerKey, "GET", "/v1/cases/"+s.ID, nil)
			s.Documents = append(s.Documents, scan)
			spoil(&s)
			b.want(409, b.submit(ownerKey, officetest.ID(t), s))
			if after := b.ask(ownerKey, "GET", "/v1/cases/"+s.ID, nil); !bytes.Equal(after.body, before.body) {
				t.Errorf("%s, %s: before %s after %s", state, name, before.body, after.body)
			}
		}
	}
}

func TestAddedDocumentsAreChecked(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.standing(central.StateApproved, b.document(ownerKey, "scan", []byte("one")))
	key, gone := officetest.ID(t), entry("receipt", []byte("not sent"))
	s.Documents = append(s.Documents, gone)
	if p := b.want(422, b.submit(ownerKey, key, s)).problem(t); !slices.Equal(p.Missing, []string{gone.SHA256}) {
		t.Errorf("got %+v", p)
	}
	b.want(409, b.submit(otherKey, key, s))
	b.document(ownerKey, "receipt", []byte("not sent"))
	b.want(200, b.submit(ownerKey, key, s))
	// 50 is the most, counted with those that the list leaves out.
	var many []central.Document
	for i := range 49 {
		many = append(many, b.document(ownerKey, "scan", fmt.Appendf(nil, "page %d", i)))
	}
	s.Documents = append(slices.Clone(many[:48]), gone)
	b.want(200, b.submit(ownerKey, officetest.ID(t), s))
	s.Documents = append(many, gone)
	b.want(422, b.submit(ownerKey, officetest.ID(t), s))
}

// The request may come after the approval; the newest one gets the certificate.
func TestIssueTakesTheNewestRequest(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.standing(central.StateApproved)
	b.want(422, b.move("issue", s.ID))
	last := officetest.Request(t)
	for _, data := range [][]byte{officetest.Request(t), last} {
		s.Documents = append(s.Documents, b.document(ownerKey, "request", data), b.document(ownerKey, "request-signed", append(data, 's')))
		b.want(200, b.submit(ownerKey, officetest.ID(t), s))
	}
	c := read[central.Case](t, b.want(200, b.move("issue", s.ID)))
	request, _ := pem.Decode(last)
	wanted, err := x509.ParseCertificateRequest(request.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	made, _ := pem.Decode(b.want(200, b.ask(ownerKey, "GET", "/v1/documents/"+c.FromCA[0].SHA256, nil)).body)
	certificate, err := x509.ParseCertificate(made.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(certificate.RawSubjectPublicKeyInfo, wanted.RawSubjectPublicKeyInfo) {
		t.Error("the certificate is for another request")
	}
	for _, kind := range []string{"request", "request-signed"} { // too late now
		late := s
		late.Documents = append(slices.Clone(s.Documents), b.document(ownerKey, kind, officetest.Request(t)))
		b.want(409, b.submit(ownerKey, officetest.ID(t), late))
	}
}
