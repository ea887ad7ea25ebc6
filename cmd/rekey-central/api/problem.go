package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"rekey/app/central"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/office"
)

// problemError is an answer that says no.
type problemError struct{ central.Problem }

func (e *problemError) Error() string { return e.Detail }

func problem(status int, detail string, args ...any) *problemError {
	return &problemError{central.Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(detail, args...),
	}}
}

// statuses of the office's errors whose own text may be told.
var statuses = map[office.Kind]int{
	office.KindInvalid:   http.StatusUnprocessableEntity,
	office.KindMissing:   http.StatusUnprocessableEntity,
	office.KindHash:      http.StatusUnprocessableEntity,
	office.KindKeyReused: http.StatusUnprocessableEntity,
	office.KindNotFound:  http.StatusNotFound,
	office.KindConflict:  http.StatusConflict,
	office.KindStale:     http.StatusConflict,
	office.KindTooLarge:  http.StatusRequestEntityTooLarge,
	office.KindCursor:    http.StatusGone,
}

// fail answers an error. What is our fault is logged by its innermost cause, without
// file names, and told to the caller without details.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := s.explain(err)
	if p.Status >= 500 {
		s.Log.Error("failed", "method", r.Method, "path", r.Pattern, "status", p.Status, "cause", cause(err))
	}
	write(w, p)
}

func (s *server) explain(err error) *problemError {
	var p *problemError
	var big *http.MaxBytesError
	var missing *office.MissingError
	var ours *office.Error
	kind := office.KindOf(err)
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &big):
		return problem(http.StatusRequestEntityTooLarge, "the body has more than %d bytes", big.Limit)
	case errors.As(err, &missing):
		p = problem(http.StatusUnprocessableEntity, "%s; send them with PUT /v1/documents/{sha256}, then this again", missing)
		p.Missing = missing.SHA256
		return p
	case ca.KindOf(err) == ca.KindRequest:
		return problem(http.StatusUnprocessableEntity, "%v", err)
	case kind == office.KindBody:
		return problem(http.StatusBadRequest, "the body broke off")
	case kind == office.KindFull:
		return problem(http.StatusInsufficientStorage, "the office's disk is full; try again later")
	case statuses[kind] != 0 && errors.As(err, &ours):
		return problem(statuses[kind], "%v", ours.Err)
	}
	return problem(http.StatusInternalServerError, "the office's server failed; try again later")
}

// cause is the innermost error; errors of files lose their paths.
func cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Op + ": " + path.Err.Error()
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

func write(w http.ResponseWriter, p *problemError) {
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="rekey central API"`)
	}
	send(w, p.Status, central.MediaProblem, p.Problem)
}

// answer sends a value as JSON.
func answer(w http.ResponseWriter, status int, value any) error {
	send(w, status, "application/json", value)
	return nil
}

func send(w http.ResponseWriter, status int, media string, value any) {
	data, err := json.Marshal(value)
	if err != nil { // cannot be: the wire types hold texts, numbers and times
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n')) // a caller that has gone needs no answer
}
