package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"rekey/app/central"
)

func TestDocuments(t *testing.T) {
	b := start(t, t.TempDir())
	data := []byte("%PDF-1.7 paper")
	d := entry("application", data)
	path := "/v1/documents/" + d.SHA256
	b.want(404, b.ask(ownerKey, "GET", path, nil))
	b.want(422, b.ask(ownerKey, "PUT", path, []byte("other bytes")))
	b.want(404, b.ask(ownerKey, "GET", path, nil))
	b.want(201, b.ask(ownerKey, "PUT", path, data))
	b.want(200, b.ask(ownerKey, "PUT", path, data))
	b.want(422, b.ask(ownerKey, "PUT", path, []byte("other bytes"))) // also when it is here
	if r := b.want(200, b.ask(ownerKey, "GET", path, nil)); !bytes.Equal(r.body, data) {
		t.Errorf("got %q", r.body)
	}
	if r := b.want(200, b.ask(ownerKey, "HEAD", path, nil)); r.header.Get("Content-Length") != fmt.Sprint(len(data)) {
		t.Errorf("HEAD: %v", r.header)
	}
	b.want(422, b.bad().ask(ownerKey, "PUT", "/v1/documents/"+entry("x", nil).SHA256, nil))
	for _, bad := range []string{"abc", strings.ToUpper(d.SHA256), strings.Repeat("z", 64), d.SHA256 + "0"} {
		b.want(400, b.bad().ask(ownerKey, "PUT", "/v1/documents/"+bad, data))
	}
}

func TestDocumentLimit(t *testing.T) {
	b := start(t, t.TempDir())
	most := bytes.Repeat([]byte{'x'}, central.MaxDocument)
	b.want(201, b.ask(ownerKey, "PUT", "/v1/documents/"+entry("x", most).SHA256, most))
	// Without a Content-Length the server finds out only while reading.
	over := append(most, 'x')
	req, err := http.NewRequest("PUT", b.base+"/v1/documents/"+entry("x", over).SHA256, io.MultiReader(bytes.NewReader(over)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+ownerKey)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 413 {
		t.Errorf("got %d, want 413", res.StatusCode)
	}
	// With one it says so before the body is read.
	head, err := http.NewRequest("PUT", b.base+"/v1/documents/"+entry("x", over).SHA256, bytes.NewReader(over))
	if err != nil {
		t.Fatal(err)
	}
	head.Header.Set("Authorization", "Bearer "+ownerKey)
	head.Header.Set("Expect", "100-continue")
	if res, err = http.DefaultClient.Do(head); err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 413 {
		t.Errorf("got %d, want 413", res.StatusCode)
	}
}

func TestSubmitTwice(t *testing.T) {
	b := start(t, t.TempDir())
	s := submission(t, "tr-kamusm-nes", b.document(ownerKey, "application", []byte("paper")))
	b.want(400, b.bad().json(ownerKey, "POST", "/v1/cases", s))
	first := b.want(201, b.submit(ownerKey, "k1", s))
	if first.header.Get("Location") != "/v1/cases/"+s.ID {
		t.Errorf("Location: %q", first.header.Get("Location"))
	}
	b.want(200, b.submit(ownerKey, "k2", s)) // same content, another key
	b.want(200, b.move("approve", s.ID))
	again := b.want(201, b.submit(ownerKey, "k1", s)) // the lost answer, word for word
	if !bytes.Equal(first.body, again.body) {
		t.Errorf("first %s\nagain %s", first.body, again.body)
	}
	now := read[central.Case](t, b.want(200, b.submit(ownerKey, "k3", s)))
	if now.State != central.StateApproved || now.Version != 2 {
		t.Errorf("got %+v", now)
	}
	s.Holder = "Somebody Else"
	b.want(422, b.submit(ownerKey, "k1", s)) // key with other content
	b.want(409, b.submit(ownerKey, "k4", s)) // too late to correct
}

func TestCorrection(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.received("tr-kamusm-nes")
	s.Holder = "Corrected Once"
	c := read[central.Case](t, b.want(200, b.submit(ownerKey, "k1", s)))
	if c.Version != 2 || c.State != central.StateReceived || c.Holder != s.Holder {
		t.Errorf("got %+v", c)
	}
	s.Holder = "Not Mine"
	b.want(409, b.submit(otherKey, "k1", s))
	b.want(200, b.move("return", s.ID))
	if c = read[central.Case](t, b.ask(ownerKey, "GET", "/v1/cases/"+s.ID, nil)); c.Why == "" || c.State != central.StateReturned {
		t.Errorf("got %+v", c)
	}
	s.Holder = "Corrected Twice"
	c = read[central.Case](t, b.want(200, b.submit(ownerKey, "k2", s)))
	if c.Version != 4 || c.State != central.StateReceived || c.Why != "" || c.Holder != s.Holder {
		t.Errorf("got %+v", c)
	}
}

func TestMissingDocuments(t *testing.T) {
	b := start(t, t.TempDir())
	here := b.document(ownerKey, "application", []byte("paper"))
	gone := entry("scan", []byte("scan"))
	s := submission(t, "generic", here, gone)
	p := b.want(422, b.submit(ownerKey, "k1", s)).problem(t)
	if len(p.Missing) != 1 || p.Missing[0] != gone.SHA256 || !strings.Contains(p.Detail, gone.SHA256) {
		t.Errorf("got %+v", p)
	}
	b.want(404, b.ask(b.officer, "GET", "/v1/cases/"+s.ID, nil))
	b.document(ownerKey, "scan", []byte("scan"))
	b.want(201, b.submit(ownerKey, "k1", s)) // the same key, now that the cause is gone
	wrong := submission(t, "generic", here)
	wrong.Documents[0].Size++
	if p := b.want(422, b.submit(ownerKey, "k2", wrong)).problem(t); len(p.Missing) != 0 {
		t.Errorf("got %+v", p)
	}
}

func TestRubbish(t *testing.T) {
	b := start(t, t.TempDir())
	good, err := json.Marshal(submission(t, "generic"))
	if err != nil {
		t.Fatal(err)
	}
	table := []struct {
		name, media, body string
		want              int
	}{
		{"no JSON", "application/json", "hello", 400},
		{"nothing", "application/json", "", 400},
		{"half", "application/json", string(good[:len(good)-1]), 400},
		{"two values", "application/json", string(good) + "{}", 400},
		{"list", "application/json", "[]", 400},
		{"number for text", "application/json", `{"id":7}`, 400},
		{"unknown name", "application/json", `{"idd":"x"}`, 400},
		{"broken UTF-8", "application/json", "{\"id\":\"\xff\"}", 400},
		{"text", "text/plain", string(good), 415},
		{"no media type", "", string(good), 415},
		{"too large", "application/json", `{"id":"` + strings.Repeat("x", central.MaxJSON) + `"}`, 413},
		{"empty object", "application/json", "{}", 422},
		{"with charset", "application/json; charset=utf-8", string(good), 201},
	}
	for _, c := range table {
		t.Run(c.name, func(t *testing.T) {
			r := b.meaning(c.want != 201).ask(ownerKey, "POST", "/v1/cases", []byte(c.body), "Content-Type", c.media, "Idempotency-Key", "k")
			if r.status != c.want {
				t.Errorf("got %d %s, want %d", r.status, r.body, c.want)
			}
			if r.status >= 400 {
				r.problem(t)
			}
		})
	}
}

func TestFieldsAreChecked(t *testing.T) {
	b := start(t, t.TempDir())
	d := b.document(ownerKey, "scan", []byte("scan"))
	table := map[string]func(*central.Submission){
		"id":                  func(s *central.Submission) { s.ID = strings.ToUpper(s.ID) },
		"procedure":           func(s *central.Submission) { s.Procedure = "../x" },
		"reason":              func(s *central.Submission) { s.Reason = "" },
		"route":               func(s *central.Submission) { s.Route = strings.Repeat("r", 65) },
		"holder":              func(s *central.Submission) { s.Holder = "two\nlines" },
		"details":             func(s *central.Submission) { s.Details["x"] = strings.Repeat("x", 4001) },
		"rows":                func(s *central.Submission) { s.Rows = make([]map[string]string, 501) },
		"rows[1]":             func(s *central.Submission) { s.Rows = []map[string]string{{"a": "b"}, columns(41)} },
		"rows[0]":             func(s *central.Submission) { s.Rows = []map[string]string{{"two\nlines": ""}} },
		"rows[1].iban":        func(s *central.Submission) { s.Rows = []map[string]string{{}, {"iban": strings.Repeat("ş", 1001)}} },
		"documents[0].name":   func(s *central.Submission) { s.Documents[0].Name = "../../etc/passwd" },
		"documents[0].sha256": func(s *central.Submission) { s.Documents[0].SHA256 = "../x" },
		"documents[0].size":   func(s *central.Submission) { s.Documents[0].Size = -1 },
		"documents[0].kind":   func(s *central.Submission) { s.Documents[0].Kind = "" },
	}
	for field, spoil := range table {
		s := submission(t, "generic", d)
		spoil(&s)
		if p := b.want(422, b.bad().submit(ownerKey, "k", s)).problem(t); !strings.HasPrefix(p.Detail, field+":") {
			t.Errorf("%s: %q", field, p.Detail)
		}
	}
}

func TestListPages(t *testing.T) {
	b := start(t, t.TempDir())
	var ids []string
	for i := range 5 {
		s := submission(t, "generic")
		b.want(201, b.submit(ownerKey, fmt.Sprint(i), s))
		ids = append(ids, s.ID)
	}
	b.want(200, b.move("approve", ids[1]))
	b.want(200, b.move("approve", ids[3]))
	walk := func(query string) (got []string) {
		for after := ""; ; {
			list := read[central.CaseList](t, b.want(200, b.ask(b.officer, "GET", "/v1/cases?limit=2"+query+after, nil)))
			for _, c := range list.Cases {
				got = append(got, c.ID)
			}
			if list.Next == "" {
				return got
			}
			after = "&after=" + list.Next
		}
	}
	if got := walk(""); strings.Join(got, " ") != strings.Join(ids, " ") {
		t.Errorf("got %v, want %v", got, ids)
	}
	if got := walk("&state=approved"); strings.Join(got, " ") != ids[1]+" "+ids[3] {
		t.Errorf("got %v", got)
	}
	for _, q := range []string{"?limit=0", "?limit=201", "?limit=x", "?state=lost", "?after=x", "?page=2", "?limit=1&limit=2"} {
		b.want(400, b.bad().ask(b.officer, "GET", "/v1/cases"+q, nil))
	}
}

// Many clients hand in at once, each case twice with the same key: every case is there once.
func TestConcurrentSubmissions(t *testing.T) {
	b := start(t, t.TempDir())
	const n = 20
	var all sync.WaitGroup
	for i := range n {
		s := submission(t, "generic", entry("scan", fmt.Appendf(nil, "scan %d", i%3)))
		b.document(ownerKey, "scan", fmt.Appendf(nil, "scan %d", i%3))
		for range 2 {
			all.Go(func() {
				if r := b.submit(ownerKey, s.ID, s); r.status != 201 {
					t.Errorf("got %d %s", r.status, r.body)
				}
			})
		}
	}
	all.Wait()
	list := read[central.CaseList](t, b.ask(b.officer, "GET", "/v1/cases", nil))
	if len(list.Cases) != n {
		t.Errorf("%d cases, want %d", len(list.Cases), n)
	}
}
