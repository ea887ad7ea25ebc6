package app_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"rekey/app/central"
)

// feed is an office that says what a test wants it to say. It takes every case and document in.
type feed struct {
	*httptest.Server
	mu        sync.Mutex
	changes   []central.Change
	documents map[string][]byte
	submitted []central.Submission
	asked     []string // after=… of each question for changes
}

func newFeed(t *testing.T) *feed {
	f := &feed{documents: map[string][]byte{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/changes", f.answer)
	mux.HandleFunc("GET /v1/documents/{sum}", func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		data, ok := f.documents[r.PathValue("sum")]
		if !ok {
			problem(w, 404, "no such document")
			return
		}
		_, _ = w.Write(data)
	})
	mux.HandleFunc("PUT /v1/documents/{sum}", func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	mux.HandleFunc("POST /v1/cases", func(w http.ResponseWriter, r *http.Request) {
		var s central.Submission
		_ = json.NewDecoder(r.Body).Decode(&s)
		f.mu.Lock()
		f.submitted = append(f.submitted, s)
		f.mu.Unlock()
		answerJSON(w, central.Case{Submission: s, State: central.StateReceived, Version: 1})
	})
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

func (f *feed) answer(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, r.URL.Query().Get("after"))
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	if after > int64(len(f.changes)) {
		problem(w, 410, "this cursor is not known any more")
		return
	}
	answerJSON(w, central.Changes{Changes: f.changes[after:], Next: int64(len(f.changes))})
}

// say adds a change to the feed.
func (f *feed) say(id, state, why string, docs ...central.Document) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := int64(len(f.changes) + 1)
	f.changes = append(f.changes, central.Change{Cursor: n, Case: id, State: state, Why: why, Documents: docs, At: time.Now().UTC()})
}

// document puts bytes where a client can fetch them.
func (f *feed) document(kind, name string, data []byte) central.Document {
	sum := sha256.Sum256(data)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.documents[hex.EncodeToString(sum[:])] = data
	return central.Document{Kind: kind, Name: name, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(data))}
}

func answerJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", central.MediaProblem)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(central.Problem{Title: http.StatusText(status), Status: status, Detail: detail})
}
