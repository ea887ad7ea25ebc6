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
	cases     map[string]central.Case
	put       []string // resource/ID of each PUT
	added     []central.Addition
	receipts  []central.Receipt

	holder      central.Holder
	certificate central.Certificate
	revocation  central.Revocation
	asked       []string // after=… of each question for changes
}

func newFeed(t *testing.T) *feed {
	f := &feed{documents: map[string][]byte{}, cases: map[string]central.Case{}}
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
	mux.HandleFunc("GET /v1/cases/{id}", func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		c, ok := f.cases[r.PathValue("id")]
		if !ok {
			problem(w, 404, "no such case")
			return
		}
		answerJSON(w, c)
	})
	mux.HandleFunc("GET /v1/holders/{id}", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, f.holder) })
	mux.HandleFunc("GET /v1/revocations/{id}", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, f.revocation) })
	for _, resource := range []string{"holders", "cards", "certificates", "photos"} {
		mux.HandleFunc("PUT /v1/"+resource+"/{id}", func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			f.mu.Lock()
			defer f.mu.Unlock()
			f.put = append(f.put, resource+"/"+r.PathValue("id"))
			switch resource {
			case "holders":
				_ = json.Unmarshal(body, &f.holder)
			case "certificates":
				f.certificate = central.Certificate{}
				_ = json.Unmarshal(body, &f.certificate)
			}
			answerJSON(w, json.RawMessage(body))
		})
	}
	mux.HandleFunc("POST /v1/cases/{id}/documents", func(w http.ResponseWriter, r *http.Request) {
		var x central.Addition
		_ = json.NewDecoder(r.Body).Decode(&x)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.added = append(f.added, x)
		answerJSON(w, f.cases[r.PathValue("id")])
	})
	mux.HandleFunc("POST /v1/receipts", func(w http.ResponseWriter, r *http.Request) {
		var x central.Receipt
		_ = json.NewDecoder(r.Body).Decode(&x)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.receipts = append(f.receipts, x)
		answerJSON(w, x)
	})
	mux.HandleFunc("POST /v1/cases", func(w http.ResponseWriter, r *http.Request) {
		var s central.Submission
		_ = json.NewDecoder(r.Body).Decode(&s)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.submitted = append(f.submitted, s)
		c := central.Case{Submission: s, State: central.StateReceived, Version: f.cases[s.ID].Version + 1}
		f.cases[s.ID] = c
		answerJSON(w, c)
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
	c := f.cases[id]
	c.ID, c.State, c.Why, c.Version = id, state, why, c.Version+1
	f.cases[id] = c
	f.changes = append(f.changes, central.Change{Cursor: n, Case: id, State: state, Why: why, Documents: docs, At: time.Now().UTC()})
}

// tell adds a change about something else than a case.
func (f *feed) tell(c central.Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.Cursor, c.At = int64(len(f.changes)+1), time.Now().UTC()
	f.changes = append(f.changes, c)
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
