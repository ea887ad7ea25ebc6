package api

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"rekey/app/central"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/office"
)

// Keys of the stories. The officer's is made by the office.
const (
	ownerKey = "owner-key-owner-key-owner-key-00"
	otherKey = "other-key-other-key-other-key-00"
)

// bench is a running server on a real folder.
type bench struct {
	t       *testing.T
	dir     string
	base    string
	officer string
	log     *syncBuffer
	waiting atomic.Int64 // requests for changes that are being answered
	stop    func()
}

func (b *bench) busy() bool { return b.waiting.Load() > 0 }

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func start(t *testing.T, dir string) *bench {
	t.Helper()
	store, err := office.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	authority, err := ca.OpenOrInit(dir)
	if err != nil {
		t.Fatal(err)
	}
	key, err := office.OfficerKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	b := &bench{t: t, dir: dir, base: "http://" + l.Addr().String(), officer: key, log: &syncBuffer{}}
	h := New(Config{Office: store, Data: dir, Authority: authority, OfficerKey: key, CRL: b.base + "/demo/ca.crl",
		Log: slog.New(slog.NewTextHandler(b.log, nil)), Stopping: ctx.Done()})
	ended := make(chan error, 1)
	counted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/changes" {
			b.waiting.Add(1)
			defer b.waiting.Add(-1)
		}
		h.ServeHTTP(w, r)
	})
	go func() { ended <- Serve(ctx, l, counted) }()
	b.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(b.stop)
	return b
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (r reply) problem(t *testing.T) central.Problem {
	t.Helper()
	var p central.Problem
	if r.header.Get("Content-Type") != central.MediaProblem || json.Unmarshal(r.body, &p) != nil || p.Status != r.status || p.Detail == "" || p.Type == "" || p.Title == "" {
		t.Errorf("HTTP %d is no problem document: %s %s", r.status, r.header.Get("Content-Type"), r.body)
	}
	return p
}

func read[T any](t *testing.T, r reply) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(r.body, &v); err != nil || r.header.Get("Content-Type") != "application/json" {
		t.Fatalf("HTTP %d, not the JSON wanted: %v %s", r.status, err, r.body)
	}
	return v
}

// ask sends one request; header holds pairs. It may be called from other goroutines.
func (b *bench) ask(key, method, path string, body []byte, header ...string) reply {
	req, err := http.NewRequest(method, b.base+path, bytes.NewReader(body))
	if err != nil {
		b.t.Error(err)
		return reply{}
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Error(err)
		return reply{}
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Error(err)
	}
	return reply{res.StatusCode, res.Header, data}
}

func (b *bench) json(key, method, path string, value any, header ...string) reply {
	data, err := json.Marshal(value)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.ask(key, method, path, data, append([]string{"Content-Type", "application/json"}, header...)...)
}

// want asks and insists on a status; a no has to be a problem document.
func (b *bench) want(status int, r reply) reply {
	b.t.Helper()
	if r.status != status {
		b.t.Fatalf("got HTTP %d %s, want %d", r.status, r.body, status)
	}
	if status >= 400 {
		r.problem(b.t)
	}
	return r
}

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

func newID(t *testing.T) string {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	return id.String()
}

func submission(t *testing.T, procedure string, documents ...central.Document) central.Submission {
	return central.Submission{
		ID: newID(t), Procedure: procedure, Reason: "renewal", Route: "e-signed", Holder: "Ayşe Örnek",
		Details: map[string]string{"phone": "05000000000"}, Documents: documents, CreatedAt: time.Now().UTC(),
	}
}

func (b *bench) submit(key, idempotency string, s central.Submission) reply {
	return b.json(key, "POST", "/v1/cases", s, "Idempotency-Key", idempotency)
}

// received hands in a case with a PKCS#10 request.
func (b *bench) received(procedure string) central.Submission {
	b.t.Helper()
	s := submission(b.t, procedure, b.document(ownerKey, central.DocRequest, pkcs10(b.t)))
	b.want(201, b.submit(ownerKey, s.ID, s))
	return s
}

func (b *bench) move(verb, id string) reply {
	var body any
	if verb == "return" {
		body = central.Return{Why: "the stamp is missing"}
	}
	return b.json(b.officer, "POST", "/v1/cases/"+id+"/"+verb, body)
}

func (b *bench) changes(key, query string) central.Changes {
	b.t.Helper()
	return read[central.Changes](b.t, b.want(200, b.ask(key, "GET", "/v1/changes"+query, nil)))
}

func pkcs10(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "AYŞE ÖRNEK", SerialNumber: "10000000146"}}, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
}

// The log tells what was asked, never by whom or about whom.
func TestLogHoldsNobody(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.received("ru-vipnet-tfoms")
	b.ask(ownerKey, "GET", "/v1/cases/"+s.ID, nil)
	b.ask("short", "GET", "/v1/cases/"+s.ID+"?name=Ayşe", nil)
	b.ask(ownerKey, "GET", "/nowhere/Ayşe", nil)
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
