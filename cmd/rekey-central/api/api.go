// Package api serves the office over HTTP: the contract of assets/openapi/central.yaml.
//
// The contract is the one truth: package stub, made from it, reads the parameters and calls one method for each operation; who
// may use an operation and what its parameters may be is read from the contract itself when the server starts (contract.go).
// It promises: every error is application/problem+json (RFC 9457) and says what to do about it; nobody learns of what is not
// theirs; every changing operation of an account is in the audit list; a log line holds the method, the pattern of the path, the
// status and the duration, and nothing about persons.
package api

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"rekey/assets"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/api/stub"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/office"
	"rekey/cmd/rekey-central/registry"
)

// Config is what the handlers work with.
type Config struct {
	Office    *office.Office
	Registry  *registry.Registry
	Accounts  *accounts.Book // who asks, and how often
	Trail     accounts.Trail // who did what
	Data      string         // folder of the office's data, for the overrides in it
	Authority *ca.Authority
	CRL       string // URL of the revocation list in new certificates
	Log       *slog.Logger
	Page      http.Handler    // the officer's pages, at /officer/; nil: none
	Stopping  <-chan struct{} // closed when the server stops: waiting requests are answered
}

type server struct {
	Config
	facts      facts
	figures    *figures
	complaints complaints
	crl        revocationList
}

var _ stub.ServerInterface = (*server)(nil)

// New makes the handler of the whole API. It fails when the contract does not say who may use an operation, or an embedded fact
// cannot be read.
func New(c Config) (http.Handler, error) {
	operations, err := readContract(assets.Files, contractFile)
	if err != nil {
		return nil, err
	}
	s := &server{Config: c, figures: newFigures(c.Registry)}
	if s.facts, err = readFacts(assets.Files); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	routes := &router{server: s, mux: mux, operations: operations}
	stub.HandlerWithOptions(s, stub.StdHTTPServerOptions{BaseRouter: routes, ErrorHandlerFunc: func(w http.ResponseWriter, r *http.Request, err error) {
		s.fail(w, r, problem(http.StatusBadRequest, "%v", err))
	}})
	if routes.err != nil {
		return nil, routes.err
	}
	for path, methods := range routes.served {
		slices.Sort(methods)
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
	return s.logged(mux), nil
}

// router puts the guard of its operation before every handler of the stub.
type router struct {
	*server
	mux        *http.ServeMux
	operations map[string]operation
	served     map[string][]string // path → methods
	err        error
}

// HandleFunc takes a pattern such as "GET /v1/cases".
func (r *router) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	op, known := r.operations[pattern]
	if !known {
		r.err = fmt.Errorf("%s is served and not in the contract; make the stub again", pattern)
		return
	}
	r.mux.Handle(pattern, r.guard(op, h))
	if r.served == nil {
		r.served = map[string][]string{}
	}
	method, path, _ := strings.Cut(pattern, " ")
	r.served[path] = append(r.served[path], method)
}

// ServeHTTP is part of what the stub takes for a router.
func (r *router) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.mux.ServeHTTP(w, req) }

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
