package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/office"
)

// visit is what is known about one request while it is answered.
type visit struct {
	caller office.Caller
	about  string // ID of what it is about, for the audit list
}

type visitKey struct{}

func visitOf(r *http.Request) *visit { return r.Context().Value(visitKey{}).(*visit) }

// caller is who asks; the zero one where anybody may.
func caller(r *http.Request) office.Caller { return visitOf(r).caller }

// guard lets those in that the contract lets in, with parameters as the contract wants them, and writes down what was done.
func (s *server) guard(op operation, h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun, v := time.Now(), &visit{}
		r = r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		secure(w.Header())
		err := s.admit(op, r, v)
		if err == nil {
			err = op.check(r)
		}
		if err != nil {
			s.fail(seen, r, err)
		} else {
			h(seen, r)
		}
		s.figures.request(op.id, seen.status, time.Since(begun))
		if op.changes && v.caller.Account != "" {
			s.note(r, op, v, seen.status)
		}
	})
}

// secure sets what keeps browsers from making something else of an answer.
func secure(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
}

func (s *server) admit(op operation, r *http.Request, v *visit) (err error) {
	if op.roles == nil {
		return nil
	}
	if v.caller, err = s.Accounts.Admit(r); err != nil {
		v.caller = office.Caller{}
		return err
	}
	if !slices.Contains(op.roles, v.caller.Role) {
		return problem(http.StatusForbidden, "this is not for the role %s, only for: %s", v.caller.Role, strings.Join(op.roles, ", "))
	}
	if op.proved && !accounts.Proved(r) {
		return problem(http.StatusForbidden, "this wants a client certificate in the TLS handshake; a key is not enough")
	}
	return nil
}

// check looks at the parameters of the address and of the header. Unknown ones of the address, and repeated ones, are refused.
func (op operation) check(r *http.Request) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return problem(http.StatusBadRequest, "the parameters of the address cannot be read")
	}
	var known []string
	for _, p := range op.parameters {
		values := r.Header.Values(p.Name)
		if p.In == "query" {
			known = append(known, p.Name)
			values = query[p.Name]
			delete(query, p.Name)
		}
		switch {
		case len(values) == 0 && p.Required:
			return problem(http.StatusBadRequest, "%s: is missing", p.Name)
		case len(values) > 1:
			return problem(http.StatusBadRequest, "%s: give it once", p.Name)
		case len(values) == 1:
			if err := p.Schema.check(values[0]); err != nil {
				return problem(http.StatusBadRequest, "%s: %v", p.Name, err)
			}
		}
	}
	if len(query) > 0 {
		return problem(http.StatusBadRequest, "only these parameters are known here: %v", known)
	}
	return nil
}

// note puts a changing operation into the audit list, also when the caller has gone by now.
func (s *server) note(r *http.Request, op operation, v *visit, status int) {
	about := v.about
	for _, name := range []string{"id", "sha256", "fingerprint", "holder"} {
		if about == "" {
			about = r.PathValue(name)
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), auditTime)
	defer cancel()
	if err := s.Trail.Record(ctx, v.caller, op.id, about, status); err != nil {
		s.Log.Error("audit entry lost", "operation", op.id, "status", status, "cause", cause(err))
	}
}

const auditTime = 10 * time.Second
