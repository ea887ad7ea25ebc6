// Package api serves the office over HTTP: the contract of assets/openapi/central.yaml.
//
// It promises: every error is application/problem+json (RFC 9457) and says what to do
// about it; nobody learns of a case that is not theirs; a log line holds the method, the
// pattern of the path, the status and the duration, and nothing about persons.
//
// Who may: until the issue about roles, a client is whoever brings a key of at least 32
// characters (trust on first use): its cases belong to the SHA-256 of that key. The
// officer's key is the one in the office's folder. This is the reference server's way, for
// the loopback address; the contract only says "bearer key".
package api

import (
	"crypto/sha256"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/office"
)

// Config is what the handlers work with.
type Config struct {
	Office     *office.Office
	Data       string // folder of the office's data, for the overrides in it
	Authority  *ca.Authority
	OfficerKey string
	CRL        string // URL of the revocation list in new certificates
	Log        *slog.Logger
	Page       http.Handler    // the officer's pages, at /officer/; nil: none
	Stopping   <-chan struct{} // closed when the server stops: waiting requests are answered
}

// who may use a route.
type who int

const (
	anybody who = iota // no key
	known              // any client, and the officer
	client             // a client, not the officer
	officer
)

// Route is one operation of the API.
type Route struct {
	Method, Path string
	who          who
	handle       func(*server, http.ResponseWriter, *http.Request, office.Caller) error
}

// Routes lists every operation; the OpenAPI file has the same ones (a test says so).
func Routes() []Route {
	return []Route{
		{"GET", "/v1/health", anybody, (*server).health},
		{"PUT", "/v1/documents/{sha256}", client, (*server).putDocument},
		{"GET", "/v1/documents/{sha256}", known, (*server).document},
		{"HEAD", "/v1/documents/{sha256}", known, (*server).document},
		{"POST", "/v1/cases", client, (*server).submit},
		{"GET", "/v1/cases", officer, (*server).cases},
		{"GET", "/v1/cases/{id}", known, (*server).oneCase},
		{"POST", "/v1/cases/{id}/approve", officer, (*server).approve},
		{"POST", "/v1/cases/{id}/return", officer, (*server).sendBack},
		{"POST", "/v1/cases/{id}/issue", officer, (*server).issue},
		{"GET", "/v1/changes", client, (*server).changes},
		{"GET", "/v1/overrides", known, (*server).overrides},
		{"GET", "/demo/ca.pem", anybody, (*server).caCertificate},
		{"GET", "/demo/ca.crl", anybody, (*server).caRevocations},
	}
}

type server struct {
	Config
	officerHash [sha256.Size]byte

	complaints complaints

	crlMu   sync.Mutex
	crl     []byte
	crlMade time.Time
}

// New makes the handler of the whole API.
func New(c Config) http.Handler {
	s := &server{Config: c, officerHash: sha256.Sum256([]byte(c.OfficerKey))}
	mux := http.NewServeMux()
	allowed := map[string][]string{}
	for _, r := range Routes() {
		mux.Handle(r.Method+" "+r.Path, s.guard(r))
		allowed[r.Path] = append(allowed[r.Path], r.Method)
	}
	for path, methods := range allowed {
		allow := strings.Join(methods, ", ")
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Allow", allow)
			write(w, problem(http.StatusMethodNotAllowed, "use one of: %s", allow))
		})
	}
	if c.Page != nil {
		mux.Handle("/officer/", c.Page)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		write(w, problem(http.StatusNotFound, "there is no such path in this API"))
	})
	return s.logged(mux)
}

// guard checks the key, runs the operation and turns its error into a problem.
func (s *server) guard(r Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		caller, err := s.admit(r.who, req)
		if err == nil {
			err = r.handle(s, w, req, caller)
		}
		if err != nil {
			s.fail(w, req, err)
		}
	})
}

// logged writes one line for each request. req.Pattern is filled in by the mux.
func (s *server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		start, seen := time.Now(), &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, req)
		s.Log.Info("request", "method", method(req.Method), "path", req.Pattern, "status", seen.status, "duration", time.Since(start).Round(time.Microsecond))
	})
}

// method keeps invented methods, which may be any text, out of the log.
func method(m string) string {
	switch m {
	case "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS":
		return m
	}
	return "other"
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
