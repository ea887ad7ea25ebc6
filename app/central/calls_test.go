package central_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
)

// IDs as the contract's examples have them, so that a mock server's examples are about what was asked for.
const (
	caseID  = "0197a3f0-7c1e-7000-8000-000000000002"
	otherID = "0197a3f0-7c1e-7000-8000-000000000001"
	anyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

var day = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// want is what a request has to be: method, path, and the version in If-Match.
type want struct{ method, path, ifMatch string }

// call is one method of the client with real values.
type call struct {
	want want
	do   func(ctx context.Context, c *central.Client) error
	echo bool // the answer has to be about what was asked for
}

func calls() map[string]call {
	paper := central.Document{Kind: central.DocScan, Name: "scan.pdf", SHA256: anyHash, Size: 7}
	submission := central.Submission{ID: caseID, Procedure: "tr-kamusm-nes", Reason: "renewal", Route: "paper", Holder: "Ayşe Örnek", CreatedAt: day,
		Details: map[string]string{"phone": "+90 000 000 0000"}, Rows: []map[string]string{{"name": "Ali"}}, Documents: []central.Document{paper}}
	holder := central.Holder{ID: anyHash, Name: "Ayşe Örnek", Kind: "person", Country: "TR", Fields: map[string]string{"phone": "1"}}
	certificate := central.Certificate{Fingerprint: anyHash, Holder: anyHash, Issuer: "CN=CA", Serial: "01ab", Card: "A1", Case: caseID, NotBefore: day, NotAfter: day.AddDate(3, 0, 0), Current: true, Document: anyHash}
	card := central.Card{ID: anyHash, Serial: "A1", Label: "card", Model: "model", Holder: anyHash, SeenAt: day}
	photo := central.Photo{Holder: anyHash, Type: "image/jpeg", SHA256: anyHash, Size: 7, TakenAt: day}
	receipt := central.Receipt{ID: otherID, Case: caseID, SHA256: anyHash, Amount: "1250.50", Currency: "TRY", PaidOn: "2026-03-01", State: central.Waiting, CreatedAt: day}
	revocation := central.Revocation{ID: otherID, Fingerprint: anyHash, Reason: "keyCompromise", State: central.Waiting, CreatedAt: day}
	get, put, post := http.MethodGet, http.MethodPut, http.MethodPost
	return map[string]call{
		"Submit": {want{post, "/v1/cases", ""}, func(ctx context.Context, c *central.Client) error { return of(c.Submit(ctx, submission, "k1", 0)) }, true},
		"Submit a bare one": {want{post, "/v1/cases", ""}, func(ctx context.Context, c *central.Client) error {
			return of(c.Submit(ctx, central.Submission{ID: caseID, Procedure: "p", Reason: "r", Route: "paper", Holder: "h", CreatedAt: day}, "k2", 0))
		}, true},
		"Submit a version": {want{post, "/v1/cases", `"3"`}, func(ctx context.Context, c *central.Client) error { return of(c.Submit(ctx, submission, "k3", 3)) }, true},
		"AddDocuments": {want{post, "/v1/cases/" + caseID + "/documents", ""}, func(ctx context.Context, c *central.Client) error {
			return of(c.AddDocuments(ctx, caseID, []central.Document{paper}, "k4"))
		}, true},
		"Case":           {want{get, "/v1/cases/" + caseID, ""}, func(ctx context.Context, c *central.Client) error { return of(c.Case(ctx, caseID)) }, true},
		"Changes":        {want{get, "/v1/changes?after=0", ""}, func(ctx context.Context, c *central.Client) error { return of(c.Changes(ctx, 0, 0)) }, true},
		"Changes, later": {want{get, "/v1/changes?after=1&wait=2", ""}, func(ctx context.Context, c *central.Client) error { return of(c.Changes(ctx, 1, 2*time.Second)) }, true},
		"Overrides":      {want{get, "/v1/overrides", ""}, func(ctx context.Context, c *central.Client) error { _, _, err := c.Overrides(ctx, `"x"`); return err }, false},
		"Me":             {want{get, "/v1/me", ""}, func(ctx context.Context, c *central.Client) error { return of(c.Me(ctx)) }, false},
		"BindKey":        {want{post, "/v1/keys", ""}, func(ctx context.Context, c *central.Client) error { return c.BindKey(ctx, key) }, false},
		"Holder":         {want{get, "/v1/holders/" + anyHash, ""}, func(ctx context.Context, c *central.Client) error { return of(c.Holder(ctx, anyHash)) }, true},
		"PutHolder":      {want{put, "/v1/holders/" + anyHash, `"2"`}, func(ctx context.Context, c *central.Client) error { return of(c.PutHolder(ctx, holder, 2)) }, true},
		"PutHolder, bare": {want{put, "/v1/holders/" + anyHash, ""}, func(ctx context.Context, c *central.Client) error {
			return of(c.PutHolder(ctx, central.Holder{ID: anyHash, Name: "A"}, 0))
		}, true},
		"Certificate":    {want{get, "/v1/certificates/" + anyHash, ""}, func(ctx context.Context, c *central.Client) error { return of(c.Certificate(ctx, anyHash)) }, true},
		"Certificates":   {want{get, "/v1/certificates?after=x", ""}, func(ctx context.Context, c *central.Client) error { return of(c.Certificates(ctx, "x")) }, false},
		"PutCertificate": {want{put, "/v1/certificates/" + anyHash, `"2"`}, func(ctx context.Context, c *central.Client) error { return of(c.PutCertificate(ctx, certificate, 2)) }, true},
		"PutCard":        {want{put, "/v1/cards/" + anyHash, ""}, func(ctx context.Context, c *central.Client) error { return of(c.PutCard(ctx, card, 0)) }, true},
		"PutPhoto":       {want{put, "/v1/photos/" + anyHash, ""}, func(ctx context.Context, c *central.Client) error { return of(c.PutPhoto(ctx, photo, 0)) }, true},
		"PostReceipt":    {want{post, "/v1/receipts", ""}, func(ctx context.Context, c *central.Client) error { return of(c.PostReceipt(ctx, receipt)) }, true},
		"Receipt":        {want{get, "/v1/receipts/" + otherID, ""}, func(ctx context.Context, c *central.Client) error { return of(c.Receipt(ctx, otherID)) }, true},
		"PostRevocation": {want{post, "/v1/revocations", ""}, func(ctx context.Context, c *central.Client) error { return of(c.PostRevocation(ctx, revocation)) }, true},
		"Revocation":     {want{get, "/v1/revocations/" + otherID, ""}, func(ctx context.Context, c *central.Client) error { return of(c.Revocation(ctx, otherID)) }, true},
		"Revocations":    {want{get, "/v1/revocations", ""}, func(ctx context.Context, c *central.Client) error { return of(c.Revocations(ctx, "")) }, false},
		"PutDocument": {want{put, "/v1/documents/" + hash([]byte("string")), ""}, func(ctx context.Context, c *central.Client) error {
			return c.PutDocument(ctx, hash([]byte("string")), []byte("string"), nil)
		}, false},
		"Document": {want{get, "/v1/documents/" + hash([]byte("string")), ""}, func(ctx context.Context, c *central.Client) error {
			return of(c.Document(ctx, hash([]byte("string")), nil))
		}, true},
	}
}

func of[T any](_ T, err error) error { return err }

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Every method asks what the contract says, once, and reads the answer.
func TestEveryCallAsks(t *testing.T) {
	for name, one := range calls() {
		var seen []want
		var body string
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.WriteHeader(404)
				return
			}
			read, _ := io.ReadAll(r.Body)
			body = string(read)
			seen = append(seen, want{r.Method, r.URL.RequestURI(), r.Header.Get("If-Match")})
			if r.Header.Get("Authorization") != "Bearer "+key {
				t.Errorf("%s: without the key", name)
			}
			if strings.HasPrefix(r.URL.Path, "/v1/documents/") {
				_, _ = io.WriteString(w, "string")
				return
			}
			answerFor(w, r)
		})
		err := one.do(t.Context(), c)
		if err != nil || len(seen) != 1 || seen[0] != one.want {
			t.Errorf("%s: %v, asked %v, want %v", name, err, seen, one.want)
		}
		if one.want.method != http.MethodGet && !strings.HasPrefix(one.want.path, "/v1/documents/") && !json.Valid([]byte(body)) {
			t.Errorf("%s: the body is %q", name, body)
		}
	}
}

// answerFor is about what was asked for, by every name that something has.
func answerFor(w http.ResponseWriter, r *http.Request) {
	id := otherID
	switch p := r.URL.Path; {
	case p == "/v1/changes":
		says(200, jsonType, `{"changes":[],"next":1}`)(w, r)
		return
	case strings.HasPrefix(p, "/v1/cases"):
		id = caseID
	case strings.HasPrefix(p, "/v1/holders"), strings.HasPrefix(p, "/v1/cards"):
		id = anyHash
	}
	says(200, jsonType, `{"id":"`+id+`","fingerprint":"`+anyHash+`","holder":"`+anyHash+`"}`)(w, r)
}

// An answer about something else is never taken.
func TestAnswersAboutAnother(t *testing.T) {
	for name, one := range calls() {
		if !one.echo || strings.HasPrefix(name, "Changes") {
			continue
		}
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			says(200, jsonType, `{"id":"another","fingerprint":"another","holder":"another"}`)(w, r)
		})
		if err := one.do(t.Context(), c); central.KindOf(err) != central.BadAnswer {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLists(t *testing.T) {
	for body, good := range map[string]bool{
		`{"items":[]}`: true, `{"items":[{"fingerprint":"a"}],"next":"b"}`: true, `{}`: true,
		`{"items":[{"fingerprint":"a"}],"next":"a"}`: false, `{"items":[],"next":"b"}`: false, `[]`: false, `{"items":{}}`: false, `null`: true,
	} {
		_, err := serve(t, says(200, jsonType, body)).Certificates(t.Context(), "a")
		if (err == nil) != good || err != nil && central.KindOf(err) != central.BadAnswer {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestConflicts(t *testing.T) {
	for tag, want := range map[string]int64{`"7"`: 7, `W/"7"`: 0, "": 0, `7`: 0, `"0"`: 0, `"-1"`: 0, `"99999999999999999999"`: 0, "`7`": 0, `'7'`: 0} {
		_, err := serve(t, says(412, problemType, `{"detail":"it was changed"}`, "ETag", tag)).PutCard(t.Context(), central.Card{ID: "a"}, 3)
		e, ok := err.(*central.Error)
		if !ok || e.Kind != central.Conflict || e.Version != want || e.Detail != "it was changed" {
			t.Errorf("%s: %v", tag, err)
		}
	}
}

func TestOverridesAreAskedForOnce(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"a"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		says(200, jsonType, `{"overrides":[]}`, "ETag", `"a"`)(w, r)
	})
	for _, row := range []struct{ etag, text, newer string }{{"", "[]", `"a"`}, {`"a"`, "", `"a"`}, {`"b"`, "[]", `"a"`}} {
		if text, newer, err := c.Overrides(t.Context(), row.etag); err != nil || text != row.text || newer != row.newer {
			t.Errorf("%s: %q, %q, %v", row.etag, text, newer, err)
		}
	}
	if text, newer, err := serve(t, says(404, "text/plain", "")).Overrides(t.Context(), `"a"`); text != "" || newer != "" || err != nil {
		t.Errorf("a server without them: %q, %q, %v", text, newer, err)
	}
	if _, _, err := serve(t, says(304, "", "")).Overrides(t.Context(), ""); central.KindOf(err) != central.BadAnswer {
		t.Errorf("unchanged, and nothing was kept: %v", err)
	}
}

// An exchange may take as long as it was told to wait, beyond the time-out of others; it ends when there is news.
func TestLongPoll(t *testing.T) {
	const limit = 300 * time.Millisecond
	slow := serveAt(t, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(2 * limit):
			quietly(w, r)
		case <-r.Context().Done():
		}
	})
	if _, err := client(t, slow, limit).Changes(t.Context(), 0, 0); central.KindOf(err) != central.Offline {
		t.Errorf("without waiting: %v", err)
	}
	if _, err := client(t, slow, limit).Changes(t.Context(), 0, 20*time.Second); err != nil {
		t.Errorf("waiting: %v", err)
	}
}
