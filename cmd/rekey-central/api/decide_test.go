package api

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/officetest"
)

func TestMoves(t *testing.T) {
	b := start(t, t.TempDir())
	paths := map[string][]string{
		central.StateReceived: nil,
		central.StateApproved: {"approve"},
		central.StateReturned: {"return"},
		central.StateIssued:   {"approve", "issue"},
	}
	want := map[string]map[string]int{
		central.StateReceived: {"approve": 200, "return": 200, "issue": 409},
		central.StateApproved: {"approve": 200, "return": 409, "issue": 200},
		central.StateReturned: {"approve": 409, "return": 200, "issue": 409},
		central.StateIssued:   {"approve": 409, "return": 409, "issue": 200},
	}
	result := map[string]string{"approve": central.StateApproved, "return": central.StateReturned, "issue": central.StateIssued}
	for state, steps := range paths {
		for verb, status := range want[state] {
			s := b.received("generic")
			for _, step := range steps {
				b.want(200, b.move(step, s.ID))
			}
			before := read[central.Case](t, b.ask(b.officer, "GET", "/v1/cases/"+s.ID, nil))
			b.want(status, b.move(verb, s.ID))
			after := read[central.Case](t, b.ask(b.officer, "GET", "/v1/cases/"+s.ID, nil))
			changed := status == 200 && result[verb] != state
			if (after.Version != before.Version) != changed || (changed && after.State != result[verb]) || (!changed && after.State != state) {
				t.Errorf("%s of a case that is %s: version %d to %d, state %s", verb, state, before.Version, after.Version, after.State)
			}
		}
	}
}

func TestReturnWantsAReason(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.received("generic")
	path := "/v1/cases/" + s.ID + "/return"
	b.want(422, b.json(b.officer, "POST", path, central.Return{Why: "  "})) // the contract only counts characters
	b.want(415, b.bad().ask(b.officer, "POST", path, nil))
	b.want(400, b.bad().ask(b.officer, "POST", path, []byte("why?"), "Content-Type", "application/json"))
	b.want(422, b.bad().json(b.officer, "POST", path, central.Return{Why: strings.Repeat("x", 2001)}))
	b.want(200, b.json(b.officer, "POST", path, central.Return{Why: "no stamp"}))
	b.want(200, b.json(b.officer, "POST", path, central.Return{Why: "no stamp"}))
	b.want(409, b.json(b.officer, "POST", path, central.Return{Why: "no signature"}))
	if got := b.changes(ownerKey, ""); len(got.Changes) != 1 || got.Changes[0].Why != "no stamp" {
		t.Errorf("got %+v", got)
	}
}

func TestIssue(t *testing.T) {
	b := start(t, t.TempDir())
	table := []struct{ procedure, mark string }{
		{"tr-kamusm-nes", "2.16.792.1.2.1.1.5.7.1.1"}, {"ru-vipnet-tfoms", "1.2.643.100.114"}, {"ru-taxcom-tus", "1.2.643.100.114"}, {"generic", "Non Repudiation"},
	}
	for _, row := range table {
		t.Run(row.procedure, func(t *testing.T) {
			s := b.received(row.procedure)
			b.want(200, b.move("approve", s.ID))
			c := read[central.Case](t, b.want(200, b.move("issue", s.ID)))
			again := read[central.Case](t, b.want(200, b.move("issue", s.ID)))
			if len(c.FromCA) != 1 || len(again.FromCA) != 1 || c.FromCA[0] != again.FromCA[0] || c.FromCA[0].Kind != central.DocCertificate || c.FromCA[0].Name != "certificate.pem" {
				t.Fatalf("got %+v, again %+v", c.FromCA, again.FromCA)
			}
			doc := "/v1/documents/" + c.FromCA[0].SHA256
			b.want(404, b.ask(otherKey, "GET", doc, nil))
			examine(t, b, b.want(200, b.ask(ownerKey, "GET", doc, nil)).body, row.mark)
			last := b.changes(ownerKey, "").Changes
			if got := last[len(last)-1]; got.State != central.StateIssued || len(got.Documents) != 1 || got.Documents[0] != c.FromCA[0] {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// examine lets openssl look at a certificate with the CA certificate and the CRL that the server hands out.
func examine(t *testing.T, b *bench, certificate []byte, mark string) {
	t.Helper()
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	run := func(args ...string) string {
		out, err := exec.Command("openssl", args...).CombinedOutput()
		if err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	root := file("ca.pem", b.want(200, b.ask("", "GET", "/demo/ca.pem", nil)).body)
	list := file("ca.crl", b.want(200, b.ask("", "GET", "/demo/ca.crl", nil)).body)
	leaf := file("leaf.pem", certificate)
	pemList := filepath.Join(dir, "crl.pem")
	run("crl", "-inform", "DER", "-in", list, "-CAfile", root, "-out", pemList)
	run("verify", "-crl_check", "-CAfile", root, "-CRLfile", pemList, leaf)
	text := run("x509", "-in", leaf, "-noout", "-text")
	if !strings.Contains(text, mark) || !strings.Contains(text, b.base+"/demo/ca.crl") {
		t.Errorf("no %q or no CRL address in\n%s", mark, text)
	}
}

func TestIssueWantsAGoodRequest(t *testing.T) {
	b := start(t, t.TempDir())
	broken := bytes.Replace(officetest.Request(t), []byte("M"), []byte("N"), 2)
	table := map[string][]central.Document{
		"none":              {b.document(ownerKey, "scan", []byte("scan"))},
		"broken":            {b.document(ownerKey, "request", broken)},
		"broken-and-newest": {b.document(ownerKey, "request", officetest.Request(t)), b.document(ownerKey, "request", broken)},
	}
	for name, documents := range table {
		s := submission(t, "generic", documents...)
		b.want(201, b.submit(ownerKey, name, s))
		b.want(200, b.move("approve", s.ID))
		b.want(422, b.move("issue", s.ID))
		if c := read[central.Case](t, b.ask(ownerKey, "GET", "/v1/cases/"+s.ID, nil)); c.State != central.StateApproved || len(c.FromCA) != 0 {
			t.Errorf("%s: got %+v", name, c)
		}
	}
}

// Ten officers press at once: one change, one certificate.
func TestConcurrentIssue(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.received("generic")
	var all sync.WaitGroup
	for _, verb := range []string{"approve", "issue"} {
		for range 10 {
			all.Go(func() {
				if r := b.move(verb, s.ID); r.status != 200 {
					t.Errorf("%s: %d %s", verb, r.status, r.body)
				}
			})
		}
		all.Wait()
	}
	if got := b.changes(ownerKey, "").Changes; len(got) != 2 {
		t.Errorf("got %+v", got)
	}
}

func TestChangesAreOnesOwn(t *testing.T) {
	b := start(t, t.TempDir())
	mine := b.received("generic")
	foreign := submission(t, "generic")
	b.want(201, b.submit(otherKey, "k", foreign))
	b.want(200, b.move("approve", foreign.ID))
	b.want(200, b.move("approve", mine.ID))
	b.want(200, b.move("issue", mine.ID))
	got := b.changes(ownerKey, "?after=0")
	if len(got.Changes) != 2 || got.Changes[0].Case != mine.ID || got.More || got.Next != got.Changes[1].Cursor {
		t.Errorf("got %+v", got)
	}
	rest := b.changes(ownerKey, fmt.Sprintf("?after=%d", got.Changes[0].Cursor))
	if len(rest.Changes) != 1 || rest.Changes[0].State != central.StateIssued {
		t.Errorf("got %+v", rest)
	}
	if end := b.changes(ownerKey, fmt.Sprintf("?after=%d", got.Next)); len(end.Changes) != 0 || end.Next != got.Next {
		t.Errorf("got %+v", end)
	}
	b.want(410, b.ask(ownerKey, "GET", "/v1/changes?after=99", nil))
	for _, q := range []string{"?after=-1", "?after=x", "?wait=31", "?wait=-1", "?wait=1.5", "?since=1"} {
		b.want(400, b.bad().ask(ownerKey, "GET", "/v1/changes"+q, nil))
	}
}

func TestManyChangesComeInPages(t *testing.T) {
	b := start(t, t.TempDir())
	s := submission(t, "generic")
	const decisions = 103
	for i := range decisions {
		s.Holder = fmt.Sprintf("Holder-%d", i)
		if r := b.submit(ownerKey, s.Holder, s); r.status >= 300 {
			t.Fatalf("%d %s", r.status, r.body)
		}
		b.want(200, b.move("return", s.ID))
	}
	first := b.changes(ownerKey, "")
	rest := b.changes(ownerKey, fmt.Sprintf("?after=%d", first.Next))
	if len(first.Changes) != 100 || !first.More || len(rest.Changes) != decisions-100 || rest.More {
		t.Errorf("%d, more %v; then %d, more %v", len(first.Changes), first.More, len(rest.Changes), rest.More)
	}
}

func TestWaitWakesUp(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.received("generic")
	got := make(chan central.Changes, 1)
	go func() { got <- b.changes(ownerKey, "?wait=30") }()
	b.want(200, b.move("approve", s.ID))
	page := <-got // who is not woken is answered with what there was when it began to wait: nothing
	if len(page.Changes) != 1 || page.Changes[0].Case != s.ID {
		t.Errorf("got %+v", page)
	}
	if page = b.changes(ownerKey, fmt.Sprintf("?after=%d&wait=1", page.Next)); len(page.Changes) != 0 {
		t.Errorf("got %+v", page)
	}
}

// A server that stops answers who waits instead of cutting them off, which it would do long before 30 seconds.
func TestStopAnswersWaiting(t *testing.T) {
	dir := t.TempDir()
	b := start(t, dir)
	id := b.received("generic").ID
	answered := make(chan reply, 1)
	go func() { answered <- b.ask(ownerKey, "GET", "/v1/changes?wait=30", nil) }()
	b.want(200, b.ask(ownerKey, "GET", "/v1/cases/"+id, nil))
	for !b.busy() { // until the waiting request has reached its handler
		b.want(200, b.ask("", "GET", "/v1/health", nil))
	}
	b.stop()
	if r := <-answered; r.status != 200 {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestRestartKeepsEverything(t *testing.T) {
	dir := t.TempDir()
	b := start(t, dir)
	s := b.received("generic")
	first := b.submit(ownerKey, s.ID, s)
	b.want(200, b.move("approve", s.ID))
	b.want(200, b.move("issue", s.ID))
	whole := func(b *bench) string {
		c := b.want(200, b.ask(ownerKey, "GET", "/v1/cases/"+s.ID, nil)).body
		doc := b.want(200, b.ask(ownerKey, "GET", "/v1/documents/"+s.Documents[0].SHA256, nil)).body
		feed := b.want(200, b.ask(ownerKey, "GET", "/v1/changes", nil)).body
		root := b.want(200, b.ask("", "GET", "/demo/ca.pem", nil)).body
		return string(c) + string(doc) + string(feed) + string(root)
	}
	before := whole(b)
	officer := b.officer
	b.stop()
	b = start(t, dir)
	if after := whole(b); after != before || b.officer != officer {
		t.Errorf("before %s\nafter %s", before, after)
	}
	if again := b.submit(ownerKey, s.ID, s); again.status != 201 || !bytes.Equal(again.body, first.body) {
		t.Errorf("replay after restart: %d %s", again.status, again.body)
	}
}
